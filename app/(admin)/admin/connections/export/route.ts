import { exportConnections } from '#lib/admin/connections/export-connections';
import { parseConnectionFilter } from '#lib/admin/connections/filter';
import { toLondonDay } from '#lib/format/day';
import { adminDownload } from '../../../_download.ts';

/** The filtered list as it stands, a batch at a time. */
export function GET(request: Request): Promise<Response> {
  const filter = parseConnectionFilter(Object.fromEntries(new URL(request.url).searchParams));
  return adminDownload('/admin/connections', async (ctx) => ({
    name: `connections-${toLondonDay(ctx.clock.now())}.csv`,
    type: 'text/csv; charset=utf-8',
    chunks: await exportConnections(ctx, filter),
  }));
}
