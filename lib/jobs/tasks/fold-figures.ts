import 'server-only';
import { foldCounts } from '#lib/admin/connections/count-connections';
import { foldFigures } from '#lib/admin/figures/fold-figures';
import type { JobHandler } from '#lib/jobs/handler';

export const foldFiguresTask: JobHandler<'figures.fold'> = async (ctx, _, signal) => {
  await foldCounts(ctx);
  await foldFigures(ctx, signal);
};
