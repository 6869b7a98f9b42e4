import { pinyin } from 'pinyin-pro';

/** One way in which a name is written: DICOM PN component groups ("ZHANG^SAN=张^三=") give one each. */
export interface WrittenName {
  /** The Han characters in their order, with nothing between them: "张三". */
  readonly han: string;
  /** What can be spelt, in order: a Han character by its readings ("shan", "dan"), any other word as itself. */
  readonly units: readonly Unit[];
}

/** Ways to spell one unit in lower-case letters without tone marks; the likeliest first, at most six. */
export type Unit = readonly string[];

const maxAlternatives = 6;
/** PS3.5 6.2: a PN component group has at most 64 characters. */
const maxCharacters = 64;

/** Takes a name as DICOM PN ("ZHANG^SAN=张^三"), as HL7 XPN ("张^三") or plain ("张三", "Zhang San"). Empty groups are left out. */
export function writtenNames(name: string): WrittenName[] {
  return name
    .split('=')
    .map(writtenName)
    .filter((one) => one.units.length > 0);
}

/** A name's, or a query's, characters as runs of Han and of anything else that is a letter or digit; the rest separates. */
export function runsOf(text: string): { readonly isHan: boolean; readonly text: string }[] {
  const runs: { isHan: boolean; text: string }[] = [];
  let isApart = true;
  for (const character of [...foldText(text)].slice(0, maxCharacters)) {
    const isHan = /\p{Script=Han}/u.test(character);
    if (!isHan && !/[\p{L}\p{N}]/u.test(character)) {
      isApart = true;
      continue;
    }
    const last = runs.at(-1);
    // "阿卜杜·热合曼", "张^三": what stands between Han characters doesn't part them. Between words it does.
    if (last !== undefined && last.isHan === isHan && (isHan || !isApart)) last.text += character;
    else runs.push({ isHan, text: character });
    isApart = false;
  }
  return runs;
}

function writtenName(group: string): WrittenName {
  const runs = runsOf(group);
  const han = runs
    .filter((run) => run.isHan)
    .map((run) => run.text)
    .join('');
  const units = runs.flatMap((run) => (run.isHan ? readingsOf(run.text) : [[run.text]]));
  return { han, units };
}

/** Width, case, accents and the ü of pinyin made one: "ＬÜ" and "lv" become "lv", "José" becomes "jose". */
function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/([ln])ü/g, '$1v')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC');
}

function readingsOf(han: string): Unit[] {
  const asName = pinyin(han, { mode: 'surname', toneType: 'none', type: 'array' }); // 单 shan, 尉迟 yu chi
  return [...han].map((character, at) => {
    const all = pinyin(character, { multiple: true, toneType: 'none', type: 'array' });
    const spellings = [asName[at] ?? '', ...all].map(foldText).filter((spelling) => /^[a-z]+$/.test(spelling));
    const withPassportForms = spellings.flatMap((spelling) =>
      /^[ln]v/.test(spelling) ? [spelling, spelling.replace('v', 'yu'), spelling.replace('v', 'u')] : [spelling],
    );
    return [...new Set(withPassportForms)].slice(0, maxAlternatives);
  });
}
