import { applicationContextName, implementationClassUid, implementationVersionName } from './implementation';
import { maxReceivePduLength, ProtocolViolation, pduType } from './pdu-types';

/** One proposed presentation context (PS3.8 9.3.2.2). UIDs are as sent, without padding; they are not validated here. */
export interface ProposedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** PS3.8 table 9-18. */
export const contextResult = {
  accepted: 0,
  userRejected: 1,
  noReason: 2,
  abstractSyntaxNotSupported: 3,
  transferSyntaxesNotSupported: 4,
} as const;

export interface ContextAnswer {
  readonly id: number;
  readonly result: number;
  /** Meaningless where `result` is not 0. */
  readonly transferSyntax: string;
}

export interface UserInformation {
  /** Largest P-DATA-TF the sender of this item takes; 0 = no limit. */
  readonly maxPduLength: number;
  readonly implementationClassUid: string;
  readonly implementationVersionName: string;
}

export interface AssociateRequest extends UserInformation {
  readonly protocolVersion: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly applicationContext: string;
  readonly contexts: readonly ProposedContext[];
}

export interface AssociateAccept extends UserInformation {
  readonly contexts: readonly ContextAnswer[];
}

interface Item {
  readonly type: number;
  readonly value: Uint8Array;
}

/**
 * Reads an A-ASSOCIATE-RQ's body (after the 6-byte header). Asynchronous operations, role selection, extended negotiation and user
 * identity are skipped: leaving them out of the answer declines them (PS3.7 D.3.3). Throws ProtocolViolation where items don't fit.
 */
export function decodeAssociateRequest(body: Uint8Array): AssociateRequest {
  if (body.length < 68) throw new ProtocolViolation('invalid-parameter-value', 'A-ASSOCIATE-RQ is too short');
  let applicationContext = '';
  let user = noUserInformation;
  const contexts: ProposedContext[] = [];
  for (const item of items(body, 68)) {
    if (item.type === 0x10) applicationContext = text(item.value);
    else if (item.type === 0x20) contexts.push(decodeProposedContext(item.value));
    else if (item.type === 0x50) user = decodeUserInformation(item.value);
  }
  if (contexts.length > 128)
    throw new ProtocolViolation('invalid-parameter-value', `${contexts.length} presentation contexts`);
  if (new Set(contexts.map((context) => context.id)).size !== contexts.length) {
    throw new ProtocolViolation('invalid-parameter-value', 'a presentation context id stands twice');
  }
  return {
    protocolVersion: uint16(body, 0),
    calledAeTitle: aeTitle(body.subarray(4, 20)),
    callingAeTitle: aeTitle(body.subarray(20, 36)),
    applicationContext,
    contexts,
    ...user,
  };
}

/** Reads an A-ASSOCIATE-AC's body. Throws ProtocolViolation where items don't fit. */
export function decodeAssociateAccept(body: Uint8Array): AssociateAccept {
  if (body.length < 68) throw new ProtocolViolation('invalid-parameter-value', 'A-ASSOCIATE-AC is too short');
  let user = noUserInformation;
  const contexts: ContextAnswer[] = [];
  for (const item of items(body, 68)) {
    if (item.type === 0x50) user = decodeUserInformation(item.value);
    if (item.type !== 0x21) continue;
    if (item.value.length < 4)
      throw new ProtocolViolation('invalid-parameter-value', 'presentation context item is too short');
    const syntax = [...items(item.value, 4)].find((sub) => sub.type === 0x40);
    contexts.push({
      id: item.value[0] ?? 0,
      result: item.value[2] ?? 0,
      transferSyntax: syntax === undefined ? '' : text(syntax.value),
    });
  }
  return { contexts, ...user };
}

