import type { Prisma } from '#lib/db/generated/client';
import type { TokenSet } from '#lib/truelayer/auth-schemas';
import type { Me } from '#lib/truelayer/identity-schemas';

/** An attempt in the hands of the one process that finishes it. */
export const CLAIMED = {
  id: true,
  userId: true,
  bankId: true,
  connectionId: true,
  purpose: true,
  way: true,
  permissions: true,
  refusedPermissions: true,
  redirectUri: true,
  verifierSealed: true,
} satisfies Prisma.AttemptSelect;

export type ClaimedAttempt = Prisma.AttemptGetPayload<{ select: typeof CLAIMED }>;

/** What TrueLayer gave for a code. */
export type Grant = { tokens: TokenSet; me: Me | null; bankId: string; permissions: string[] };

/** The person stopped sharing while they were at the bank to renew it: what they brought is given back. */
export class StoppedMeanwhileError extends Error {}

/** It took so long that the attempt was closed, and its person was told that nothing came of it: so nothing may. */
export class AttemptOverError extends Error {}

/** TrueLayer's dialog chose the bank and wouldn't say which: there is nothing to file the connection under. */
export class IdentityUnknownError extends Error {}

/** TrueLayer names a grant that another connection lives by. Another person's may not be seen, nor become known by its bank. */
export class LoginTakenError extends Error {
  readonly isOwn: boolean;

  constructor({ isOwn }: { isOwn: boolean }) {
    super();
    this.isOwn = isOwn;
  }
}

/** Tokens could neither be stored nor given back: the grant lives on at TrueLayer, without tokens here. */
export class GrantLeftOpenError extends Error {
  constructor(cause: unknown) {
    super('a grant could neither be stored nor given back', { cause });
  }
}

/** Whether a sign-in at the bank makes a consent of its own; else it belongs to the connection that is renewed. */
export function makesOwnConsent({ connectionId, way }: { connectionId: string | null; way: string | null }): boolean {
  return connectionId === null || way === null || way === 'fresh_link';
}
