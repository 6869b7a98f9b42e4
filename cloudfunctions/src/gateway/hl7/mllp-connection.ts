import type * as net from 'node:net';
import { buildAcknowledgement } from './acknowledgement';
import type { TextEncoderTo } from './gb18030-encoder';
import { frameMllp, type MllpEvent, MllpReader } from './mllp-framing';
import type { MllpServerLimits } from './mllp-limits';
import { type MessageReceiver, receiveMessage } from './receive-message';
import { type Refusal, refusal } from './refusal';

export interface MllpConnectionContext {
  readonly receiver: MessageReceiver;
  readonly limits: MllpServerLimits;
  readonly encodeGb18030: TextEncoderTo;
  readonly nextControlId: () => string;
  /** Tells how many bytes more (or fewer) this connection holds; answers whether all connections together hold too many. */
  readonly hold: (difference: number) => boolean;
}

export interface MllpConnection {
  /** Resolves when the socket is closed. */
  readonly done: Promise<void>;
  /** Ends the connection after the message that is being stored, if any. */
  close(): void;
}

/**
 * Serves one peer: message after message, each answered before the next is looked at. The socket is read only when the last chunk is
 * dealt with, so a fast sender feels back-pressure.
 */
export function serveMllpConnection(socket: net.Socket, context: MllpConnectionContext): MllpConnection {
  const { limits, receiver } = context;
  const { log } = receiver.ports;
  const reader = new MllpReader(limits);
  let timer: NodeJS.Timeout | undefined;
  let isBusy = false;
  let isClosing = false;

  const watch = (milliseconds: number, reason: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      log.warn('hl7-connection-timed-out', { reason });
      socket.destroy();
    }, milliseconds);
  };
  const send = (bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      watch(limits.idleMs, 'acknowledgement not read');
      socket.write(bytes, (fault) => (fault ? reject(fault) : resolve()));
    });
  const answer = (question: Uint8Array, refused: Refusal | undefined) =>
    send(
      frameMllp(
        buildAcknowledgement(question, refused, {
          controlId: context.nextControlId(),
          now: receiver.ports.clock.now(),
          encodeGb18030: context.encodeGb18030,
        }),
      ),
    );
  /** False where nothing more may be read. */
  const handle = async (event: MllpEvent): Promise<boolean> => {
    switch (event.event) {
      case 'message':
        await answer(event.bytes, await receiveMessage(receiver, event.bytes));
        return !isClosing;
      case 'oversized':
        log.warn('hl7-refused', { answer: 'AE', error: 104, problem: 'payload-too-large' });
        await answer(
          event.head,
          refusal('AE', 104, '', 'payload-too-large', `more than ${limits.maxMessageBytes} bytes`),
        );
        return true;
      case 'unframed':
        log.warn('hl7-unframed-bytes');
        await answer(new Uint8Array(0), refusal('AE', 100, '', 'hl7-malformed', 'bytes outside an MLLP block'));
        return false;
      case 'endless':
        log.warn('hl7-endless-block');
        return false;
      default:
        return event satisfies never;
    }
  };
  const serve = async () => {
    let held = 0;
    let blockEndsAt: number | undefined;
    try {
      watch(limits.idleMs, 'idle');
      for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
        // no encoding is set: chunks are bytes
        clearTimeout(timer);
        isBusy = true;
        for (const event of reader.push(chunk)) {
          blockEndsAt = undefined;
          if (!(await handle(event))) return;
        }
        isBusy = false;
        const isTooMuch = context.hold(reader.heldBytes - held);
        held = reader.heldBytes;
        if (isTooMuch) {
          await answer(
            new Uint8Array(0),
            refusal('AR', 207, '', 'too-many-requests', 'too many bytes in flight, send again later'),
          );
          return;
        }
        if (reader.isInBlock) {
          blockEndsAt ??= performance.now() + limits.blockMs;
          watch(Math.max(0, blockEndsAt - performance.now()), 'block does not end');
        } else watch(limits.idleMs, 'idle');
        if (isClosing) return;
      }
      // never acknowledged, so its sender still has it
      if (reader.isInBlock) log.warn('hl7-message-cut-short');
    } catch (cause) {
      // the peer went away; what it was not told is not lost, it will send again
      log.info('hl7-connection-lost', {
        reason: cause instanceof Error && 'code' in cause ? String(cause.code) : 'closed',
      });
    } finally {
      context.hold(-held);
      await finish(socket);
      clearTimeout(timer);
    }
  };
  socket.setNoDelay(true);
  // each fault also reaches the loop or the write above; without a listener it would end the process
  socket.on('error', () => undefined);
  return {
    done: serve(),
    close: () => {
      isClosing = true;
      if (!isBusy) socket.destroy();
    },
  };
}

/** Sends what is written, drops what still arrives (closing with unread bytes would reset the connection under the answer), closes. */
async function finish(socket: net.Socket): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const giveUp = setTimeout(() => socket.destroy(), 1000);
    socket.once('close', () => {
      clearTimeout(giveUp);
      resolve();
    });
    socket.resume();
    socket.end();
  });
}
