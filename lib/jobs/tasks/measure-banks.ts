import 'server-only';
import { measureBanks } from '#lib/banks/measure-banks';
import type { JobHandler } from '#lib/jobs/handler';

export const measureBanksTask: JobHandler<'banks.measure'> = (ctx) => measureBanks(ctx);
