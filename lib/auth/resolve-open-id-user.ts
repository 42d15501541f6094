import 'server-only';
import { recordAudit } from '#lib/audit/record';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { followProviderEmail } from './change-email.ts';
import type { OpenIdClaims } from './open-id-claims.ts';

export const OPEN_ID_PROVIDER = 'oidc';

/**
 * Finds the user of a sign-in at the OpenID Connect provider, by the provider's subject. One who is new here is linked to the
 * user with the same address if that address is verified on both sides, or becomes a new user. The address of a known one
 * follows the provider's.
 * @returns the user's id
 * @throws {AppError} forbidden: `account_unverified` (nobody has proven to hold the address of the user here), or
 * `other_identity` (that user signs in as another subject; the provider may have given the address to somebody else)
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
    if (from === claims.email || (await followProviderEmail(asUser, { userId: user.id, from, to: claims.email }))) {
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
  await tx.db.signInAccount.create({ data: { ...where, providerAccountId: subject, email }, select: { id: true } });
  if (created === 0) {
    const person = { subject: { kind: 'person', id: user.id }, personId: user.id };
    const asUser = actingAs(tx, { kind: 'user', userId: user.id });
    await recordAudit(asUser, { action: 'user.sign_in_linked', ...person, after: { method: 'oidc' } });
  }
  return user.id;
}
