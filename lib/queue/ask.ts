import 'server-only';
import { fromPrisma } from 'pg-boss';
import type { Context } from '#lib/context/context';
import { askingBoss } from './boss.ts';
import { JOBS, type JobName, type JobPayload } from './contract.ts';

type AskOptions = {
  /** Asking again under the same key while the first still waits is harmless: there will be one run. */
  key: string;
  afterSeconds?: number;
};

/** Asks for work. Inside a transaction the asking is part of it: no commit, no job. */
export async function ask<Name extends JobName>(
  ctx: Context,
  name: Name,
  payload: JobPayload<Name>,
  options: AskOptions,
): Promise<void> {
  const data = JOBS[name].payload.parse(payload);
  const boss = await askingBoss();
  await boss.send(name, data, {
    singletonKey: options.key,
    ...(options.afterSeconds === undefined ? {} : { startAfter: options.afterSeconds }),
    db: fromPrisma(ctx.db),
  });
}

/** Asks for many of one kind at once, behind whatever single askings wait. A key that waits already is left as it is. */
export async function askMany<Name extends JobName>(
  ctx: Context,
  name: Name,
  jobs: readonly { payload: JobPayload<Name>; key: string }[],
): Promise<void> {
  if (jobs.length === 0) return;
  const boss = await askingBoss();
  const rows = jobs.map(({ payload, key }) => ({
    data: JOBS[name].payload.parse(payload),
    singletonKey: key,
    priority: BEHIND,
  }));
  await boss.insert(name, rows, { db: fromPrisma(ctx.db) });
}

const BEHIND = -1;
