import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { type KeyRing, keyRing } from '#lib/crypto/keyring';
import { openBytes, seal } from '#lib/crypto/seal';
import { AppError } from '#lib/errors/app-error';
import { nameOfColumn, SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts';

export type RotationStep = { column: string; resealed: number; overtaken: number; unreadable: string[] };

type RotateInput = { batchSize?: number; signal?: AbortSignal; ring?: KeyRing };

/**
 * Seals everything that another key sealed with the ring's first key, a batch at a time while everything serves. What is done
 * names the new key, so there is nothing to remember: stopped anywhere, it goes on where it was. A value that changes
 * meanwhile is left to whoever changed it, and one that can't be opened is reported and left as it is.
 */
export async function* rotateKeys(ctx: Context, input: RotateInput = {}): AsyncGenerator<RotationStep> {
  requireSystem(ctx.actor);
  const { kid } = (input.ring ?? keyRing()).sealingKey();
  const counts = { resealed: 0, overtaken: 0, unreadable: 0 };
  await audit(ctx, 'keys.rotation_started', kid, {});
  for await (const step of resealAll(ctx, input)) {
    counts.resealed += step.resealed;
    counts.overtaken += step.overtaken;
    counts.unreadable += step.unreadable.length;
    yield step;
  }
  await audit(ctx, 'keys.rotation_ended', kid, { ...counts, wasStopped: input.signal?.aborted === true });
}

/** A process that is killed leaves the first entry without the second. */
function audit(ctx: Context, action: string, kid: string, after: Record<string, number | boolean>): Promise<void> {
  return inTransaction(ctx, (tx) => recordAudit(tx, { action, subject: { kind: 'sealing_key', id: kid }, after }));
}

async function* resealAll(
  ctx: Context,
  { batchSize = 500, signal, ring = keyRing() }: RotateInput,
): AsyncGenerator<RotationStep> {
  for (const sealed of SEALED_COLUMNS) {
    let after: string | null = null;
    do {
      if (signal?.aborted) return;
      const rows = await nextRows(ctx, sealed, { ring, after, batchSize });
      if (rows.length > 0) yield await resealRows(ctx, sealed, rows, ring);
      after = rows.length < batchSize ? null : (rows.at(-1)?.id ?? null);
    } while (after !== null);
  }
}

type Row = { id: string; envelope: Uint8Array };
type Page = { ring: KeyRing; after: string | null; batchSize: number };

/** In the order of their ids, so that what can't be opened is passed by and met once. */
function nextRows(ctx: Context, { table, column, id }: SealedColumn, { ring, after, batchSize }: Page): Promise<Row[]> {
  const { kid } = ring.sealingKey();
  const head = Buffer.concat([Buffer.from([1, kid.length]), Buffer.from(kid, 'latin1')]);
  return ctx.db.$queryRawUnsafe<Row[]>(
    `select "${id.column}"::text as id, "${column}"::bytea as envelope from "${table}"
     where "${column}" is not null and substring("${column}"::bytea from 1 for $1::int) <> decode($2, 'hex')
       and ($3::text is null or "${id.column}" > $3::${id.type})
     order by "${id.column}" limit $4::int`,
    head.length,
    head.toString('hex'),
    after,
    batchSize,
  );
}

async function resealRows(ctx: Context, sealed: SealedColumn, rows: Row[], ring: KeyRing): Promise<RotationStep> {
  const unreadable: string[] = [];
  const changes: { id: string; old: Uint8Array; fresh: Buffer }[] = [];
  for (const { id, envelope } of rows) {
    const fresh = reseal({ table: sealed.table, column: sealed.column, rowId: id }, envelope, ring);
    if (fresh === null) unreadable.push(id);
    else changes.push({ id, old: envelope, fresh });
  }
  const resealed = await replace(ctx, sealed, changes);
  return { column: nameOfColumn(sealed), resealed, overtaken: changes.length - resealed, unreadable };
}

/** Null when it can't be opened. What was made is opened again before it replaces anything. */
function reseal(cell: Parameters<typeof seal>[0], envelope: Uint8Array, ring: KeyRing): Buffer | null {
  try {
    const plain = openBytes(cell, envelope, ring);
    const fresh = seal(cell, plain, ring);
    if (!openBytes(cell, fresh, ring).equals(plain)) throw new Error('a value does not open to what was sealed');
    return fresh;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Only over what was read: a token that was refreshed meanwhile has been sealed by somebody who knows better. */
async function replace(
  ctx: Context,
  { table, column, id }: SealedColumn,
  changes: { id: string; old: Uint8Array; fresh: Buffer }[],
): Promise<number> {
  if (changes.length === 0) return 0;
  const rows = await ctx.db.$queryRawUnsafe<{ id: string; envelope: Uint8Array }[]>(
    `update "${table}" t set "${column}" = decode(u.fresh, 'base64')
     from unnest($1::text[], $2::text[], $3::text[]) as u(id, old, fresh)
     where t."${id.column}" = u.id::${id.type} and t."${column}" = decode(u.old, 'base64')
     returning t."${id.column}"::text as id, t."${column}"::bytea as envelope`,
    changes.map((change) => change.id),
    changes.map((change) => Buffer.from(change.old).toString('base64')),
    changes.map((change) => change.fresh.toString('base64')),
  );
  const written = new Map(changes.map((change) => [change.id, change.fresh]));
  for (const row of rows) {
    if (written.get(row.id)?.equals(row.envelope) !== true)
      throw new Error(`${table} stored something else than was sealed`);
  }
  return rows.length;
}
