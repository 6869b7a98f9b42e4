// The SCF Web function: API and web surfaces, no gateway (a PACS talks to the hospital's box). Ports as in index.js.
const path = require('node:path');
const { readSettings } = require('../dist/config/settings');
const { startHttp } = require('../dist/http/start-http');

(async () => {
  const settings = readSettings(process.env);
  const ports = await require('./ports').createPorts();
  await startHttp({ ports, settings, h5Folder: path.resolve(__dirname, '../../h5/dist'), isBehindGateway: true });
})().catch((cause) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
});
