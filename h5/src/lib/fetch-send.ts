import type { ApiRequest, Send } from '@yingyun/shared/contract/api-client';

const timeoutMs = 20_000;

/** `Send` over the browser's fetch: same origin, nothing cached, 20 s until it counts as no answer. */
export const fetchSend: Send = async (request) => {
  // AbortSignal.timeout is younger than some WebViews we meet.
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(), timeoutMs);
  try {
    const response = await fetch(request.path, { ...fetchOptions(request), signal: tooLate.signal });
    const body: unknown = await response.json().catch(() => null);
    return { status: response.status, body };
  } finally {
    clearTimeout(timer);
  }
};

/**
 * What every request of ours to the API has in common. The token travels in the Authorization header only; the server knows no cookies.
 * Still not `credentials: 'omit'`: browsers open connections of their own for that, and their TLS costs two round trips.
 */
export function fetchOptions(request: ApiRequest): RequestInit {
  return {
    method: request.method,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    headers: {
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  };
}
