import type { CreatedShare, FilmListItem } from '@yingyun/shared/contract/routes';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { copyText } from '../../lib/copy-text';
import { formatExamAt, formatInstant } from '../../lib/format-time';
import { groupPasscode } from '../../lib/passcode';
import { text } from './text-zh';

interface CreatedShareProps {
  readonly share: CreatedShare;
  readonly film: FilmListItem | undefined;
  readonly onDone: () => void;
}

/** Link, QR code and passcode of a share just made. The passcode is shown here once; the server can't show it again. */
export function CreatedShareCard({ share, film, onDone }: CreatedShareProps) {
  const [copied, setCopied] = useState('');
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const copy = async (what: string, name: string) => {
    setCopied((await copyText(what)) ? `${name}${text.copied}` : text.copyFailed);
  };
  // As an image, the SVG can neither run scripts nor load anything, whatever it holds.
  const qr = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(share.qrSvg)}`;

  return (
    <div className="created">
      <h4 ref={title} tabIndex={-1}>
        {text.created}
      </h4>
      <div className="created-cards">
        <div className="created-link">
          <img className="qr" src={qr} alt={text.slipScan} width={168} height={168} />
          <a className="link" href={share.url} target="_blank" rel="noreferrer noopener">
            {share.url}
          </a>
          <button className="button button-quiet" type="button" onClick={() => void copy(share.url, text.link)}>
            {text.copyLink}
          </button>
        </div>
        <div className="created-code">
          <span className="soft">{text.passcode}</span>
          <output className="code">{groupPasscode(share.passcode)}</output>
          <button
            className="button button-quiet"
            type="button"
            onClick={() => void copy(share.passcode, text.passcode)}
          >
            {text.copyPasscode}
          </button>
        </div>
      </div>
      <p className="notice">
        {text.createdHint}
        {text.separately}
      </p>
      <p className="copied" role="status">
        {copied}
      </p>
      <div className="buttons">
        <button className="button" type="button" onClick={() => window.print()}>
          {text.printSlip}
        </button>
        <button className="button button-quiet" type="button" onClick={onDone}>
          {text.done}
        </button>
      </div>
      {createPortal(<Slip share={share} film={film} qr={qr} />, document.body)}
    </div>
  );
}

/** The slip to hand over, on paper only: QR code above the cut, passcode below it. */
function Slip({
  share,
  film,
  qr,
}: {
  readonly share: CreatedShare;
  readonly film: FilmListItem | undefined;
  readonly qr: string;
}) {
  return (
    <div className="slip" aria-hidden="true">
      <h1>{text.slipTitle}</h1>
      {film !== undefined && (
        <p>
          {film.patientNameMasked}　{film.examItem}　{formatExamAt(film.examAt)}
        </p>
      )}
      <img src={qr} alt="" />
      <p>{text.slipScan}</p>
      <p className="slip-small">
        {text.slipValid(formatInstant(share.expiresAt))}，{text.slipViews(share.maxViews)}
      </p>
      <p className="slip-small">{share.url}</p>
      <p className="slip-cut">✂ {text.slipCut}</p>
      <p className="slip-code">
        {text.passcode} <strong>{groupPasscode(share.passcode)}</strong>
      </p>
    </div>
  );
}
