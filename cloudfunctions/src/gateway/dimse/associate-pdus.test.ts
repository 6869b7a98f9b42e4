import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeAssociateAccept,
  decodeAssociateRequest,
  encodeAssociateAccept,
  encodeAssociateRequest,
} from './associate-pdus';
import { applicationContextName, implementationClassUid, implementationVersionName } from './implementation';
import { maxReceivePduLength, ProtocolViolation } from './pdu-types';

const contexts = [
  { id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] },
  {
    id: 3,
    abstractSyntax: '1.2.840.10008.5.1.4.1.1.2',
    transferSyntaxes: ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2'],
  },
];

describe('association request and answer', () => {
  const request = encodeAssociateRequest({ calledAeTitle: 'YINGYUN', callingAeTitle: 'PACS', contexts });

  it('reads back what it writes', () => {
    expect(decodeAssociateRequest(request.subarray(6))).toEqual({
      protocolVersion: 1,
      calledAeTitle: 'YINGYUN',
      callingAeTitle: 'PACS',
      applicationContext: applicationContextName,
      contexts,
      maxPduLength: maxReceivePduLength,
      implementationClassUid,
      implementationVersionName,
    });
    const answers = [
      { id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2' },
      { id: 3, result: 4, transferSyntax: '1.2.840.10008.1.2.1' },
    ];
    const accept = encodeAssociateAccept(decodeAssociateRequest(request.subarray(6)), answers);
    expect(decodeAssociateAccept(accept.subarray(6))).toMatchObject({
      contexts: answers,
      maxPduLength: maxReceivePduLength,
    });
  });

  it('skips roles, extended negotiation, user identity and items of tomorrow', () => {
    // PS3.7 D.3.3: 0x53 async operations, 0x54 role selection, 0x56/0x57 extended negotiation, 0x58 user identity
    const items = [0x53, 0x54, 0x56, 0x57, 0x58, 0x7f].flatMap((type) => [type, 0, 0, 4, 0, 1, 0, 1]);
    const body = Buffer.concat([
      request.subarray(6),
      Buffer.from([0x50, 0, 0, items.length, ...items, ...[0x60, 0, 0, 0]]),
    ]);
    expect(decodeAssociateRequest(body).contexts).toEqual(contexts);
  });

  it('refuses the same context id twice', () => {
    const twice = encodeAssociateRequest({
      calledAeTitle: 'A',
      callingAeTitle: 'B',
      contexts: [...contexts, ...contexts],
    });
    expect(() => decodeAssociateRequest(twice.subarray(6))).toThrow(ProtocolViolation);
  });

  it('meets any body with a request or a protocol violation', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      // one byte of a good request changed
      fc.tuple(fc.nat(request.length - 7), fc.nat(255)).map(([at, value]) => {
        const body = Uint8Array.from(request.subarray(6));
        body[at] = value;
        return body;
      }),
      fc.nat(request.length - 6).map((length) => Uint8Array.from(request.subarray(6, 6 + length))),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        for (const decode of [decodeAssociateRequest, decodeAssociateAccept]) {
          try {
            decode(body);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolViolation);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('names itself with a UID that is a UID', () => {
    expect(implementationClassUid).toMatch(/^2\.25\.[1-9]\d{0,38}$/); // PS3.5 B.2
    expect(implementationVersionName.length).toBeLessThanOrEqual(16);
  });
});
