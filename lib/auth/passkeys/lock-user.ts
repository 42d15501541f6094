import 'server-only';
import type { Context } from '#lib/context/context';

/** Serialises changes of a user's passkeys: what a count says then holds until the transaction ends. */
export async function lockUser(tx: Context, userId: string): Promise<void> {
  await tx.db.$queryRaw`select id from users where id = ${userId}::uuid for update`;
}
