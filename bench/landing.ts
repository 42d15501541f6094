import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { finishAttempt } from '#lib/connections/finish-attempt';
import { type Context, createContext } from '#lib/context/context';
import { randomSecret } from '#lib/crypto/secret';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { addUser, EVERYTHING, linkPerson, travel } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { buildAuthLink } from '#lib/truelayer/auth-link';
import { readCallback } from '#lib/truelayer/callback';
import { DEFAULT_CLIENT_ID, DEFAULT_REDIRECT_URI } from '#sandbox/config';
import { atMost, type Bench, figure, quantile, type Stage } from './figure.ts';

const BANK = 'ob-tesco';
const TIMES = 20;
/** The published mean of UK banks, in milliseconds. */
const BANK_MS = 331;
/** List of accounts, and the first balance: what stands between the return and a figure on the page. */
const BANK_CALLS = 2;

/** From the return to the first balance in the database, which is what the landing page shows, less the bank's own time. */
export const measureLanding: Bench = async (stage) => {
  await linkPerson(stage.standInUrl, { bankId: BANK });
  const own: number[] = [];
  for (let time = -2; time < TIMES; time++) {
    const totalMs = await returnAndWait(stage);
    if (time >= 0) own.push(totalMs - BANK_CALLS * BANK_MS);
  }
  await stage.control('POST', '/reset');
  const method = `${TIMES} returns from a bank that takes ${BANK_MS} ms for each call: finishAttempt (code exchange, /me, storing) and the first attended pass, until a balance is committed, less ${BANK_CALLS} × ${BANK_MS} ms; the page polls for it`;
  return [
    figure({ name: 'callback → first balance, p95', value: quantile(own, 0.95), unit: 'ms', method }, atMost(500)),
    figure({ name: 'callback → first balance, p50', value: quantile(own, 0.5), unit: 'ms', method }),
  ];
};

async function returnAndWait(stage: Stage): Promise<number> {
  const system = await createContext({ actor: { kind: 'system', job: 'bench' } });
  const userId = await addUser(system);
  const ctx = { ...system, actor: { kind: 'user', userId } } as const;
  const attemptId = await addAttempt(system, userId);
  const answer = await goToTheBank(stage);
  await slowDown(stage, BANK_MS);
  const startedAt = performance.now();
  await finishAttempt(ctx, attemptId, answer);
  const { connectionId } = await system.db.attempt.findUniqueOrThrow({
    where: { id: attemptId },
    select: { connectionId: true },
  });
  if (connectionId === null) throw new Error('the attempt came to nothing');
  const passing = firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) });
  const ms = await untilFirstBalance(system, connectionId, startedAt);
  // The rest of the pass is nothing that anybody waits for here.
  await slowDown(stage, 0);
  await passing;
  return ms;
}

async function slowDown(stage: Stage, latencyMs: number): Promise<void> {
  await stage.control('PUT', '/switches', { banks: { [BANK]: { latency_ms: latencyMs } } });
}

async function untilFirstBalance({ db }: Context, connectionId: string, startedAt: number): Promise<number> {
  for (;;) {
    const { firstDataAt } = await db.connection.findUniqueOrThrow({
      where: { id: connectionId },
      select: { firstDataAt: true },
    });
    if (firstDataAt !== null) return performance.now() - startedAt;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function addAttempt(ctx: Context, userId: string): Promise<string> {
  const id = uuidv7();
  const now = ctx.clock.now();
  await ctx.db.attempt.create({
    data: {
      id,
      reference: randomBytes(4).toString('hex'),
      userId,
      bankId: BANK,
      purpose: 'connect',
      flow: 'direct',
      permissions: [...EVERYTHING],
      status: 'redirected',
      stateHash: randomBytes(32),
      browserHash: randomBytes(32),
      redirectUri: DEFAULT_REDIRECT_URI,
      device: 'desktop',
      createdAt: now,
      redirectedAt: now,
      expiresAt: new Date(now.getTime() + 600_000),
    },
    select: { id: true },
  });
  return id;
}

async function goToTheBank({ standInUrl }: Stage) {
  const link = buildAuthLink(standInUrl, {
    clientId: DEFAULT_CLIENT_ID,
    redirectUri: DEFAULT_REDIRECT_URI,
    permissions: EVERYTHING,
    providers: ['uk-ob-all'],
    bankId: BANK,
    state: randomSecret(),
    consentId: 'bench',
  });
  return readCallback(await travel(link.href, 'john/doe'));
}
