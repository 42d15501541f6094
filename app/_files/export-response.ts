import { requestContext } from '#lib/auth/current-user';
import { requireFreshSignInToDownload } from '#lib/auth/fresh-sign-in';
import { exportData } from '#lib/connections/export-data';
import { AppError } from '#lib/errors/app-error';
import { toLondonDay } from '#lib/format/day';

/** A person's data as a file, written as fast as it is read. */
export async function exportResponse(connectionId: string | null): Promise<Response> {
  const page = connectionId === null ? '/account' : `/connections/${encodeURIComponent(connectionId)}`;
  await requireFreshSignInToDownload(page);
  try {
    const ctx = await requestContext();
    const chunks = await exportData(ctx, { connectionId });
    return new Response(toByteStream(chunks), {
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Disposition': `attachment; filename="linkwell-data-${toLondonDay(ctx.clock.now())}.json"`,
        'Cache-Control': 'no-store',
      },
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'rate_limited') return new Response('That was often. Try again in an hour.\n', { status: 429 });
    return new Response('Sign in to save your data.\n', { status: error.kind === 'unauthenticated' ? 401 : 404 });
  }
}

/** Pulled by whoever reads: a slow reader slows the queries, and nothing piles up. */
function toByteStream(chunks: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = chunks[Symbol.asyncIterator]();
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
