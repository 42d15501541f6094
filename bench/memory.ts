import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { getAccessToken } from '#lib/connections/tokens';
import { ask } from '#lib/queue/ask';
import type { LinkedPerson } from '#lib/testing/link-person';
import { addDays, dayOf } from '#lib/time/day';
import { type Child, startChild, stopChild } from '#scripts/local/children';
import { atLeast, atMost, type Bench, figure, median, type Stage } from './figure.ts';
import { aListedPerson, DECADE_BANK, DECADE_DAYS, openDecade } from './people.ts';

const LOGIN = 'million/million';
const ROWS = 1_000_000;
const SAMPLE_MS = 250;
const LONGEST_MS = 15 * 60_000;

/** A worker process as `npm run worker` starts it, watched from outside while it stores a million rows. */
export const measureMemory: Bench = async (stage) => {
  await openDecade(stage);
  await warmUp(stage, await aListedPerson(stage, LOGIN, DECADE_BANK));
  // The same login a minute later: the deep past is open, and the stand-in knows what it will say.
  const person = await aListedPerson(stage, LOGIN, DECADE_BANK);
  const worker = startChild({
    name: 'worker',
    args: ['--max-semi-space-size=4', 'scripts/worker.ts'],
    env: stage.env,
    logDir: stage.dir,
  });
  try {
    const { connectionId, system } = person;
    await ask(system, 'connection.sync', { connectionId }, { key: `${connectionId} bench` });
    const { samples, seconds } = await watch(worker, person);
    return figuresOf(samples, seconds, await rowsOf(person));
  } finally {
    await stopChild(worker);
    await stage.control('POST', '/reset');
  }
};

function figuresOf(samples: readonly number[], seconds: number, rows: number) {
  const quarter = Math.ceil(samples.length / 4);
  const growth = median(samples.slice(-quarter)) / median(samples.slice(quarter, 2 * quarter));
  const method = `one worker process storing ${ROWS} rows of one connection (20 accounts, 28 MB of JSON each); its resident memory every ${SAMPLE_MS} ms from /proc, from the first stored row to the last`;
  return [
    figure({ name: 'rows stored by the worker', value: rows, unit: 'rows', method }, atLeast(ROWS * 0.99)),
    figure({ name: 'worker memory, peak', value: Math.max(...samples), unit: 'MiB', method }, atMost(256)),
    figure(
      { name: 'worker memory, last quarter ÷ second', value: growth, unit: '×', method: 'medians; flat is 1' },
      atMost(1.15),
    ),
    figure({ name: 'worker, a million rows', value: rows / seconds, unit: 'rows/s', method }),
  ];
}

/** The stand-in makes every answer up once before anything is measured. */
async function warmUp(stage: Stage, { system, connectionId }: LinkedPerson): Promise<void> {
  const accounts = await system.db.bankAccount.findMany({ where: { connectionId }, select: { truelayerId: true } });
  const { accessToken } = await getAccessToken(system, connectionId);
  const to = dayOf(system.clock.now());
  const headers = { authorization: `Bearer ${accessToken}`, 'x-psu-ip': '81.2.69.160' };
  for (const { truelayerId } of accounts) {
    const query = `from=${addDays(to, -DECADE_DAYS)}&to=${to}`;
    const response = await fetch(`${stage.standInUrl}/data/v1/accounts/${truelayerId}/transactions?${query}`, {
      headers,
    });
    await response.arrayBuffer();
  }
}

async function watch(worker: Child, person: LinkedPerson): Promise<{ samples: number[]; seconds: number }> {
  const samples: number[] = [];
  const deadline = Date.now() + LONGEST_MS;
  let startedAt = 0;
  for (;;) {
    if (worker.process.exitCode !== null) throw new Error(`the worker ended:\n${worker.tail()}`);
    if (Date.now() > deadline) throw new Error(`not done in time:\n${worker.tail()}`);
    const { covered, open } = await progressOf(person);
    if (covered > 0) {
      startedAt ||= performance.now();
      samples.push(residentMib(worker));
    }
    if (covered > 0 && open === 0) return { samples, seconds: (performance.now() - startedAt) / 1000 };
    await wait(SAMPLE_MS);
  }
}

async function progressOf({ system, connectionId }: LinkedPerson): Promise<{ covered: number; open: number }> {
  const covered = await system.db.bankAccount.count({ where: { connectionId, coveredTo: { not: null } } });
  const open = await system.db.bankAccount.count({ where: { connectionId, coveredTo: null } });
  return { covered, open };
}

async function rowsOf({ system, connectionId }: LinkedPerson): Promise<number> {
  return system.db.transaction.count({ where: { account: { connectionId } } });
}

function residentMib({ process: { pid } }: Child): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
