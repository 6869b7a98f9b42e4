// The peer of the planes: Cornerstone3D's volume viewports (MIT, from npm) with the same chest CT, handed over as a ready volume.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import dicomParser from 'dicom-parser';
import { chromium } from 'playwright-core';
import { refuse, root } from '../tools/ensure-installed.mjs';

const version = '5.14.0';

/**
 * `panes`: width, height, mmPerPixel of our axial, coronal and sagittal planes; theirs are as large and as near. Answers medians of twenty
 * frames, all three planes drawn and read back.
 */
export async function benchCornerstone({ folder, panes, flags }) {
  const script = await bundledPeer();
  const volume = readVolume(folder);
  const files = {
    '/': [
      'text/html',
      '<!doctype html><meta charset="utf-8"><body style="margin:0;background:#000"><script src="/peer.js"></script>',
    ],
    '/peer.js': ['text/javascript', script],
    '/volume.raw': ['application/octet-stream', volume.samples],
  };
  const server = http.createServer((request, response) => {
    const [type, body] = files[request.url] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const { samples: _, ...meta } = volume;
    const times = await page.evaluate((input) => window.peerFrames(input), { panes, meta });
    return { name: `Cornerstone3D ${version}`, ...times };
  } finally {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** The package from the npm registry once, then from the cache folder; bundled with the Vite that builds our own pages. */
async function bundledPeer() {
  const kept = path.join(root, '.cache', `cornerstone3d-${version}`);
  if (!existsSync(kept)) {
    mkdirSync(path.dirname(kept), { recursive: true });
    const folder = mkdtempSync(path.join(path.dirname(kept), 'cornerstone3d-'));
    writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@cornerstonejs/core@${version}`];
    if (spawnSync('npm', args, { cwd: folder, stdio: 'ignore' }).status !== 0)
      refuse(`无法取得 @cornerstonejs/core ${version}。`);
    renameSync(folder, kept);
  }
  const entry = path.join(kept, 'entry.mjs');
  writeFileSync(entry, entrySource);
  const fromH5 = createRequire(path.join(root, 'h5/package.json'));
  const { build } = await import(pathToFileURL(fromH5.resolve('vite')).href);
  const result = await build({
    configFile: false,
    root: kept,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'peer' } },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [first] = Array.isArray(result) ? result : [result];
  return first.output[0].code;
}

function readVolume(folder) {
  const slices = readdirSync(folder)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => {
      const data = dicomParser.parseDicom(readFileSync(path.join(folder, name)));
      const numbers = (tag) => data.string(tag).split('\\').map(Number);
      const { dataOffset, length } = data.elements.x7fe00010;
      return {
        data,
        numbers,
        position: numbers('x00200032'),
        pixels: data.byteArray.subarray(dataOffset, dataOffset + length),
      };
    })
    .sort((one, other) => one.position[2] - other.position[2]);
  const [first, second] = slices;
  const spacing = first.numbers('x00280030');
  const intercept = first.numbers('x00281052')[0];
  // Stored unsigned; Cornerstone3D wants modality values.
  const sliceLength = first.pixels.length / 2;
  const samples = new Int16Array(sliceLength * slices.length);
  slices.forEach(({ pixels }, k) => {
    const stored = new Uint16Array(Uint8Array.from(pixels).buffer);
    for (let i = 0; i < stored.length; i++) samples[k * sliceLength + i] = stored[i] + intercept;
  });
  return {
    samples: Buffer.from(samples.buffer),
    dimensions: [first.data.uint16('x00280011'), first.data.uint16('x00280010'), slices.length],
    spacing: [spacing[1], spacing[0], second.position[2] - first.position[2]],
    origin: first.position,
  };
}

/** Runs in the page. Written out here, since its imports live in the cache folder. */
const entrySource = `
import { cache, Enums, imageLoader, init, RenderingEngine, setVolumesForViewports, volumeLoader } from '@cornerstonejs/core';

window.peerFrames = async ({ panes, meta }) => {
  await init();
  imageLoader.registerImageLoader('local', (imageId) => ({ promise: Promise.resolve(cache.getImage(imageId)) }));
  const scalarData = new Int16Array(await (await fetch('/volume.raw')).arrayBuffer());
  const metadata = {
    BitsAllocated: 16, BitsStored: 16, HighBit: 15, PixelRepresentation: 1, SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2', Modality: 'CT', FrameOfReferenceUID: '1.2.3',
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0], PixelSpacing: [meta.spacing[1], meta.spacing[0]],
    Columns: meta.dimensions[0], Rows: meta.dimensions[1], voiLut: [], VOILUTFunction: 'LINEAR',
  };
  volumeLoader.createLocalVolume('local:ct', { ...meta, metadata, scalarData, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
  const engine = new RenderingEngine('peer');
  const orientations = [Enums.OrientationAxis.AXIAL, Enums.OrientationAxis.CORONAL, Enums.OrientationAxis.SAGITTAL];
  const elements = panes.map(({ width, height }) => {
    const element = document.createElement('div');
    element.style.cssText = 'width:' + width + 'px;height:' + height + 'px;float:left';
    document.body.append(element);
    return element;
  });
  const ids = ['axial', 'coronal', 'sagittal'];
  engine.setViewports(ids.map((viewportId, i) => ({
    viewportId, element: elements[i], type: Enums.ViewportType.ORTHOGRAPHIC,
    defaultOptions: { orientation: orientations[i], background: [0, 0, 0] },
  })));
  const callback = ({ volumeActor }) => volumeActor.getProperty().getRGBTransferFunction(0).setRange(-1450, 550);
  await setVolumesForViewports(engine, [{ volumeId: 'local:ct', callback }], ids);
  const viewports = ids.map((id) => engine.getViewport(id));
  viewports.forEach((viewport, i) => viewport.setCamera({ parallelScale: (panes[i].height * panes[i].mmPerPixel) / 2 }));
  const drawn = () => Promise.all(elements.map((element) => new Promise((done) =>
    element.addEventListener(Enums.Events.IMAGE_RENDERED, done, { once: true }))));
  const read = () => elements.map((element) => {
    const canvas = element.querySelector('canvas');
    return canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[0];
  });
  const step = (viewport) => {
    const { focalPoint, position, viewPlaneNormal } = viewport.getCamera();
    const moved = (point) => point.map((x, i) => x - viewPlaneNormal[i]);
    viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
  };
  const median = async () => {
    const times = [];
    for (let i = 0; i < 20; i++) {
      const all = drawn();
      let started = 0;
      requestAnimationFrame(() => { started = performance.now(); });
      step(viewports[1]);
      engine.renderViewports(ids);
      await all;
      read();
      times.push(performance.now() - started);
      await new Promise((done) => setTimeout(done, 30));
    }
    return times.sort((a, b) => a - b)[10];
  };
  const first = drawn();
  engine.renderViewports(ids);
  await first;
  await median(); // shaders compiled, textures there
  const frameMs = await median();
  // Twenty degrees about the head-foot axis, as our key turns the coronal and the sagittal plane.
  const angle = (20 * Math.PI) / 180;
  const turned = ([x, y, z]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle), z];
  for (const viewport of viewports) {
    const { viewPlaneNormal, viewUp } = viewport.getCamera();
    viewport.setOrientation({ viewPlaneNormal: turned(viewPlaneNormal), viewUp: turned(viewUp) });
  }
  viewports.forEach((viewport, i) => viewport.setCamera({ parallelScale: (panes[i].height * panes[i].mmPerPixel) / 2 }));
  await median();
  return { frameMs, obliqueMs: await median(), levels: read() };
};
`;
