import { implementationClassUid, implementationVersionName } from '../dimse/implementation';

/** What must be said about a data set before it can stand in a file. */
export interface FileMetaFacts {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly sourceAeTitle: string;
}

/** Preamble, "DICM" and file meta group (PS3.10 7.1), after which the data set's bytes follow as received. */
export function encodeFileMeta(facts: FileMetaFacts): Buffer {
  const elements = Buffer.concat([
    longElement(0x0001, 'OB', Buffer.from([0, 1])),
    shortElement(0x0002, 'UI', facts.sopClassUid),
    shortElement(0x0003, 'UI', facts.sopInstanceUid),
    shortElement(0x0010, 'UI', facts.transferSyntaxUid),
    shortElement(0x0012, 'UI', implementationClassUid),
    shortElement(0x0013, 'SH', implementationVersionName),
    shortElement(0x0016, 'AE', facts.sourceAeTitle),
  ]);
  const head = Buffer.alloc(128 + 4 + 12);
  head.write('DICM', 128, 'latin1');
  head.writeUInt16LE(0x0002, 132);
  head.write('UL', 136, 'latin1');
  head.writeUInt16LE(4, 138);
  head.writeUInt32LE(elements.length, 140);
  return Buffer.concat([head, elements]);
}

function shortElement(number: number, vr: 'UI' | 'SH' | 'AE', value: string): Buffer {
  const bytes = Buffer.from(value.length % 2 === 0 ? value : value + (vr === 'UI' ? '\0' : ' '), 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0x0002, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

function longElement(number: number, vr: 'OB', value: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16LE(0x0002, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt32LE(value.length, 8);
  return Buffer.concat([head, value]);
}
