import type { ApiFailure } from '@yingyun/shared/contract/api-client';

/** What a person reads when the server or the line refuses. */
export function failureWords(failure: ApiFailure): string {
  if (failure.code === 'offline') return '网络不通，请检查网络后再试';
  const wait = failure.retryAfterSeconds;
  if (failure.status === 429 && wait !== undefined) return `操作太频繁，请 ${waitWords(wait)}后再试`;
  return failure.message === '' ? '系统繁忙，请稍后再试' : failure.message;
}

/** "45 秒", "2 分钟", "1 小时", rounded up. */
export function waitWords(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} 秒`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} 分钟`;
  return `${Math.ceil(seconds / 3600)} 小时`;
}
