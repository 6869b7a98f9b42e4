/**
 * GB 18030 encoding, which Node lacks (it only decodes). The table is the decoder's own, turned round: acknowledgements must go
 * back in the sender's character set.
 */
const fourByteTotal = 39_420; // 0x81308130 … 0x8431A439 cover the BMP (GB 18030-2005, 5.4)
const supplementaryFirst = 189_000; // 0x90308130 is U+10000

export type TextEncoderTo = (text: string) => Uint8Array;

/** Builds the encoder once (about 10 ms); characters without a code become "?". */
export function createGb18030Encoder(): TextEncoderTo {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, Uint8Array>();
  const learn = (bytes: Uint8Array) => {
    const character = decoder.decode(bytes);
    if (character !== '\ufffd' && [...character].length === 1 && !codes.has(character)) codes.set(character, bytes);
  };
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) learn(Uint8Array.of(lead, trail));
  }
  for (let index = 0; index < fourByteTotal; index++) learn(fourBytes(index));
  return (text) => {
    const out: number[] = [];
    for (const character of text) {
      const point = character.codePointAt(0) ?? 0x3f;
      if (point < 0x80) out.push(point);
      else if (point >= 0x10000) out.push(...fourBytes(supplementaryFirst + point - 0x10000));
      else out.push(...(codes.get(character) ?? [0x3f]));
    }
    return Uint8Array.from(out);
  };
}

function fourBytes(index: number): Uint8Array {
  return Uint8Array.of(
    0x81 + Math.floor(index / 12_600),
    0x30 + (Math.floor(index / 1260) % 10),
    0x81 + (Math.floor(index / 10) % 126),
    0x30 + (index % 10),
  );
}
