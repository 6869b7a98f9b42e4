import { useEffect, useId, useRef } from 'react';

interface ConfirmDialogProps {
  readonly title: string;
  readonly words: string;
  readonly yes: string;
  readonly no: string;
  readonly isBusy: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Asks before something that can't be taken back. The safe answer has the focus; Escape means it. */
export function ConfirmDialog({ title, words, yes, no, isBusy, onYes, onNo }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={`${id}t`} aria-describedby={`${id}w`} onCancel={onNo}>
      <h2 id={`${id}t`}>{title}</h2>
      <p id={`${id}w`}>{words}</p>
      <div className="buttons">
        <button className="button button-quiet" type="button" onClick={onNo} autoFocus>
          {no}
        </button>
        <button className="button button-danger" type="button" disabled={isBusy} aria-busy={isBusy} onClick={onYes}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}
