// The peer of the patient's page: OHIF (the MIT-licensed build from npm) in front of Orthanc with its DICOMweb plugin, one HTTPS origin.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startOrthanc } from '../e2e/support/server-process.mjs';
import { refuse, root } from '../tools/ensure-installed.mjs';

const version = '3.13.2';
const dicomWebPlugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/**
 * Starts both. Answers `http` (the port of the HTTPS origin), `folder` (holds tls/certificate.pem, as a Yingyun data folder does),
 * `dicom` (where storescu pushes to), `calledAeTitle`, `studyUrl(studyInstanceUid)` and `stop()`.
 */
export async function startOhif() {
  if (!existsSync(dicomWebPlugin))
    refuse('OHIF 对照需要 orthanc-dicomweb（Debian：apt-get install orthanc-dicomweb）。');
  const dist = ensureOhif();
  const orthanc = await startOrthanc({ compressed: false, plugins: [dicomWebPlugin] });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'yingyun-ohif-'));
  const certificate = makeCertificate(path.join(folder, 'tls'));
  const assets = new Map();
  const server = https.createServer(certificate, (request, response) => {
    const { pathname } = new URL(request.url, 'https://ohif');
    if (pathname.startsWith('/dicom-web')) return passOn(request, response, orthanc.http);
    if (pathname === '/app-config.js') return send(response, assetOf('app-config.js', appConfig()));
    const file = path.join(dist, pathname);
    const isFile = file.startsWith(dist) && existsSync(file) && statSync(file).isFile();
    const served = isFile ? file : path.join(dist, 'index.html'); // a single-page application: every other address is a view of it
    if (!assets.has(served)) assets.set(served, assetOf(served, readFileSync(served)));
    send(response, assets.get(served));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    http: server.address().port,
    folder,
    dicom: orthanc.dicom,
    calledAeTitle: orthanc.calledAeTitle,
    studyUrl: (studyInstanceUid) =>
      `https://127.0.0.1:${server.address().port}/viewer?StudyInstanceUIDs=${studyInstanceUid}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await orthanc.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The package's built files, from the npm registry once, then from the cache folder. */
function ensureOhif() {
  const kept = path.join(root, '.cache', `ohif-${version}`);
  if (!existsSync(kept)) {
    mkdirSync(path.dirname(kept), { recursive: true });
    const folder = mkdtempSync(path.join(path.dirname(kept), 'ohif-'));
    const run = (command, args) => {
      if (spawnSync(command, args, { cwd: folder, stdio: 'ignore' }).status !== 0)
        refuse(`无法取得 @ohif/app ${version}。`);
    };
    run('npm', ['pack', `@ohif/app@${version}`]);
    run('tar', ['xzf', `ohif-app-${version}.tgz`]);
    renameSync(path.join(folder, 'package'), kept);
    rmSync(folder, { recursive: true, force: true });
  }
  return path.join(kept, 'dist');
}

/** What OHIF's own documentation gives for a DICOMweb server behind the same origin; frames are asked for one by one, as it does by default. */
function appConfig() {
  return `window.config = ${JSON.stringify({
    routerBasename: null,
    extensions: [],
    modes: [],
    customizationService: {},
    showStudyList: false,
    maxNumberOfWebWorkers: 3,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    defaultDataSourceName: 'orthanc',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'orthanc',
        configuration: {
          friendlyName: 'Orthanc',
          name: 'Orthanc',
          qidoRoot: '/dicom-web',
          wadoRoot: '/dicom-web',
          imageRendering: 'wadors',
          thumbnailRendering: 'wadors',
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: false,
          supportsWildcard: true,
          omitQuotationForMultipartRequest: true,
        },
      },
    ],
  })};`;
}

const mediaTypes = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

function assetOf(name, bytes) {
  const type = mediaTypes[path.extname(name)] ?? 'application/octet-stream';
  const isText = /javascript|text|json|svg|wasm/.test(type);
  return { type, body: isText ? gzipSync(bytes) : Buffer.from(bytes), encoding: isText ? 'gzip' : undefined };
}

function send(response, { type, body, encoding }) {
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'max-age=3600',
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  });
  response.end(body);
}

function passOn(request, response, port) {
  const onward = http.request(
    { host: '127.0.0.1', port, path: request.url, method: request.method, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

function makeCertificate(folder) {
  mkdirSync(folder);
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
  ]);
  if (made.status !== 0) refuse('openssl 无法生成对照用证书。');
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
