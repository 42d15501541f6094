import 'server-only';
import { v4 as uuidv4 } from 'uuid';
import { recordAudit } from '#lib/audit/record';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { followProviderEmail } from './change-email.ts';
import type { OpenIdClaims } from './open-id-claims.ts';
import { lockUser } from './passkeys/lock-user.ts';
import { enqueueSecurityNotice } from './passkeys/security-notice.ts';

export const OPEN_ID_PROVIDER = 'oidc';

/**
 * Finds the user of a sign-in at the OpenID Connect provider, by the provider's subject. One who is new here is linked to the
 * user with the same address if that address is verified on both sides, or becomes a new user. The address of a known one
 * follows the provider's. This is the first factor only, so for a user who has a passkey it changes nothing: no identity is
 * linked, and the address stays.
 * @returns the user's id
 * @throws {AppError} forbidden: `account_unverified` (nobody has proven to hold the address of the user here), or
 * `other_identity` (that user signs in as another subject; the provider may have given the address to somebody else), or
 * `passkey_needed` (that user has a passkey)
 */
export async function resolveOpenIdUser(ctx: Context, claims: OpenIdClaims): Promise<string> {
  return inTransaction(ctx, async (tx) => {
    const identity = { provider: OPEN_ID_PROVIDER, providerAccountId: claims.subject };
    const known = await tx.db.signInAccount.findUnique({
      where: { provider_providerAccountId: identity },
      select: { id: true, email: true, user: { select: { id: true, email: true } } },
    });
    if (known === null) return linkByEmail(tx, claims);
    const { user } = known;
    const from = known.email ?? user.email;
    const asUser = actingAs(tx, { kind: 'user', userId: user.id });
    if (from === claims.email) return user.id;
    await lockUser(tx, user.id);
    if (await hasPasskey(tx, user.id)) {
      tx.log.warn(
        { event: 'sign_in.provider_email_ignored', userId: user.id },
        'the user has a passkey: no new address',
      );
      return user.id;
    }
    if (await followProviderEmail(asUser, { userId: user.id, from, to: claims.email })) {
      await tx.db.signInAccount.update({
        where: { id: known.id },
        data: { email: claims.email },
        select: { id: true },
      });
    }
    return user.id;
  });
}

async function linkByEmail(tx: Context, { subject, email, name }: OpenIdClaims): Promise<string> {
  const now = new Date();
  const { count: created } = await tx.db.user.createMany({
    data: { email, name, emailVerifiedAt: now, createdAt: now },
    skipDuplicates: true,
  });
  // The lock makes a second sign-in with this address wait, and find the identity that this one links.
  const [user] = await tx.db.$queryRaw<{ id: string; is_verified: boolean }[]>`
    select id, email_verified_at is not null as is_verified from users where email = ${email} for update`;
  if (user === undefined) throw new Error('the user was deleted during the sign-in');
  if (!user.is_verified) throw new AppError('forbidden', 'account_unverified');
  const where = { userId: user.id, provider: OPEN_ID_PROVIDER };
  const linked = await tx.db.signInAccount.findMany({ where, select: { providerAccountId: true } });
  if (linked.some(({ providerAccountId }) => providerAccountId === subject)) return user.id;
  if (linked.length > 0) throw new AppError('forbidden', 'other_identity');
  if (await hasPasskey(tx, user.id)) throw new AppError('forbidden', 'passkey_needed');
  await tx.db.signInAccount.create({ data: { ...where, providerAccountId: subject, email }, select: { id: true } });
  if (created === 0) {
    const person = { subject: { kind: 'person', id: user.id }, personId: user.id };
    const asUser = actingAs(tx, { kind: 'user', userId: user.id });
    await recordAudit(asUser, { action: 'user.sign_in_linked', ...person, after: { method: 'oidc' } });
    await enqueueSecurityNotice(asUser, { userId: user.id, notice: 'sign_in_linked', eventId: uuidv4() });
  }
  return user.id;
}

/** In a transaction that has locked the user: a passkey that is being added is seen. */
async function hasPasskey(tx: Context, userId: string): Promise<boolean> {
  return (await tx.db.passkey.count({ where: { userId } })) > 0;
}
