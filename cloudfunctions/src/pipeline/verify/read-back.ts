import { isProblem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { DataKey, DigestedSealReceipt, SealContext } from '../../ports/sealing';
import type { VerifiedObject, VerifyTask } from '../../ports/transcoder';
import type { ArchivePorts } from '../archive-ports';

export interface ObjectToRead {
  readonly key: DataKey;
  readonly context: SealContext;
  readonly receipt: DigestedSealReceipt;
}

/**
 * Reads an object back from the object store, checks every tag, opens it and computes its digest anew; `index`: also reads it as a DICOM file.
 * Throws ProblemError `sealed-object-invalid` or `image-damaged` where it isn't what was sealed.
 */
export async function readBack(
  ports: Pick<ArchivePorts, 'transcoder' | 'objects'>,
  { key, context, receipt }: ObjectToRead,
  index?: VerifyTask['index'],
): Promise<VerifiedObject> {
  const verified = await ports.transcoder.verify(async () => ({
    sealed: await ports.objects.get(context.objectKey),
    key,
    context,
    expected: receipt,
    ...(index === undefined ? {} : { index }),
  }));
  if (isProblem(verified)) throw new ProblemError(verified);
  if (verified.plainSm3 !== receipt.plainSm3 || verified.plainLength !== receipt.plainLength) {
    throw new ProblemError(problem('image-damaged', `object ${context.objectKey} has another digest`));
  }
  return verified;
}
