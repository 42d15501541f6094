import { getAccessToken } from '#lib/connections/tokens';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { addDays, dayOf } from '#lib/time/day';
import { atMost, type Bench, figure, median, type Stage } from './figure.ts';

const BANK = 'ob-starling';
const BANK_MS = 331;
const DAYS = 730;
const ROUNDS = 3;
const ACCOUNTS = 5;

/** Two years of five accounts at the speed of a real bank, against the same calls made bare. */
export const measureHistory: Bench = async (stage) => {
  await warmUp(stage);
  await stage.control('PUT', '/switches', { banks: { [BANK]: { account_days: DAYS, latency_ms: BANK_MS } } });
  const ratios: number[] = [];
  const seconds: number[] = [];
  let calls = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const person = await aPerson(stage);
    const ours = await secondsOf(() => fetchEverything(person));
    const made = await bareCalls(person);
    const bare = await secondsOf(made.repeat);
    calls = made.count;
    seconds.push(ours);
    ratios.push(ours / bare);
  }
  await stage.control('POST', '/reset');
  const fewest = 2 + 1 + 3 * ACCOUNTS + 2 * ACCOUNTS;
  const method = `median of ${ROUNDS} new persons with ${ACCOUNTS} accounts at ${BANK_MS} ms a call: first attended pass and its job until all is stored, against the same requests sent bare, one after another, with their bodies read`;
  return [
    figure({ name: '24 months × 5 accounts ÷ bare calls', value: median(ratios), unit: '×', method }, atMost(1.1)),
    figure({ name: '24 months × 5 accounts', value: median(seconds), unit: 's', method }),
    figure(
      {
        name: 'calls made for it',
        value: calls,
        unit: 'calls',
        method: `the fewest that can do it are ${fewest}: both lists, the holder, and for each account its balance, booked and pending rows, direct debits and standing orders`,
      },
      atMost(fewest),
    ),
  ];
};

async function warmUp(stage: Stage): Promise<void> {
  await stage.control('PUT', '/switches', { banks: { [BANK]: { account_days: DAYS, latency_ms: 0 } } });
  await fetchEverything(await aPerson(stage));
}

async function aPerson(stage: Stage): Promise<LinkedPerson> {
  const person = await linkPerson(stage.standInUrl, { login: 'busy/busy', bankId: BANK });
  const data = { accountHistoryDays: DAYS, cardHistoryDays: DAYS };
  await person.system.db.bank.update({ where: { id: BANK }, data, select: { id: true } });
  return person;
}

async function fetchEverything({ ctx, system, connectionId, userId }: LinkedPerson): Promise<void> {
  await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) });
  const report = await syncUnattended(system, { connectionId });
  if (report?.outcome !== 'complete') throw new Error(`the job ended ${report?.outcome}: ${report?.code}`);
}

/** What was asked of the bank for this person, to be asked again without storing or even parsing anything. */
async function bareCalls({ system, connectionId }: LinkedPerson) {
  const made = await system.db.truelayerCall.findMany({
    where: { connectionId, endpoint: { notIn: ['me', 'token_refresh', 'async_results'] } },
    orderBy: { startedAt: 'asc' },
    select: { endpoint: true, accountId: true },
  });
  const accounts = await system.db.bankAccount.findMany({
    where: { connectionId },
    select: { id: true, truelayerId: true },
  });
  const idOf = new Map(accounts.map(({ id, truelayerId }) => [id, truelayerId]));
  const { accessToken } = await getAccessToken(system, connectionId);
  const to = dayOf(system.clock.now());
  const addresses = made.map(({ endpoint, accountId }) => addressOf(endpoint, idOf.get(accountId ?? '') ?? '', to));
  const origin = process.env.TRUELAYER_API_URL ?? '';
  return {
    count: addresses.length,
    repeat: async () => {
      const headers = { authorization: `Bearer ${accessToken}`, 'x-psu-ip': '81.2.69.160' };
      for (const address of addresses) await (await fetch(`${origin}${address}`, { headers })).arrayBuffer();
    },
  };
}

function addressOf(endpoint: string, id: string, to: string): string {
  const salt = `t=${Math.random()}`;
  if (!endpoint.includes('_')) return `/data/v1/${endpoint}?${salt}`;
  const [kind = '', ...rest] = endpoint.split('_');
  const what = rest.join('_');
  if (what === 'transactions')
    return `/data/v1/${kind}s/${id}/transactions?from=${addDays(to, -DAYS)}&to=${to}&${salt}`;
  return `/data/v1/${kind}s/${id}/${what === 'pending_transactions' ? 'transactions/pending' : what}?${salt}`;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
