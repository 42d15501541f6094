import 'server-only';
import { headers } from 'next/headers';
import type { Adapter, AdapterAccount, AdapterUser } from 'next-auth/adapters';
import { hashOf } from '#lib/crypto/secret';
import { database } from '#lib/db/client';
import type { Prisma, Role } from '#lib/db/generated/client';
import { prefixOf } from '#lib/limits/network-of';
import { isAdmin } from './admin-role.ts';
import { clientAddressOf } from './client-address.ts';
import { deviceOf } from './device.ts';
import { endOfSession, isIncomplete } from './session-life.ts';

/**
 * Where next-auth keeps users and sessions. Session tokens are stored hashed, so that a copy of the table signs nobody in; the
 * OpenID Connect provider's tokens are not stored at all.
 */
export const adapter = {
  async createUser(user: Omit<AdapterUser, 'id'>) {
    const row = await database().user.create({
      data: {
        email: user.email.toLowerCase(),
        name: user.name ?? null,
        emailVerifiedAt: user.emailVerified,
        createdAt: new Date(),
      },
      select: USER,
    });
    return toAdapterUser(row);
  },

  async getUser(id) {
    const row = await database().user.findUnique({ where: { id }, select: USER });
    return row && toAdapterUser(row);
  },

  async getUserByEmail(email) {
    const row = await database().user.findUnique({ where: { email: email.toLowerCase() }, select: USER });
    return row && toAdapterUser(row);
  },

  async getUserByAccount({ provider, providerAccountId }) {
    const row = await database().signInAccount.findUnique({
      where: { provider_providerAccountId: { provider, providerAccountId } },
      select: { user: { select: USER } },
    });
    return row && toAdapterUser(row.user);
  },

  async updateUser(user) {
    const row = await database().user.update({
      where: { id: user.id },
      data: {
        ...(user.name === undefined ? {} : { name: user.name }),
        ...(user.emailVerified === undefined ? {} : { emailVerifiedAt: user.emailVerified }),
      },
      select: USER,
    });
    return toAdapterUser(row);
  },

  async linkAccount({ userId, provider, providerAccountId }: AdapterAccount) {
    await database().signInAccount.create({ data: { userId, provider, providerAccountId }, select: { id: true } });
  },

  async createSession({ sessionToken, userId, expires }) {
    const sent = await headers();
    const address = clientAddressOf(sent);
    await database().session.create({
      data: {
        tokenHash: hashOf(sessionToken),
        userId,
        expiresAt: expires,
        createdAt: new Date(),
        device: deviceOf(sent.get('user-agent')),
        network: address === null ? null : prefixOf(address),
      },
      select: { id: true },
    });
    return { sessionToken, userId, expires };
  },

  /** next-auth refuses a session whose `expires` has passed, and deletes it. */
  async getSessionAndUser(sessionToken) {
    const tokenHash = hashOf(sessionToken);
    const row = await database().session.findUnique({
      where: { tokenHash },
      select: { ...SESSION, id: true, lastUsedAt: true, passkeyUsedAt: true },
    });
    if (row === null) return null;
    const owner = { isAdmin: isAdmin(row.user), hasPasskey: row.user._count.passkeys > 0 };
    const expires = endOfSession(row, owner);
    const now = new Date();
    if (now < expires && now.getTime() - (row.lastUsedAt ?? row.createdAt).getTime() >= USE_PRECISION_MS) {
      await database().session.updateMany({ where: { tokenHash }, data: { lastUsedAt: now } });
    }
    return {
      session: { sessionToken, userId: row.user.id, expires },
      user: {
        ...toAdapterUser(row.user),
        sessionId: row.id,
        signedInAt: row.passkeyUsedAt ?? row.createdAt,
        hasPasskey: owner.hasPasskey,
        isIncomplete: isIncomplete(row, owner),
      },
    };
  },

  /** Renews nothing past the absolute end of a session, which is counted from its sign-in. */
  async updateSession({ sessionToken, expires }) {
    if (expires === undefined) return null;
    const tokenHash = hashOf(sessionToken);
    const row = await database().session.findUnique({
      where: { tokenHash },
      select: SESSION,
    });
    if (row === null) return null;
    const owner = { isAdmin: isAdmin(row.user), hasPasskey: row.user._count.passkeys > 0 };
    const expiresAt = endOfSession({ ...row, expiresAt: expires }, owner);
    await database().session.updateMany({ where: { tokenHash }, data: { expiresAt } });
    return { sessionToken, userId: row.user.id, expires: expiresAt };
  },

  async deleteSession(sessionToken) {
    await database().session.deleteMany({ where: { tokenHash: hashOf(sessionToken) } });
  },
} satisfies Adapter;

/** A session's last use is written this often at most. */
const USE_PRECISION_MS = 5 * 60_000;

const USER = { id: true, email: true, name: true, emailVerifiedAt: true, role: true } satisfies Prisma.UserSelect;

/** What the end of a session depends on. */
const SESSION = {
  createdAt: true,
  expiresAt: true,
  secondFactorAt: true,
  user: { select: { ...USER, _count: { select: { passkeys: true } } } },
} satisfies Prisma.SessionSelect;

type UserRow = { id: string; email: string; name: string | null; emailVerifiedAt: Date | null; role: Role };

function toAdapterUser(row: UserRow): AdapterUser & { role: Role } {
  return { id: row.id, email: row.email, name: row.name, emailVerified: row.emailVerifiedAt, role: row.role };
}
