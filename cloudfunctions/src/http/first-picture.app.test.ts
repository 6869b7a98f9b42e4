import type { CreatedShare, OpenedShare } from '@yingyun/shared/contract/routes';
import { defaultLimits } from '@yingyun/shared/dicom/limits';
import { decodeFrame } from '@yingyun/shared/imaging/decode-frame';
import { bytesUpTo, frameAttributes } from '@yingyun/shared/imaging/frame-attributes';
import { plainPicture } from '@yingyun/shared/imaging/plain-picture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transcodeInstance } from '../pipeline/transcode/transcode-instance';
import { corpusBytes, corpusFiles, parsed, solved, testData, textOf } from '../testing/corpus';
import { seedFilm } from '../testing/seed-film';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';
import { workerCodecs } from '../testing/worker-codecs';

const codecs = workerCodecs();

describe.skipIf(!testData)('the picture that comes with an opened share', () => {
  let app: TestApp;
  let staffToken: string;
  beforeAll(async () => {
    app = await startTestApp({});
    await seedFilm(app.ports, { hospitalId: 'north', slices: 1 }); // makes the hospital
    staffToken = (await createSignedInStaff(app, 'north')).accessToken;
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  async function opened(prefix: string) {
    const part10 = parsed(corpusBytes(corpusFiles(new RegExp(`^${prefix}`))[0] ?? prefix));
    const { bytes, view } = solved(await transcodeInstance(part10, codecs, textOf(part10), defaultLimits));
    const [frame] = view.frames;
    if (frame === undefined) throw new Error('no frame');
    const { offset, bands } = frame;
    const attributes = frameAttributes({ common: view.common }, frame.differs ?? {});
    const stored = { encoded: bytes.slice(offset, offset + (bands.at(-1) ?? 0)), bands, attributes };
    const film = await seedFilm(app.ports, { hospitalId: 'north', slices: 3, reportStatus: 'approved', stored });
    const made = await app.ask(`/api/films/${film.filmId}/shares`, { token: staffToken, json: { purpose: 'patient' } });
    const { url, passcode } = made.json<CreatedShare>();
    const json = { token: url.slice(url.lastIndexOf('/') + 1), passcode };
    const { firstPicture } = (await app.ask('/api/shares/open', { json })).json<OpenedShare>();
    return { firstPicture, film, stored };
  }

  // The second implementation is the viewer's own way: OpenJPH in WebAssembly on the leading bytes of the code stream.
  it('is the slice a viewer opens with as its decoder would show it, an eighth of the size', async () => {
    const { firstPicture, film, stored } = await opened(
      'dicom/transfer-syntaxes/ct-one-image-16-syntaxes/CTImage.dcm_JPEGLSLossless',
    );
    expect(firstPicture).toMatchObject({ seriesInstanceUid: film.seriesInstanceUid, frame: 1, reduce: 3 });
    const samples = new Uint8Array(Buffer.from(firstPicture?.base64 ?? '', 'base64'));
    const decoders = { openJph: () => codecs.openJph(), jpeg: () => Promise.reject(new Error('no browser here')) };
    const coarse = stored.encoded.subarray(0, bytesUpTo(stored, 3));
    expect(plainPicture(samples, stored.attributes, 3)).toEqual(
      await decodeFrame(decoders, coarse, stored.attributes, 3),
    );
  });

  it('is left out where a slice is not plain grey', async () => {
    expect((await opened('dicom/us/rgb-cine-8f')).firstPicture).toBeNull();
  });
});
