/**
 * A minimal Part 10 writer for the demo hospital's generated images: explicit VR little endian, defined lengths (PS3.5 7.1.2, PS3.10 7.1).
 * The product's own archive writer is in pipeline/transcode; this one starts from values, not from a parsed data set.
 */
export interface Element {
  /** "gggg,eeee", hexadecimal. */
  readonly tag: string;
  readonly vr: string;
  readonly value: string | number | readonly number[] | Uint8Array | readonly (readonly Element[])[];
}

const longFormVrs = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'UN', 'UT', 'SQ', 'UC', 'UR']);

export function writePart10(transferSyntaxUid: string, elements: readonly Element[]): Uint8Array {
  const find = (tag: string) => String(elements.find((element) => element.tag === tag)?.value ?? '');
  const meta = encodeElements([
    { tag: '0002,0001', vr: 'OB', value: new Uint8Array([0, 1]) },
    { tag: '0002,0002', vr: 'UI', value: find('0008,0016') },
    { tag: '0002,0003', vr: 'UI', value: find('0008,0018') },
    { tag: '0002,0010', vr: 'UI', value: transferSyntaxUid },
    { tag: '0002,0012', vr: 'UI', value: '2.25.213742986109134657384716502937461' },
  ]);
  const groupLength = encodeElements([{ tag: '0002,0000', vr: 'UL', value: meta.length }]);
  const preamble = Buffer.alloc(132);
  preamble.write('DICM', 128, 'latin1');
  return Buffer.concat([
    preamble,
    groupLength,
    meta,
    encodeElements([...elements].sort((a, b) => (a.tag < b.tag ? -1 : 1))),
  ]);
}

function encodeElements(elements: readonly Element[]): Buffer {
  return Buffer.concat(elements.map(encodeElement));
}

function encodeElement(element: Element): Buffer {
  const body = padToEven(encodeValue(element), element.vr);
  const isLong = longFormVrs.has(element.vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(Number.parseInt(element.tag.slice(0, 4), 16), 0);
  head.writeUInt16LE(Number.parseInt(element.tag.slice(5), 16), 2);
  head.write(element.vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

function encodeValue({ vr, value }: Element): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  const values = typeof value === 'number' ? [value] : value;
  if (vr === 'SQ') {
    return Buffer.concat((values as readonly (readonly Element[])[]).map(encodeItem)); // SQ is the one VR whose value is item lists
  }
  const numbers = values as readonly number[]; // every other array is numeric
  const width = vr === 'US' || vr === 'SS' ? 2 : vr === 'FD' ? 8 : 4;
  const out = Buffer.alloc(numbers.length * width);
  numbers.forEach((n, i) => {
    if (vr === 'US') out.writeUInt16LE(n, i * width);
    else if (vr === 'SS') out.writeInt16LE(n, i * width);
    else if (vr === 'UL') out.writeUInt32LE(n, i * width);
    else if (vr === 'SL') out.writeInt32LE(n, i * width);
    else if (vr === 'FL') out.writeFloatLE(n, i * width);
    else out.writeDoubleLE(n, i * width);
  });
  return out;
}

function encodeItem(elements: readonly Element[]): Buffer {
  const body = encodeElements([...elements].sort((a, b) => (a.tag < b.tag ? -1 : 1)));
  const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

function padToEven(body: Buffer, vr: string): Buffer {
  if (body.length % 2 === 0) return body;
  return Buffer.concat([body, Buffer.from(vr === 'UI' || vr === 'OB' || vr === 'UN' ? '\0' : ' ', 'latin1')]);
}
