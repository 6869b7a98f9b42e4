import type { StoredInstance } from '../../pipeline/transcode/stored-instance';
import type { FieldCipher, FieldPlace } from '../../ports/field-cipher';

/** A row of `instance`: the sealed view is bound to it. */
interface Row {
  readonly hospitalId: string;
  readonly id: string;
}

/** `instance.view_sealed`. The whole of it: titles and window names are free text, and what the engine needs besides grows. */
export function sealView(fields: FieldCipher, row: Row, view: StoredInstance): Promise<Uint8Array> {
  return fields.seal(placeOf(row), JSON.stringify(view));
}

/** Throws ProblemError `sealed-object-invalid` where the field was changed or moved. */
export async function openView(fields: FieldCipher, row: Row, sealed: Uint8Array): Promise<StoredInstance> {
  return JSON.parse(await fields.open(placeOf(row), sealed)) as StoredInstance; // our own pipeline sealed it, in this one form
}

function placeOf({ hospitalId, id }: Row): FieldPlace {
  return { tenantId: hospitalId, table: 'instance', column: 'view_sealed', rowId: id };
}
