import type { Context } from '@midwayjs/koa';
import { isProblem, type Problem } from '@yingyun/shared/domain/problem';
import type { OpenedDocument } from '../service/film-document';
import { answerCompressed, answerProblem } from './answer';

/** A PDF may hold scripts and links: whoever opens it by itself gets it in a sandbox without either. `nosniff` is on every answer. */
const pdfPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** The words as JSON, or the PDF as it is. */
export async function answerDocument(ctx: Context, opened: OpenedDocument | Problem): Promise<void> {
  if (isProblem(opened)) return answerProblem(ctx, opened);
  if (opened.kind === 'structured') return answerCompressed(ctx, opened.document);
  answerBytes(ctx, opened.bytes, 'application/pdf');
  ctx.set('Content-Disposition', 'inline; filename="document.pdf"');
  ctx.set('Content-Security-Policy', pdfPolicy);
}

export function answerBytes(ctx: Context, bytes: Uint8Array | Problem, mediaType: string): void {
  if (isProblem(bytes)) return answerProblem(ctx, bytes);
  ctx.status = 200;
  ctx.type = mediaType;
  ctx.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
