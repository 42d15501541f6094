import { exportEntries } from '#lib/admin/audit/export-entries';
import { parseAuditFilter } from '#lib/admin/audit/filter';
import { toLondonDay } from '#lib/format/day';
import { adminDownload } from '../../../_download.ts';

export function GET(request: Request): Promise<Response> {
  const filter = parseAuditFilter(Object.fromEntries(new URL(request.url).searchParams));
  return adminDownload('/admin/audit', async (ctx) => ({
    name: `audit-${toLondonDay(ctx.clock.now())}.csv`,
    type: 'text/csv; charset=utf-8',
    chunks: await exportEntries(ctx, filter),
  }));
}
