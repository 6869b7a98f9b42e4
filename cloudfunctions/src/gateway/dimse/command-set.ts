import { ProtocolViolation } from './pdu-types';

/** PS3.7 annex E: the command elements we read or write, tag (group 0000) → element number. */
const element = {
  groupLength: 0x0000,
  affectedSopClassUid: 0x0002,
  commandField: 0x0100,
  messageId: 0x0110,
  messageIdBeingRespondedTo: 0x0120,
  priority: 0x0700,
  commandDataSetType: 0x0800,
  status: 0x0900,
  offendingElement: 0x0901,
  errorComment: 0x0902,
  affectedSopInstanceUid: 0x1000,
} as const;

/** PS3.7 table E.1-1. A response is its request with the highest bit set. */
export const commandField = {
  cStoreRequest: 0x0001,
  cEchoRequest: 0x0030,
  cCancelRequest: 0x0fff,
  response: 0x8000,
} as const;

const noDataSet = 0x0101;

/** A command set as far as C-STORE and C-ECHO need it. Text is without padding; an absent number is undefined. */
export interface CommandSet {
  readonly commandField: number;
  readonly messageId?: number;
  readonly messageIdBeingRespondedTo?: number;
  readonly affectedSopClassUid?: string;
  readonly affectedSopInstanceUid?: string;
  readonly priority?: number;
  readonly hasDataSet: boolean;
  readonly status?: number;
  /** Tags as 0xGGGGEEEE. */
  readonly offendingElements?: readonly number[];
  readonly errorComment?: string;
}

/**
 * Reads a command set (PS3.7 6.3.1: always implicit VR little endian, group 0000). Throws ProtocolViolation where elements overrun
 * the set, stand outside group 0000 or lack a command field: then nothing after it on this association can be trusted.
 */
export function decodeCommandSet(bytes: Uint8Array): CommandSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<number, Uint8Array>();
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < 8) throw malformed('element header is cut');
    if (view.getUint16(at, true) !== 0) throw malformed('element outside group 0000');
    const length = view.getUint32(at + 4, true);
    if (length > bytes.length - at - 8) throw malformed('element is longer than the command set');
    found.set(view.getUint16(at + 2, true), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const field = number(found.get(element.commandField));
  if (field === undefined) throw malformed('no command field');
  const dataSetType = number(found.get(element.commandDataSetType));
  const offending = found.get(element.offendingElement);
  return {
    commandField: field,
    hasDataSet: dataSetType !== undefined && dataSetType !== noDataSet,
    ...optional('messageId', number(found.get(element.messageId))),
    ...optional('messageIdBeingRespondedTo', number(found.get(element.messageIdBeingRespondedTo))),
    ...optional('affectedSopClassUid', text(found.get(element.affectedSopClassUid))),
    ...optional('affectedSopInstanceUid', text(found.get(element.affectedSopInstanceUid))),
    ...optional('priority', number(found.get(element.priority))),
    ...optional('status', number(found.get(element.status))),
    ...optional('offendingElements', offending === undefined ? undefined : tags(offending)),
    ...optional('errorComment', text(found.get(element.errorComment))),
  };
}

/** Writes a command set in ascending order with its group length. `errorComment` is cut to 64 characters (VR LO). */
export function encodeCommandSet(command: CommandSet): Buffer {
  const parts: Buffer[] = [];
  if (command.affectedSopClassUid !== undefined)
    parts.push(uid(element.affectedSopClassUid, command.affectedSopClassUid));
  parts.push(us(element.commandField, command.commandField));
  if (command.messageId !== undefined) parts.push(us(element.messageId, command.messageId));
  if (command.messageIdBeingRespondedTo !== undefined) {
    parts.push(us(element.messageIdBeingRespondedTo, command.messageIdBeingRespondedTo));
  }
  if (command.priority !== undefined) parts.push(us(element.priority, command.priority));
  parts.push(us(element.commandDataSetType, command.hasDataSet ? 0x0001 : noDataSet));
  if (command.status !== undefined) parts.push(us(element.status, command.status));
  if (command.offendingElements !== undefined && command.offendingElements.length > 0) {
    const value = Buffer.alloc(4 * command.offendingElements.length);
    for (const [i, tag] of command.offendingElements.entries()) {
      value.writeUInt16LE(tag >>> 16, 4 * i);
      value.writeUInt16LE(tag & 0xffff, 4 * i + 2);
    }
    parts.push(implicitElement(element.offendingElement, value));
  }
  if (command.errorComment !== undefined)
    parts.push(padded(element.errorComment, command.errorComment.slice(0, 64), ' '));
  if (command.affectedSopInstanceUid !== undefined)
    parts.push(uid(element.affectedSopInstanceUid, command.affectedSopInstanceUid));
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([implicitElement(element.groupLength, length), body]);
}

function implicitElement(number: number, value: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16LE(number, 2);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}

function us(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return implicitElement(number, bytes);
}

function uid(number: number, value: string): Buffer {
  return padded(number, value, '\0');
}

function padded(number: number, value: string, padding: string): Buffer {
  return implicitElement(number, Buffer.from(value.length % 2 === 0 ? value : value + padding, 'latin1'));
}

function number(value: Uint8Array | undefined): number | undefined {
  return value === undefined || value.length < 2 ? undefined : (value[0] ?? 0) | ((value[1] ?? 0) << 8);
}

function text(value: Uint8Array | undefined): string | undefined {
  return value === undefined
    ? undefined
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
        .toString('latin1')
        .replace(/[\0 ]+$/, '');
}

function tags(value: Uint8Array): number[] {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const out: number[] = [];
  for (let at = 0; at + 4 <= value.length; at += 4)
    out.push(view.getUint16(at, true) * 65_536 + view.getUint16(at + 2, true));
  return out;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V }); // a computed key is typed as string otherwise
}

function malformed(detail: string): ProtocolViolation {
  return new ProtocolViolation('invalid-parameter-value', `command set: ${detail}`);
}
