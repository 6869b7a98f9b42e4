/** What an object that is no picture is to its reader; 'other': of no kind with a name of its own. */
export type ObjectKind =
  | 'structured-report'
  | 'pdf'
  | 'key-object'
  | 'presentation-state'
  | 'segmentation'
  | 'rt-structure'
  | 'rt-dose'
  | 'rt-plan'
  | 'model'
  | 'waveform'
  | 'other';

/** By what follows the storage arc in the SOP Class UID (PS3.6 table A-1); the first that fits. */
const kinds: readonly (readonly [RegExp, ObjectKind])[] = [
  [/^88\.59$/, 'key-object'],
  [/^88\./, 'structured-report'],
  [/^104\.1$/, 'pdf'],
  [/^(104\.[345]|68\.\d+)$/, 'model'],
  [/^11\.\d+$/, 'presentation-state'],
  [/^66\.[5478]$/, 'segmentation'],
  [/^481\.(3|11)$/, 'rt-structure'],
  [/^481\.2$/, 'rt-dose'],
  [/^481\.(5|8|10)$/, 'rt-plan'],
  [/^9(\.|$)/, 'waveform'],
];

const byModality: Readonly<Record<string, ObjectKind>> = {
  SR: 'structured-report',
  KO: 'key-object',
  PR: 'presentation-state',
  SEG: 'segmentation',
  RTSTRUCT: 'rt-structure',
  RTDOSE: 'rt-dose',
  RTPLAN: 'rt-plan',
};

/** By SOP class; where that is a private one, by Modality (0008,0060). */
export function objectKindOf(sopClassUid: string, modality: string): ObjectKind {
  const suffix = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(.+)$/.exec(sopClassUid)?.[1];
  if (suffix === undefined) return (Object.hasOwn(byModality, modality) ? byModality[modality] : undefined) ?? 'other';
  return kinds.find(([pattern]) => pattern.test(suffix))?.[1] ?? 'other';
}