/** A whole A-ASSOCIATE-RQ. AE titles: 1–16 characters of the default repertoire; context ids odd, 1–255, at most 128. */
export function encodeAssociateRequest(request: {
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly contexts: readonly ProposedContext[];
}): Uint8Array {
  const contexts = request.contexts.map((context) =>
    item(
      0x20,
      Buffer.from([context.id, 0, 0, 0]),
      item(0x30, ascii(context.abstractSyntax)),
      ...context.transferSyntaxes.map((uid) => item(0x40, ascii(uid))),
    ),
  );
  return associatePdu(pduType.associateRequest, request.calledAeTitle, request.callingAeTitle, contexts);
}

/** A whole A-ASSOCIATE-AC. PS3.8 9.3.3: the AE titles of the request are sent back as they came. */
export function encodeAssociateAccept(request: AssociateRequest, answers: readonly ContextAnswer[]): Uint8Array {
  const contexts = answers.map((answer) =>
    item(0x21, Buffer.from([answer.id, 0, answer.result, 0]), item(0x40, ascii(answer.transferSyntax))),
  );
  return associatePdu(pduType.associateAccept, request.calledAeTitle, request.callingAeTitle, contexts);
}

function associatePdu(type: number, called: string, calling: string, contexts: readonly Buffer[]): Buffer {
  const maxLength = Buffer.alloc(4);
  maxLength.writeUInt32BE(maxReceivePduLength);
  const body = Buffer.concat([
    Buffer.from([0, 1, 0, 0]),
    ascii(called.padEnd(16).slice(0, 16)),
    ascii(calling.padEnd(16).slice(0, 16)),
    Buffer.alloc(32),
    item(0x10, ascii(applicationContextName)),
    ...contexts,
    item(
      0x50,
      item(0x51, maxLength),
      item(0x52, ascii(implementationClassUid)),
      item(0x55, ascii(implementationVersionName)),
    ),
  ]);
  const header = Buffer.from([type, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function decodeProposedContext(value: Uint8Array): ProposedContext {
  if (value.length < 4)
    throw new ProtocolViolation('invalid-parameter-value', 'presentation context item is too short');
  let abstractSyntax = '';
  const transferSyntaxes: string[] = [];
  for (const sub of items(value, 4)) {
    if (sub.type === 0x30) abstractSyntax = text(sub.value);
    else if (sub.type === 0x40) transferSyntaxes.push(text(sub.value));
  }
  return { id: value[0] ?? 0, abstractSyntax, transferSyntaxes };
}

const noUserInformation: UserInformation = {
  maxPduLength: 0,
  implementationClassUid: '',
  implementationVersionName: '',
};

function decodeUserInformation(value: Uint8Array): UserInformation {
  let { maxPduLength, implementationClassUid, implementationVersionName } = noUserInformation;
  for (const sub of items(value, 0)) {
    if (sub.type === 0x51 && sub.value.length === 4)
      maxPduLength = uint16(sub.value, 0) * 65_536 + uint16(sub.value, 2);
    else if (sub.type === 0x52) implementationClassUid = text(sub.value);
    else if (sub.type === 0x55) implementationVersionName = text(sub.value);
  }
  return { maxPduLength, implementationClassUid, implementationVersionName };
}

function* items(bytes: Uint8Array, from: number): Generator<Item> {
  let at = from;
  while (at < bytes.length) {
    if (bytes.length - at < 4) throw new ProtocolViolation('invalid-parameter-value', 'item header is cut');
    const end = at + 4 + uint16(bytes, at + 2);
    if (end > bytes.length) throw new ProtocolViolation('invalid-parameter-value', 'item is longer than what holds it');
    yield { type: bytes[at] ?? 0, value: bytes.subarray(at + 4, end) };
    at = end;
  }
}

function item(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  const header = Buffer.from([type, 0, 0, 0]);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value]);
}

function ascii(value: string): Buffer {
  return Buffer.from(value, 'latin1');
}

function text(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    .toString('latin1')
    .replace(/[\0 ]+$/, '');
}

/** PS3.8 9.3.2: leading and trailing spaces are not significant; some senders pad with NUL. */
function aeTitle(value: Uint8Array): string {
  return text(value).trimStart();
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
