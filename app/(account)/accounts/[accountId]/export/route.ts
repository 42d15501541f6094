import { exportTransactions } from '#lib/accounts/export-transactions';
import { requestContext } from '#lib/auth/current-user';
import { requireFreshSignInToDownload } from '#lib/auth/fresh-sign-in';
import { AppError } from '#lib/errors/app-error';

/** An account's transactions as CSV, a page at a time. */
export async function GET(_: Request, { params }: { params: Promise<{ accountId: string }> }): Promise<Response> {
  const { accountId } = await params;
  await requireFreshSignInToDownload(`/accounts/${encodeURIComponent(accountId)}`);
  const ctx = await requestContext();
  try {
    const { name, today, lines } = await exportTransactions(ctx, { accountId });
    const file = `${fileName(name)}-${today}.csv`;
    return new Response(toByteStream(lines), {
      headers: {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="${file}"`,
        'Cache-Control': 'no-store',
      },
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'rate_limited') return new Response('That was often. Try again in an hour.\n', { status: 429 });
    const isSignedOut = error.kind === 'unauthenticated';
    return new Response(isSignedOut ? 'Sign in first.\n' : 'There is nothing here.\n', {
      status: isSignedOut ? 401 : 404,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    });
  }
}

function fileName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'account'
  );
}

/** Pulled by whoever reads: a slow reader slows the queries, and nothing piles up. */
function toByteStream(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
