// Starts the mini-program in this page. Tests talk to it through `window.__wxHost`.
import { createHost } from './host.mjs';

const program = await (await fetch('/host/program.json')).json();
const host = createHost(program, document.getElementById('screen'));
window.__wxHost = host.door;
await host.launch();
window.__wxHost.isReady = true;
