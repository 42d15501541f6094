import { requestContext } from '#lib/auth/current-user';
import { requireFreshSignInToDownload } from '#lib/auth/fresh-sign-in';
import { AppError } from '#lib/errors/app-error';
import { exportData } from '#lib/export/export-data';
import { toLondonDay } from '#lib/format/day';
import { downloadRefusal, downloadResponse, rateLimitResponse } from './download.ts';

/** A person's data as a file. */
export async function exportResponse(connectionId: string | null): Promise<Response> {
  const page = connectionId === null ? '/account' : `/connections/${encodeURIComponent(connectionId)}`;
  await requireFreshSignInToDownload(page);
  try {
    const ctx = await requestContext();
    const chunks = await exportData(ctx, { connectionId });
    const name = `linkwell-data-${toLondonDay(ctx.clock.now())}.json`;
    return downloadResponse({ name, type: 'application/json; charset=utf-8', chunks });
  } catch (error) {
    const limited = await rateLimitResponse(error);
    if (limited !== null) return limited;
    if (!(error instanceof AppError)) throw error;
    return downloadRefusal(error.kind === 'unauthenticated' ? 401 : 404, 'Sign in to save your data.');
  }
}
