export type SealedColumn = { table: string; column: string; id: { column: string; type: 'uuid' | 'text' } };

const id = { column: 'id', type: 'uuid' } as const;

/** Every column of the database's type `sealed`; a test holds this list and the database together. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'sealed_settings', column: 'value_sealed', id: { column: 'name', type: 'text' } },
  { table: 'person_keys', column: 'key_sealed', id },
  { table: 'connection_tokens', column: 'access_token_sealed', id },
  { table: 'connection_tokens', column: 'refresh_token_sealed', id },
  { table: 'attempts', column: 'verifier_sealed', id },
  { table: 'attempts', column: 'code_sealed', id },
  { table: 'accounts', column: 'number_sealed', id },
  { table: 'holder_details', column: 'details_sealed', id },
  { table: 'set_aside_rows', column: 'row_sealed', id },
  { table: 'bank_answers', column: 'body_sealed', id },
];

export function nameOfColumn({ table, column }: SealedColumn): string {
  return `${table}.${column}`;
}
