import 'server-only';
import type { Context } from '#lib/context/context';
import { openText, seal } from '#lib/crypto/seal';
import { AppError } from '#lib/errors/app-error';
import { destroyPersonKey, personKeyRing, toRing } from './person-keys.ts';

/**
 * What an admin typed as a reason. `erased`: the person that it was about has been erased, and nobody can open it any more.
 * `unreadable`: the key ring lacks a key.
 */
export type TypedReason = { status: 'readable'; text: string } | { status: 'erased' } | { status: 'unreadable' };

type NewReason = { entryId: string; personId: string | null; text: string };

const cellOf = (rowId: string) => ({ table: 'audit_reasons', column: 'ciphertext', rowId });

/** Stores the reason of an entry that the same transaction wrote, sealed under the key of the person that the entry is about. */
export async function storeTypedReason(tx: Context, { entryId, personId, text }: NewReason): Promise<void> {
  const ring = await personKeyRing(tx, personId);
  await tx.db.auditReason.create({
    data:
      ring === null
        ? { entryId }
        : { entryId, keyId: ring.sealingKey().kid, ciphertext: seal(cellOf(entryId), text, ring) },
    select: { entryId: true },
  });
}

type Row = {
  entryId: string;
  keyId: string | null;
  keySealed: Uint8Array<ArrayBuffer> | null;
  ciphertext: Uint8Array | null;
  text: string | null;
};

/** By the entry's id, for those entries that a reason was typed for. Callers authorise: the text is only as secret as the entry. */
export async function readTypedReasons(ctx: Context, entryIds: readonly string[]): Promise<Map<string, TypedReason>> {
  if (entryIds.length === 0) return new Map();
  const rows = await ctx.db.$queryRaw<Row[]>`
    select r.entry_id as "entryId", k.id as "keyId", k.key_sealed::bytea as "keySealed", r.ciphertext, null as text
    from audit_reasons r left join person_keys k on k.id = r.key_id
    where r.entry_id = any(${[...entryIds]}::uuid[])
    union all
    select entry_id, null, null, null, text from reasons_to_seal where entry_id = any(${[...entryIds]}::uuid[])`;
  return new Map(rows.map((row) => [row.entryId, open(row)]));
}

function open({ entryId, keyId, keySealed, ciphertext, text }: Row): TypedReason {
  if (text !== null) return { status: 'readable', text };
  if (keyId === null || keySealed === null || ciphertext === null) return { status: 'erased' };
  try {
    return { status: 'readable', text: openText(cellOf(entryId), ciphertext, toRing({ id: keyId, keySealed })) };
  } catch (error) {
    if (error instanceof AppError) return { status: 'unreadable' };
    throw error;
  }
}

/** In the transaction that erases the account: what admins typed about the person can't be read from its commit on. */
export async function eraseTypedReasons(tx: Context, userId: string): Promise<void> {
  await destroyPersonKey(tx, userId);
  await tx.db.$executeRaw`
    with unsealed as (delete from reasons_to_seal where person_id = ${userId}::uuid returning entry_id)
    insert into audit_reasons (entry_id) select entry_id from unsealed`;
}
