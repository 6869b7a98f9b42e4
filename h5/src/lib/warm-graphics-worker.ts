const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
gl?.getExtension('WEBGL_lose_context')?.loseContext();
postMessage('warm');
