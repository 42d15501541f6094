import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { LinkedPerson } from '#lib/testing/link-person';
import { atLeast, type Bench, figure, median, type Stage } from './figure.ts';
import { aListedPerson, DECADE_BANK, DECADE_ROWS, openDecade, syncTransactions } from './people.ts';

const ROUNDS = 5;

type Round = { ingest: number; copy: number; resync: number };

/** Rows from the bank to the table, against the database's own fastest way of taking them; and the same rows once more. */
export const measureIngest: Bench = async (stage) => {
  await openDecade(stage);
  // Once without measuring: the stand-in makes the rows up, and everything is compiled and connected.
  await measureRound(stage);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound(stage));
  await stage.control('POST', '/reset');

  const rowsPerSecond = (pick: (round: Round) => number) => median(rounds.map((round) => DECADE_ROWS / pick(round)));
  const what = `${DECADE_ROWS} rows of one account in one answer, median of ${ROUNDS} rounds with a new person each, after one that isn't measured`;
  const ingestMethod = `${what}: syncConnection with its HTTP call (gzip), parsing, validation, identity, the storing transaction with indexes, and the sealed answer kept`;
  const copyMethod = `COPY of the same rows from a file on the database's machine into an empty table with the same columns, constraints (the foreign key too) and indexes, right after each ingest`;
  const resyncMethod =
    'the same answer again after the cursor has been taken back: all rows are compared, none is written';
  return [
    figure(
      { name: 'ingest', value: rowsPerSecond(({ ingest }) => ingest), unit: 'rows/s', method: ingestMethod },
      atLeast(20_000),
    ),
    figure({ name: 'raw COPY', value: rowsPerSecond(({ copy }) => copy), unit: 'rows/s', method: copyMethod }),
    figure(
      {
        name: 'ingest ÷ raw COPY',
        value: median(rounds.map(({ ingest, copy }) => copy / ingest)),
        unit: '×',
        method: 'median of the ratio within each round',
      },
      atLeast(0.35),
    ),
    figure(
      {
        name: 're-sync of unchanged rows ÷ ingest',
        value: median(rounds.map(({ ingest, resync }) => ingest / resync)),
        unit: '×',
        method: resyncMethod,
      },
      atLeast(2),
    ),
  ];
};

async function measureRound(stage: Stage): Promise<Round> {
  const person = await aListedPerson(stage, 'decade/decade', DECADE_BANK);
  const ingest = await secondsOf(async () => {
    const stored = await syncTransactions(person);
    if (stored < DECADE_ROWS * 0.99) throw new Error(`only ${stored} rows were stored`);
  });
  const copy = await copyAgain(stage, person);
  await forgetCursor(person);
  const resync = await secondsOf(async () => {
    const changed = await syncTransactions(person);
    if (changed !== 0) throw new Error(`${changed} rows changed that had not`);
  });
  return { ingest, copy, resync };
}

/** As after a new sign-in of somebody of whom nothing was fetched: the whole past is asked for once more. */
async function forgetCursor({ system, connectionId }: LinkedPerson): Promise<void> {
  const authenticatedAt = system.clock.now();
  await system.db.$executeRaw`update accounts set covered = '{}' where connection_id = ${connectionId}::uuid`;
  await system.db.connection.update({ where: { id: connectionId }, data: { authenticatedAt }, select: { id: true } });
}

async function copyAgain(stage: Stage, { system, connectionId }: LinkedPerson): Promise<number> {
  const { db } = system;
  const folder = path.join(stage.dir, 'copy');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  const file = path.join(folder, `${connectionId}.rows`);
  await db.$executeRawUnsafe(
    `copy (select t.* from transactions t join accounts a on a.id = t.account_id where a.connection_id = '${connectionId}') to '${file}'`,
  );
  await db.$executeRawUnsafe('drop table if exists copied_rows');
  await db.$executeRawUnsafe('create table copied_rows (like transactions including all)');
  await db.$executeRawUnsafe('alter table copied_rows add foreign key (account_id) references accounts (id)');
  const seconds = await secondsOf(() => db.$executeRawUnsafe(`copy copied_rows from '${file}'`));
  await db.$executeRawUnsafe('drop table copied_rows');
  return seconds;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
