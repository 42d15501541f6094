import 'server-only';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import { createKeyRing, type KeyRing } from '#lib/crypto/keyring';
import { openBytes, seal } from '#lib/crypto/seal';

const KEY_BYTES = 32;

type StoredKey = { id: string; keySealed: Uint8Array<ArrayBuffer> };

const cellOf = (rowId: string) => ({ table: 'person_keys', column: 'key_sealed', rowId });

/**
 * The key of one user as a ring of its own, made when it is first needed; `null` names the key for what is about nobody.
 * Null for a user who is being erased or doesn't exist: nothing may be sealed under a key that would outlive them.
 */
export async function personKeyRing(tx: Context, userId: string | null): Promise<KeyRing | null> {
  const stored = (await findKey(tx, userId)) ?? (await addKey(tx, userId));
  return stored === null ? null : toRing(stored);
}

/** @throws {UnsealError} @throws {UnknownKeyError} */
export function toRing({ id, keySealed }: StoredKey): KeyRing {
  return createKeyRing([{ kid: id, key: openBytes(cellOf(id), keySealed) }]);
}

/** Whatever the key sealed can't be opened from the commit on. */
export async function destroyPersonKey(tx: Context, userId: string): Promise<void> {
  await tx.db.personKey.deleteMany({ where: { userId } });
}

function findKey(tx: Context, userId: string | null): Promise<StoredKey | null> {
  return tx.db.personKey.findFirst({ where: { userId }, select: { id: true, keySealed: true } });
}

/** The share lock waits for a deletion of the account that is under way, which then leaves no row to insert from. */
async function addKey(tx: Context, userId: string | null): Promise<StoredKey | null> {
  const id = uuidv7();
  const keySealed = seal(cellOf(id), randomBytes(KEY_BYTES));
  const createdAt = tx.clock.now();
  if (userId === null) {
    await tx.db.$executeRaw`
      insert into person_keys (id, user_id, key_sealed, created_at)
      values (${id}::uuid, null, ${keySealed}, ${createdAt}) on conflict (user_id) do nothing`;
  } else {
    await tx.db.$executeRaw`
      insert into person_keys (id, user_id, key_sealed, created_at)
      select ${id}::uuid, id, ${keySealed}, ${createdAt} from users
      where id = ${userId}::uuid and leaving_at is null for share
      on conflict (user_id) do nothing`;
  }
  return findKey(tx, userId);
}
