// A phone's line, as a loopback TCP proxy: everything the browser does goes through it, workers included, and TLS stays end to end.
import net from 'node:net';

/** Ten segments of 1460 bytes, what a Linux server sends before the first acknowledgement (RFC 6928). */
const initialWindowBytes = 14_600;
const chunkBytes = 1460 * 4;

/**
 * Listens on a free port and forwards to `port` on this machine: `bytesPerSecond` shared by all connections of a direction, half of `rttMs`
 * each way, one RTT to connect, and TCP's slow start (a connection's window grows by what was acknowledged). No loss.
 */
export async function startSlowLine({ port, bytesPerSecond, rttMs }) {
  const received = { bytes: 0 };
  const down = sharedLink(bytesPerSecond);
  const up = sharedLink(bytesPerSecond);
  const sockets = new Set();
  const server = net.createServer({ pauseOnConnect: true, noDelay: true }, (phone) => {
    const host = net.connect({ host: '127.0.0.1', port, noDelay: true });
    for (const socket of [phone, host]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {
        phone.destroy();
        host.destroy();
      });
    }
    // The handshake of TCP itself: on loopback it took no time.
    setTimeout(() => {
      carry(phone, host, up, rttMs / 2, () => {});
      carry(host, phone, down, rttMs / 2, (length) => (received.bytes += length));
    }, rttMs);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: server.address().port,
    /** Bytes that have reached the phone, TLS and HTTP heads included. */
    receivedBytes: () => received.bytes,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One direction of the line: says when a chunk that is sent now has left it. */
function sharedLink(bytesPerSecond) {
  let freeAt = 0;
  return (length) => {
    freeAt = Math.max(freeAt, performance.now()) + (length / bytesPerSecond) * 1000;
    return freeAt;
  };
}

function carry(from, to, link, delayMs, onArrival) {
  const waiting = [];
  const underWay = inOrder();
  const acknowledgements = inOrder();
  let window = initialWindowBytes;
  let inFlight = 0;
  let hasEnded = false;
  let isSent = false;
  const send = () => {
    while (waiting.length > 0 && inFlight < window) {
      const chunk = waiting.shift();
      inFlight += chunk.length;
      underWay(link(chunk.length) + delayMs, () => {
        onArrival(chunk.length);
        to.write(chunk);
        acknowledgements(performance.now() + delayMs, () => {
          inFlight -= chunk.length;
          window += chunk.length;
          send();
        });
      });
    }
    if (waiting.length > 64) from.pause();
    else if (from.isPaused()) from.resume();
    if (hasEnded && !isSent && waiting.length === 0) {
      isSent = true;
      underWay(link(0) + delayMs, () => to.end());
    }
  };
  from.on('data', (bytes) => {
    for (let i = 0; i < bytes.length; i += chunkBytes) waiting.push(bytes.subarray(i, i + chunkBytes));
    send();
  });
  from.on('end', () => {
    hasEnded = true;
    send();
  });
  from.resume();
}

/** Runs each act at its time and none before an earlier one: timers of different lengths may overtake each other within a millisecond. */
function inOrder() {
  const acts = [];
  let isWaiting = false;
  const wait = () => {
    if (isWaiting || acts.length === 0) return;
    isWaiting = true;
    setTimeout(
      () => {
        isWaiting = false;
        while (acts.length > 0 && acts[0].timeMs <= performance.now() + 0.5) acts.shift().run();
        wait();
      },
      Math.max(0, acts[0].timeMs - performance.now()),
    );
  };
  return (timeMs, run) => {
    acts.push({ timeMs, run });
    wait();
  };
}
