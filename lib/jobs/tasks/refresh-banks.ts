import 'server-only';
import { refreshBanks } from '#lib/banks/refresh-banks';
import type { JobHandler } from '#lib/jobs/handler';

export const refreshBanksTask: JobHandler<'banks.refresh'> = async (ctx) => {
  const { listed, setAside } = await refreshBanks(ctx);
  ctx.log.info({ event: 'banks.refreshed', listed, setAside }, 'the list of banks is up to date');
};
