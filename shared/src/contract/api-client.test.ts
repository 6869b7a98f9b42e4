import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type ApiRequest, createApiClient, endpointOf } from './api-client';
import { routes } from './routes';

function clientAnswering(status: number, body: unknown) {
  const asked: ApiRequest[] = [];
  const client = createApiClient(async (request) => {
    asked.push(request);
    return { status, body };
  });
  return { client, asked };
}

describe('the API client', () => {
  it('asks each route of the contract by its own method and path', () => {
    for (const [name, route] of Object.entries(routes)) {
      const { method, path } = endpointOf(name as keyof typeof routes, {
        filmId: ':filmId',
        shareId: ':shareId',
        linkId: ':linkId',
        sopInstanceUid: ':sopInstanceUid',
        group: ':group',
        seriesInstanceUid: ':seriesInstanceUid',
      }); // keys of `routes`
      expect(`${method} ${decodeURIComponent(path)}`).toBe(`${route.method} ${route.path}`);
    }
  });

  it('fills parameters and query in, percent-encoded, and leaves undefined values out', () => {
    expect(endpointOf('sharedFrames', {}, { series: '1 2&reduce=9', cursor: undefined, reduce: 3 }).path).toBe(
      '/api/share/frames?series=1%202%26reduce%3D9&reduce=3',
    );
    expect(endpointOf('film', { filmId: '../shares' }).path).toBe('/api/films/..%2Fshares');
  });

  it('sends a body that the contract accepts, and the token beside the request, never inside the path', async () => {
    const { client, asked } = clientAnswering(200, {});
    await client.call('createShare', {
      params: { filmId: '0f8fad5b-d9cb-469f-a165-70867728950e' },
      body: { purpose: 'patient', expiresInHours: 24 },
      token: 'secret-token',
    });
    expect(v.parse(routes.createShare.body, asked[0]?.body)).toEqual({
      purpose: 'patient',
      expiresInHours: 24,
      maxViews: 20,
    });
    expect(asked[0]?.token).toBe('secret-token');
    expect(asked[0]?.path).not.toContain('secret-token');
  });

  it('gives a refusal as a value with the code and words of the server', async () => {
    const { client } = clientAnswering(404, { code: 'share-unavailable', message: '此链接不可用', requestId: 'r1' });
    expect(await client.call('openShare', { body: { token: 't', passcode: 'p' } })).toEqual({
      ok: false,
      status: 404,
      code: 'share-unavailable',
      message: '此链接不可用',
      retryAfterSeconds: undefined,
    });
  });

  it('calls an answer that is no problem body "unexpected", and no answer "offline"', async () => {
    const gateway = await clientAnswering(502, null).client.call('sharedFilm', { token: 't' });
    expect(gateway).toMatchObject({ ok: false, status: 502, code: 'unexpected' });
    const cut = createApiClient(() => Promise.reject(new TypeError('failed to fetch')));
    expect(await cut.call('sharedFilm', { token: 't' })).toMatchObject({ ok: false, status: 0, code: 'offline' });
  });
});
