import { useDidShow } from '@tarojs/taro';
import type { StructuredDocument } from '@yingyun/shared/contract/film-document';
import type { ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';
import { useEffect, useState } from 'react';
import { askFrames } from '../../../platform/ask-frames';
import { say } from '../../../platform/ask-yes';
import { forgetPdf, openPdf } from '../../../platform/open-pdf';
import { taroSend } from '../../../platform/send';
import type { FilmAccess } from '../film-access';
import { text } from './text-zh';

/** Opens the documents of a film: words on the page, a PDF in the platform's reader. `turn` changes with what is read on the page. */
export function useDocuments(access: FilmAccess) {
  const [document, setDocument] = useState<StructuredDocument | null>(null);
  const [opening, setOpening] = useState('');
  const [turn, setTurn] = useState(0);
  // A PDF's file goes when its reader has been left.
  useDidShow(forgetPdf);
  useEffect(() => forgetPdf, []);

  const turnTo = (next: StructuredDocument | null): void => {
    setDocument(next);
    setTurn((now) => now + 1);
  };
  const read = async (object: ObjectWithoutImage): Promise<boolean> => {
    const token = await access.token();
    if (typeof token !== 'string') return false;
    const path = access.documentPath(object.sopInstanceUid);
    if (object.kind === 'pdf') {
      const parts: Uint8Array[] = [];
      const { status } = await askFrames(path, token, (bytes) => parts.push(bytes)).done;
      return status === 200 && (await openPdf(joined(parts), object.title || text.kind.pdf)) === 'opened';
    }
    const { status, body } = await taroSend({ method: 'GET', path, token });
    if (status !== 200) return false;
    turnTo(body as StructuredDocument); // the route's answer, in the server's one form
    return true;
  };
  const open = async (object: ObjectWithoutImage): Promise<void> => {
    if (opening !== '') return;
    setOpening(object.sopInstanceUid);
    const isOpen = await read(object).catch(() => false);
    setOpening('');
    if (!isOpen) say(text.failed);
  };
  return { document, turn, opening, open, close: () => turnTo(null) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
