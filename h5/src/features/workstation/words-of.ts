import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import { wordsOf as staffWordsOf } from '../../staff/staff-session';
import { text } from './text-zh';

/** A failure in a doctor's words. */
export function wordsOf(failure: ApiFailure | undefined): string {
  if (failure === undefined) return text.failed;
  if (failure.code === 'forbidden') return text.forbidden;
  return failure.code === 'not-found' ? text.examGone : staffWordsOf(failure);
}
