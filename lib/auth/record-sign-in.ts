import 'server-only';
import type { Actor } from '#lib/actor/actor';
import { recordAudit } from '#lib/audit/record';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import type { Role } from '#lib/db/generated/client';
import { RateLimitedError } from '#lib/errors/rate-limited';
import { networkOf } from '#lib/limits/network-of';
import { type Limit, takeFromLimit } from '#lib/limits/take';
import { isListedAdmin } from './admin-role.ts';

export type SignInMethod = 'email' | 'oidc';

/** `isEmailProven`: this sign-in showed that the user holds `email`, the address of their account. */
type SignedIn = { userId: string; email: string; method: SignInMethod; isEmailProven: boolean };

/**
 * Records a sign-in, and gives or takes the admin role as the environment's list says, which is recorded too. The role is
 * given only by a sign-in that proves the listed address; any other leaves a listed user's role as it is.
 */
export async function recordSignIn(ctx: Context, signedIn: SignedIn): Promise<void> {
  const { userId, method } = signedIn;
  const role = await roleAfter(ctx, signedIn);
  const actor: Actor = { kind: role, userId };
  await inTransaction(actingAs(ctx, actor), async (tx) => {
    const person = { subject: { kind: 'person', id: userId }, personId: userId };
    const { count } = await tx.db.user.updateMany({ where: { id: userId, role: { not: role } }, data: { role } });
    if (count > 0) {
      const before = { role: role === 'admin' ? 'user' : 'admin' };
      await recordAudit(tx, { action: 'user.role_changed', ...person, before, after: { role } });
    }
    await recordAudit(tx, { action: 'user.signed_in', ...person, after: { method } });
  });
}

async function roleAfter(ctx: Context, { userId, email, isEmailProven }: SignedIn): Promise<Role> {
  if (!isListedAdmin(email)) return 'user';
  if (isEmailProven) return 'admin';
  const { role } = await ctx.db.user.findUniqueOrThrow({ where: { id: userId }, select: { role: true } });
  return role;
}

// Anybody can fail to sign in, and the audit keeps every entry for ever. The log has every failure.
const PER_NETWORK: Limit = { name: 'failed sign-ins in the audit, by network', times: 5, inSeconds: 3600 };
const PER_USER: Limit = { name: 'failed sign-ins in the audit, by user', times: 5, inSeconds: 3600 };
const IN_ALL: Limit = { name: 'failed sign-ins in the audit', times: 200, inSeconds: 3600 };

/** `email` is what the request named, if anything: recorded only as the id of the user whose address it is. */
type FailedSignIn = { method: SignInMethod; code: string; email: string | null };

/**
 * Records a failed sign-in, up to 5 an hour for each network and for each user, and 200 in all; further ones are in the log
 * only.
 */
export async function recordFailedSignIn(ctx: Context, { method, code, email }: FailedSignIn): Promise<void> {
  const known = /^\w{1,64}$/.test(code) ? code : 'unknown';
  ctx.log.warn({ event: 'sign_in.failed', method, errorCode: known }, 'sign-in failed');
  const user =
    email === null
      ? null
      : await ctx.db.user.findUnique({ where: { email: email.toLowerCase().slice(0, 254) }, select: { id: true } });
  try {
    await takeFromLimit(PER_NETWORK, networkOf(ctx.callerAddress ?? 'unknown'));
    if (user !== null) await takeFromLimit(PER_USER, user.id);
    await takeFromLimit(IN_ALL, 'all');
  } catch (error) {
    if (error instanceof RateLimitedError) return;
    throw error;
  }
  await inTransaction(ctx, (tx) =>
    recordAudit(tx, {
      action: 'user.sign_in_failed',
      subject: user === null ? { kind: 'sign_in', id: method } : { kind: 'person', id: user.id },
      personId: user?.id ?? null,
      after: { method, code: known },
    }),
  );
}
