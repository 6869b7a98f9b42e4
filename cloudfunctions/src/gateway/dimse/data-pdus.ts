import { pduType } from './pdu-types';

/** Bytes of a P-DATA-TF before its one PDV's fragment: PDU header, PDV length, context id, control byte. */
const headLength = 12;

/** The 12 bytes that stand before a fragment of `length` bytes when it travels alone in a P-DATA-TF (PS3.8 9.3.5 and annex E.2). */
export function encodeDataHead(contextId: number, isCommand: boolean, isLast: boolean, length: number): Buffer {
  const head = Buffer.alloc(headLength);
  head[0] = pduType.data;
  head.writeUInt32BE(length + 6, 2);
  head.writeUInt32BE(length + 2, 6);
  head[10] = contextId;
  head[11] = (isCommand ? 1 : 0) | (isLast ? 2 : 0);
  return head;
}

/** A command set as whole P-DATA-TF PDUs, none longer than `maxPduLength` (0 = no limit). */
export function encodeCommandPdus(contextId: number, command: Uint8Array, maxPduLength: number): Buffer {
  const most = largestFragment(maxPduLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < command.length; at += most) {
    const end = Math.min(at + most, command.length);
    parts.push(encodeDataHead(contextId, true, end === command.length, end - at), command.subarray(at, end));
  }
  return Buffer.concat(parts);
}

/** How many bytes of a message fit into one P-DATA-TF for a peer that takes `maxPduLength`; even, at most 128 KiB. */
export function largestFragment(maxPduLength: number): number {
  const most = maxPduLength === 0 ? 131_072 : Math.min(maxPduLength, 131_072);
  // a peer that announces less than one PDV header takes nothing at all: send the least that moves a message on
  return Math.max(2, (most - 6) & ~1);
}
