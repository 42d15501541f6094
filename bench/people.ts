import { syncConnection } from '#lib/sync/sync-connection';
import { type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import type { Stage } from './figure.ts';

/** Refuses nothing of ten years, so that one answer holds all of them. */
export const DECADE_BANK = 'ob-starling';
export const DECADE_DAYS = 3650;
export const DECADE_ROWS = 50_000;

export async function openDecade(stage: Stage): Promise<void> {
  await stage.control('PUT', '/switches', {
    banks: { [DECADE_BANK]: { account_days: DECADE_DAYS, sca_minutes: 600 } },
  });
}

/** Somebody who has just linked a bank, whose accounts are listed and of whose transactions nothing is here yet. */
export async function aListedPerson(stage: Stage, login: string, bankId: string): Promise<LinkedPerson> {
  const person = await linkPerson(stage.standInUrl, { login, bankId });
  await person.system.db.bank.update({
    where: { id: bankId },
    data: { accountHistoryDays: bankId === DECADE_BANK ? DECADE_DAYS : null },
    select: { id: true },
  });
  const { connectionId, userId, ctx } = person;
  await syncConnection(ctx, {
    connectionId,
    presence: presenceOf(userId),
    trigger: 'first',
    resources: ['accounts', 'cards'],
  });
  return person;
}

export async function syncTransactions({ ctx, connectionId, userId }: LinkedPerson): Promise<number> {
  const presence = presenceOf(userId);
  const report = await syncConnection(ctx, { connectionId, presence, trigger: 'person', resources: ['transactions'] });
  if (report.outcome !== 'complete') throw new Error(`a sync ended ${report.outcome}: ${report.code}`);
  return report.rowsStored;
}
