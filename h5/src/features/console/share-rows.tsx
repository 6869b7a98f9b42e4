import type { ShareItem } from '@yingyun/shared/contract/routes';
import { useState } from 'react';
import { formatInstant, formatRemaining } from '../../lib/format-time';
import { type StaffApi, wordsOf } from '../../staff/staff-session';
import { ConfirmDialog } from './confirm-dialog';
import { text } from './text-zh';

interface ShareRowsProps {
  readonly api: StaffApi;
  readonly shares: readonly ShareItem[];
  readonly onRevoked: () => Promise<void>;
}

/** A film's shares with how far each is used up; a live one can be revoked, after asking. */
export function ShareRows({ api, shares, onRevoked }: ShareRowsProps) {
  const [asking, setAsking] = useState<ShareItem>();
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState({ words: '', isError: false });

  const revoke = async (share: ShareItem) => {
    setBusy(true);
    const result = await api.call('revokeShare', { params: { shareId: share.shareId } });
    if (result.ok) await onRevoked();
    setBusy(false);
    setAsking(undefined);
    setSaid(result.ok ? { words: text.revoked, isError: false } : { words: wordsOf(result), isError: true });
  };

  return (
    <>
      <p className={said.isError ? 'error' : 'copied'} role="status">
        {said.words}
      </p>
      {shares.length === 0 ? (
        <p className="soft">{text.noShares}</p>
      ) : (
        <ul className="share-rows">
          {shares.map((share) => (
            <li key={share.shareId}>
              <ShareRow share={share} onRevoke={() => setAsking(share)} />
            </li>
          ))}
        </ul>
      )}
      {asking !== undefined && (
        <ConfirmDialog
          title={text.revokeTitle}
          words={text.revokeText}
          yes={text.revokeYes}
          no={text.revokeNo}
          isBusy={isBusy}
          onYes={() => void revoke(asking)}
          onNo={() => setAsking(undefined)}
        />
      )}
    </>
  );
}

function ShareRow({ share, onRevoke }: { readonly share: ShareItem; readonly onRevoke: () => void }) {
  const isLive = share.state === 'active' || share.state === 'locked';
  return (
    <div className="share-row">
      <div>
        <p className="share-row-head">
          <strong>{text.purposes[share.purpose]}</strong>
          <span className="chip" data-state={share.state}>
            {text.shareState[share.state]}
          </span>
        </p>
        <p className="soft">
          {text.views(share.views, share.maxViews)} ·{' '}
          {isLive
            ? text.expiresIn(formatRemaining(share.expiresAt, new Date()))
            : text.expiredAt(formatInstant(share.expiresAt))}
        </p>
        <p className="soft">
          {text.createdBy[share.createdBy]} · {text.createdAt(formatInstant(share.createdAt))}
        </p>
      </div>
      {isLive && (
        <button className="button button-quiet button-small" type="button" onClick={onRevoke}>
          {text.revoke}
        </button>
      )}
    </div>
  );
}
