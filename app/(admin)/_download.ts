import { findCurrentUser, requestContext, requireAdminPasskey } from '#lib/auth/current-user';
import { requireFreshSignInToDownload } from '#lib/auth/fresh-sign-in';
import { actingAs, type Context } from '#lib/context/context';
import { AppError, type ErrorKind } from '#lib/errors/app-error';
import { type Download, downloadRefusal, downloadResponse, rateLimitResponse } from '../_files/download.ts';

/**
 * A file for an admin who signed in within the last 10 minutes; `page` is where the link to it is. To anybody else it isn't
 * there, as no page of the team's is.
 */
export async function adminDownload(page: string, make: (ctx: Context) => Promise<Download>): Promise<Response> {
  const user = await findCurrentUser();
  if (user === null) return refusal('unauthenticated');
  if (!user.isAdmin) return refusal('not_found');
  requireAdminPasskey(user);
  await requireFreshSignInToDownload(page);
  try {
    const ctx = actingAs(await requestContext(), { kind: 'admin', userId: user.id });
    return downloadResponse(await make(ctx));
  } catch (error) {
    const limited = await rateLimitResponse(error);
    if (limited !== null) return limited;
    if (error instanceof AppError) return refusal(error.kind);
    throw error;
  }
}

const STATUSES: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 404,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
};

function refusal(kind: ErrorKind): Response {
  return downloadRefusal(STATUSES[kind], WORDS[kind]);
}

const WORDS: Readonly<Record<ErrorKind, string>> = {
  invalid: 'This file was asked for in a way that we don’t understand.',
  unauthenticated: 'Sign in first.',
  forbidden: 'There is nothing here.',
  not_found: 'There is nothing here.',
  conflict: 'This can’t be had just now.',
  rate_limited: 'That were many files within an hour. Please try again later.',
  unavailable: 'This can’t be had just now. Please try again later.',
};
