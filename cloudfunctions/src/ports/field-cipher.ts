/** Sealed fields, blind indexes and name tokens (design D14). Keys per hospital and column come from the key provider. */
export interface FieldCipher {
  /** Ciphertext bound to table, column, row and hospital: `v1 ‖ iv16 ‖ SM4-CTR ‖ HMAC-SM3-128`. */
  seal(place: FieldPlace, text: string): Promise<Uint8Array>;
  /** Throws ProblemError `sealed-object-invalid` where the bytes were changed or moved. */
  open(place: FieldPlace, sealed: Uint8Array): Promise<string>;
  /** Equality only: 32 hex digits of HMAC-SM3 over the trimmed, upper-cased text. '' stays ''. */
  blindIndex(tenantId: string, column: BlindColumn, text: string): Promise<string>;
  /** Tokens to store for a name (Han "张三^"/"ZHANG^SAN" forms alike). */
  nameTokens(tenantId: string, name: string): Promise<string[]>;
  /** Tokens that all must be present for a name to match the query; candidates are verified by `nameMatches` after opening. */
  nameQueryTokens(tenantId: string, query: string): Promise<string[]>;
  nameMatches(name: string, query: string): boolean;
}

/** Each has its own key. */
export type BlindColumn =
  | 'patient-id'
  | 'accession-number'
  | 'filler-order-number'
  | 'share-token'
  | 'phone'
  | 'identity'
  | 'refresh-token';

export interface FieldPlace {
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}
