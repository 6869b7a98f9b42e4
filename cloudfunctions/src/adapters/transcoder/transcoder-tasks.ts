import { randomBytes, randomUUID } from 'node:crypto';
import { TextDecoder } from 'node:util';
import type { TextDecoderFactory, TextOf } from '@yingyun/shared/dicom/character-set';
import { type DicomLimits, defaultLimits } from '@yingyun/shared/dicom/limits';
import { type Part10, readPart10 } from '@yingyun/shared/dicom/read-part10';
import { textOfDataSet } from '@yingyun/shared/dicom/values';
import { isProblem, type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import { indexInstance } from '../../pipeline/index/index-instance';
import { type Codecs, createCodecs } from '../../pipeline/transcode/codecs';
import { describeStored } from '../../pipeline/transcode/describe-stored';
import { plainSamples } from '../../pipeline/transcode/plain-samples';
import { transcodeInstance } from '../../pipeline/transcode/transcode-instance';
import type { Sealer } from '../../ports/sealing';
import type {
  ArchivedInstance,
  ArchiveTask,
  IndexedObject,
  PlainTask,
  SealedRendition,
  VerifiedObject,
  VerifyTask,
} from '../../ports/transcoder';
import { createCfe1Sealer } from '../sealing/cfe1-sealer';

/** The two tasks of the Transcoder port, as a worker (or a test, in its own thread) runs them. */
export interface TranscoderTasks {
  archive(task: ArchiveTask): Promise<ArchivedInstance | Problem>;
  verify(task: VerifyTask): Promise<VerifiedObject | Problem>;
  plainSamples(task: PlainTask): Promise<Uint8Array | Problem>;
}

/** 16 KiB chunks: an eighth-size band of a CT slice is read as one. */
const log2Chunk = 14;

export function createTranscoderTasks(limits: DicomLimits = defaultLimits): TranscoderTasks {
  const sealer = createCfe1Sealer({ random: { bytes: (length) => randomBytes(length), uuid: () => randomUUID() } });
  const codecs = createCodecs(sealer.startDigest);
  return {
    archive: (task) => asProblem(() => archive(task, sealer, codecs, limits)),
    verify: (task) => asProblem(() => verify(task, sealer, codecs, limits)),
    plainSamples: (task) => asProblem(() => plainSamples(task, codecs)),
  };
}

async function archive(
  task: ArchiveTask,
  sealer: Sealer,
  codecs: Codecs,
  limits: DicomLimits,
): Promise<ArchivedInstance | Problem> {
  const { source } = task;
  const plain =
    'plain' in source ? source.plain : sealer.open(source.key, source.context, source.sealed, source.expected);
  const part10 = readPart10(plain, limits);
  if (isProblem(part10)) return part10;
  const textOf = textOfPart10(part10, task.text.assumeChinese);
  const identity = indexInstance(part10.dataSet, textOf, task.expectedUids);
  if (isProblem(identity)) return identity;
  const transcoded = await transcodeInstance(part10, codecs, textOf, limits);
  if (isProblem(transcoded)) return transcoded;
  const { target } = task;
  const { sealed, receipt } = sealer.seal(target.key, target.context, transcoded.bytes, log2Chunk);
  const { view, headerSm3, pixelSm3, transferSyntaxUid } = transcoded;
  const rendition = sealRendition(transcoded.rendition, target, sealer);
  return { sealed, receipt, identity, view, headerSm3, pixelSm3, transferSyntaxUid, ...rendition };
}

/** Under the key and generation of the object it was made from. */
function sealRendition(
  plain: Uint8Array | undefined,
  target: ArchiveTask['target'],
  sealer: Sealer,
): { readonly rendition?: SealedRendition } {
  if (plain === undefined) return {};
  const context = { ...target.context, objectKey: target.renditionKey, objectClass: 'rendition' } as const;
  return { rendition: { objectKey: target.renditionKey, ...sealer.seal(target.key, context, plain, log2Chunk) } };
}

async function verify(
  task: VerifyTask,
  sealer: Sealer,
  codecs: Codecs,
  limits: DicomLimits,
): Promise<VerifiedObject | Problem> {
  const plain = sealer.open(task.key, task.context, task.sealed, task.expected);
  const digest = sealer.startDigest();
  digest.update(plain);
  const plainSm3 = digest.end();
  const found = { plainSm3, plainLength: plain.length };
  if (task.index === undefined) return found;
  const indexed = await index(plain, task, task.index, sealer, codecs, limits);
  return isProblem(indexed) ? indexed : { ...found, indexed };
}

async function index(
  plain: Uint8Array,
  { key, context }: VerifyTask,
  how: NonNullable<VerifyTask['index']>,
  sealer: Sealer,
  codecs: Codecs,
  limits: DicomLimits,
): Promise<IndexedObject | Problem> {
  const part10 = readPart10(plain, limits);
  if (isProblem(part10)) return part10;
  const textOf = textOfPart10(part10, how.text.assumeChinese);
  const identity = indexInstance(part10.dataSet, textOf, undefined);
  if (isProblem(identity)) return identity;
  const described = await describeStored(part10, codecs, textOf, limits);
  if (isProblem(described)) return described;
  const { view, headerSm3, pixelSm3 } = described;
  const rendition = sealRendition(described.rendition, { key, context, renditionKey: how.renditionKey }, sealer);
  return { identity, view, headerSm3, pixelSm3, ...rendition };
}

function textOfPart10(part10: Part10, assumeChinese: boolean): TextOf {
  const decoders: TextDecoderFactory = (label, options) => new TextDecoder(label, options);
  return textOfDataSet(part10.dataSet, decoders, { assumeChinese });
}

/** What an instance does to us is a value, whatever it was: the message names types and sizes, never contents. */
async function asProblem<T>(run: () => Promise<T | Problem>): Promise<T | Problem> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    return problem('unexpected', error instanceof Error ? error.name : typeof error);
  }
}
