import { findCurrentUser, requestContext, requireAdminPasskey } from '#lib/auth/current-user';
import { requireFreshSignInToDownload } from '#lib/auth/fresh-sign-in';
import { actingAs, type Context } from '#lib/context/context';
import { AppError, type ErrorKind } from '#lib/errors/app-error';

type Download = { name: string; type: string; chunks: AsyncIterable<string> | Iterable<string> };

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
    return toResponse(await make(ctx));
  } catch (error) {
    if (error instanceof AppError) return refusal(error.kind);
    throw error;
  }
}

function toResponse({ name, type, chunks }: Download): Response {
  return new Response(toByteStream(chunks), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}

/** Pulled by whoever reads: a slow reader slows the queries, and nothing piles up. */
function toByteStream(chunks: Download['chunks']): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await iterator.return?.(undefined);
    },
  });
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
  return new Response(`${WORDS[kind]}\n`, {
    status: STATUSES[kind],
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  });
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
