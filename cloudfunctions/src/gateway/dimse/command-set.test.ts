import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandField, decodeCommandSet, encodeCommandSet } from './command-set';
import { ProtocolViolation } from './pdu-types';

describe('command sets', () => {
  it('writes C-ECHO-RQ as PS3.7 9.3.5.1 and annex E.1 lay it out', () => {
    const bytes = encodeCommandSet({
      commandField: commandField.cEchoRequest,
      messageId: 7,
      affectedSopClassUid: '1.2.840.10008.1.1',
      hasDataSet: false,
    });
    const expected = [
      '00000000 04000000 38000000', // group length 56
      `00000200 12000000 ${Buffer.from('1.2.840.10008.1.1\0').toString('hex')}`,
      '00000001 02000000 3000',
      '00001001 02000000 0700',
      '00000008 02000000 0101',
    ];
    expect(bytes.toString('hex')).toBe(expected.join('').replaceAll(' ', ''));
  });

  it('reads back a C-STORE response with its comment and offending elements', () => {
    const response = {
      commandField: 0x8001,
      messageIdBeingRespondedTo: 65_535,
      affectedSopClassUid: '1.2.3',
      affectedSopInstanceUid: '1.2.3.4',
      hasDataSet: false,
      status: 0xa900,
      offendingElements: [0x0020000d, 0x7fe00010],
      errorComment: '(0020,000D) is missing',
    };
    expect(decodeCommandSet(encodeCommandSet(response))).toEqual(response);
  });

  it('cuts an error comment to the 64 characters of its VR', () => {
    const bytes = encodeCommandSet({ commandField: 0x8001, hasDataSet: false, errorComment: 'x'.repeat(100) });
    expect(decodeCommandSet(bytes).errorComment).toBe('x'.repeat(64));
  });

  it('meets any bytes with a command or a protocol violation', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        try {
          decodeCommandSet(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolViolation);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
