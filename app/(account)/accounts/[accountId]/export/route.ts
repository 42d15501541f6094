import { exportTransactions } from '#lib/accounts/export-transactions';
import { requestContext } from '#lib/auth/current-user';
import { requireFreshSignInToDownload } from '#lib/auth/fresh-sign-in';
import { AppError } from '#lib/errors/app-error';
import { downloadRefusal, downloadResponse, rateLimitResponse } from '../../../../_files/download.ts';

/** An account's transactions as CSV: the booked ones, and with `?pending=true` also the pending ones. */
export async function GET(request: Request, { params }: { params: Promise<{ accountId: string }> }): Promise<Response> {
  const { accountId } = await params;
  await requireFreshSignInToDownload(`/accounts/${encodeURIComponent(accountId)}`);
  const ctx = await requestContext();
  try {
    const withPending = new URL(request.url).searchParams.get('pending') === 'true';
    const { name, today, lines } = await exportTransactions(ctx, { accountId, withPending });
    return downloadResponse({ name: `${fileName(name)}-${today}.csv`, type: 'text/csv; charset=utf-8', chunks: lines });
  } catch (error) {
    const limited = await rateLimitResponse(error);
    if (limited !== null) return limited;
    if (!(error instanceof AppError)) throw error;
    const isSignedOut = error.kind === 'unauthenticated';
    return downloadRefusal(isSignedOut ? 401 : 404, isSignedOut ? 'Sign in first.' : 'There is nothing here.');
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
