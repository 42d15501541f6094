import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTypedReasons } from '#lib/audit/typed-reasons';
import { actingAs, type Context } from '#lib/context/context';
import { getClientCredentials, saveClientCredentials } from '#lib/settings/sealed-settings';
import { getSettings } from '#lib/settings/settings';
import { addBareConnection } from '#lib/testing/add-account';
import { startForTest } from '#lib/testing/child-of-ours';
import { addUser, aSystem } from '#lib/testing/link-person';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { DAY_MS } from '#lib/time/span';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET } from '#sandbox/config';
import { parseFunnelFilter } from './funnel/filter.ts';
import { getFunnel } from './funnel/get-funnel.ts';
import { getHealth } from './health/get-health.ts';
import { listFailedJobs, listQueues } from './health/list-queues.ts';
import { retryJob } from './health/retry-job.ts';
import { changeClient } from './settings/change-client.ts';
import { changeSettings, type NewSettings } from './settings/change-settings.ts';
import { getSettingsFile } from './settings/get-settings.ts';

const standIn = aStandIn();
const reason = 'The team agreed on it today.';
const usual: NewSettings = {
  flow: 'direct',
  providers: ['uk-cs-mock', 'uk-ob-all', 'uk-oauth-all'],
  permissions: ['info', 'accounts', 'cards', 'balance', 'transactions', 'offline_access'],
  reminderDays: [14, 7, 3, 1, 0],
  answerRetentionDays: 30,
  callRetentionDays: 180,
  historyRetentionDays: 800,
};

let own: OwnDatabase;
let system: Context;
let admin: Context;
beforeAll(async () => {
  own = await ownDatabase();
  system = await aSystem();
  admin = actingAs(system, { kind: 'admin', userId: await addUser(system) });
});

afterAll(() => own.drop());

const newestEntry = (action: string) => system.db.auditEntry.findFirst({ where: { action }, orderBy: { id: 'desc' } });

/** What an admin typed is sealed beside the entry. */
const reasonOf = async (entry: { id: string } | null) =>
  (await readTypedReasons(system, entry === null ? [] : [entry.id])).get(entry?.id ?? '');

describe('settings', () => {
  it('hold at once in another process that was running before, and what changed is on record', async () => {
    await changeSettings(admin, { settings: usual, reason });
    const other = startForTest('settings', ['lib/testing/children/watch-settings.ts'], { DATABASE_URL: own.url });
    await expect.poll(() => other.lines()).toContain('direct 14,7,3,1,0');
    await changeSettings(admin, { settings: { ...usual, flow: 'dialog', reminderDays: [2, 10, 2] }, reason });
    await expect.poll(() => other.lines()).toContain('dialog 10,2');
    const entry = await newestEntry('settings.changed');
    expect(entry).toMatchObject({
      before: { flow: 'direct', reminderDays: [14, 7, 3, 1, 0] },
      after: { flow: 'dialog', reminderDays: [10, 2] },
    });
    expect(await reasonOf(entry)).toEqual({ status: 'readable', text: reason });
    await changeSettings(admin, { settings: usual, reason });
  });

  it('plan reminders anew for whoever has had the last of the old days', async () => {
    const id = await addBareConnection(system, { userId: await addUser(system) });
    const consentExpiresAt = new Date(system.clock.now().getTime() + 2 * DAY_MS);
    await system.db.connection.update({ where: { id }, data: { consentExpiresAt, nextReminderAt: null } });
    await changeSettings(admin, { settings: { ...usual, reminderDays: [14, 1] }, reason });
    const planned = await system.db.connection.findUniqueOrThrow({ where: { id } });
    expect(planned.nextReminderAt).not.toBeNull();
    await changeSettings(admin, { settings: usual, reason });
  });

  it.each<[string, Partial<NewSettings>]>([
    ['providers_invalid', { providers: [] }],
    ['providers_invalid', { providers: ['UK_OB'] }],
    ['permissions_invalid', { permissions: ['balance'] }],
    ['permissions_invalid', { permissions: ['accounts', 'everything'] }],
    ['permissions_invalid', { permissions: ['cards', 'direct_debits'] }],
    ['reminder_days_invalid', { reminderDays: [-1] }],
    ['answer_retention_days_invalid', { answerRetentionDays: 401 }],
    ['call_retention_days_invalid', { callRetentionDays: 1 }],
    ['history_retention_days_invalid', { historyRetentionDays: 29 }],
  ])('are refused as a whole when one makes no sense: %s', async (code, wrong) => {
    const before = await getSettings(system);
    await expect(changeSettings(admin, { settings: { ...usual, ...wrong }, reason })).rejects.toMatchObject({ code });
    expect(await getSettings(system)).toEqual(before);
  });
});

describe('the TrueLayer client', () => {
  const right = { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET };

  it('is stored only when TrueLayer accepts it, and is never shown or written down', async () => {
    await saveClientCredentials(system, { clientId: 'the-old-client', clientSecret: 'the-old-secret' });
    await expect(changeClient(admin, { ...right, clientSecret: 'wrong-secret', reason })).rejects.toMatchObject({
      code: 'client_refused',
    });
    expect(await getClientCredentials(system)).toMatchObject({ clientId: 'the-old-client' });

    await changeClient(admin, { ...right, reason });
    expect(await getClientCredentials(system)).toEqual(right);
    const seen = JSON.stringify([await getSettingsFile(admin), await newestEntry('settings.client_changed')]);
    expect(seen).not.toContain(DEFAULT_CLIENT_SECRET);
    expect(seen).not.toContain(DEFAULT_CLIENT_ID);
    expect(seen).toContain(DEFAULT_CLIENT_ID.slice(-4));
  });

  it('stays as it is when TrueLayer can’t be asked', async () => {
    await saveClientCredentials(system, right);
    await standIn.control('POST', '/faults', { match: { path: '/connect/token' }, action: { status: 503 } });
    try {
      await expect(
        changeClient(admin, { clientId: 'another-client', clientSecret: 'another-secret', reason }),
      ).rejects.toMatchObject({ code: 'client_not_checked' });
      expect(await getClientCredentials(system)).toEqual(right);
    } finally {
      await standIn.control('DELETE', '/faults');
    }
  });
});

describe('health', () => {
  const addFailedJob = async (connectionId: string) => {
    const id = uuidv7();
    await own.query(
      `insert into pgboss.job (id, name, data, state, retry_count, completed_on, output, policy, singleton_key)
       values ($1, 'connection.sync', $2, 'failed', 5, now(), '{"code":"server_error"}', 'short', $3)`,
      [id, { connectionId }, connectionId],
    );
    return id;
  };

  it('shows a failed job, and has it done once more, once and on record', async () => {
    const connectionId = await addBareConnection(system, { userId: await addUser(system) });
    const jobId = await addFailedJob(connectionId);
    expect(await listFailedJobs(admin)).toMatchObject([{ id: jobId, code: 'server_error', tries: 6, connectionId }]);
    const retry = (why: string) => retryJob(admin, { name: 'connection.sync', jobId, reason: why });
    await expect(retry('again')).rejects.toMatchObject({ code: 'reason_too_short' });
    const answers = await Promise.allSettled([retry(reason), retry(reason)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await listFailedJobs(admin)).toEqual([]);
    const queue = (await listQueues(admin)).find(({ name }) => name === 'connection.sync');
    expect(queue).toMatchObject({ waiting: 1, failed: 0 });
    const entry = await newestEntry('job.retried');
    expect(entry).toMatchObject({ subjectId: jobId });
    expect(await reasonOf(entry)).toEqual({ status: 'readable', text: reason });
    for (const job of [
      { name: 'connection.sync', jobId: uuidv7() },
      { name: 'connection.sync', jobId },
    ]) {
      await expect(retryJob(admin, { ...job, reason })).rejects.toMatchObject({ code: 'job_not_failed' });
    }
    for (const job of [
      { name: 'rm -rf', jobId },
      { name: 'connection.sync', jobId: 'x' },
    ]) {
      await expect(retryJob(admin, { ...job, reason })).rejects.toMatchObject({ kind: 'not_found' });
    }
  });

  it('notices a key that values name and the ring lacks', async () => {
    expect((await getHealth(admin)).keyRing).toMatchObject({ missing: [] });
    const sealed = Buffer.concat([Buffer.from([1, 4]), Buffer.from('gone'), Buffer.alloc(40)]);
    await own.query('insert into sealed_settings (name, value_sealed, updated_at) values ($1, $2, now())', [
      'x',
      sealed,
    ]);
    expect((await getHealth(admin)).keyRing.missing).toEqual(['gone']);
    await own.query("delete from sealed_settings where name = 'x'");
  });
});

describe('the funnel', () => {
  const trip = async (bankId: string, device: string, steps: Record<string, number>, outcome: string) => {
    const attemptId = uuidv7();
    const at = system.clock.now().getTime() - 3_600_000;
    const userId = await addUser(system);
    await system.db.attempt.create({
      data: {
        id: attemptId,
        reference: attemptId.slice(-8),
        userId,
        bankId,
        purpose: 'connect',
        flow: 'direct',
        permissions: ['accounts'],
        stateHash: Buffer.from(attemptId.replaceAll('-', '').repeat(2), 'hex'),
        browserHash: Buffer.alloc(32),
        redirectUri: 'http://localhost/',
        device,
        status: outcome === 'linked' ? 'linked' : 'failed',
        ...(outcome === 'linked' ? {} : { outcomeCode: outcome }),
        createdAt: new Date(at),
        expiresAt: new Date(at + 1_800_000),
        finishedAt: new Date(at + 900_000),
        ...Object.fromEntries(Object.entries(steps).map(([step, ms]) => [step, new Date(at + ms)])),
      },
      select: { id: true },
    });
  };

  it('counts how far people got, how long it took and how they were lost, each also for a part of them', async () => {
    const whole = { redirectedAt: 1000, returnedAt: 61_000, tokensAt: 63_000, firstDataAt: 68_000 };
    await trip('ob-a', 'phone', whole, 'linked');
    await trip('ob-a', 'desktop', { ...whole, returnedAt: 21_000, tokensAt: 22_000 }, 'linked');
    await trip('ob-b', 'phone', { redirectedAt: 1000, returnedAt: 31_000 }, 'cancelled_at_bank');
    await trip('ob-b', 'phone', { redirectedAt: 1000 }, 'never_returned');

    const all = await getFunnel(admin, parseFunnelFilter({}));
    // Nobody was seen at the list of banks: they came by a shortcut, and are no more than all of them all the same.
    expect(all.counts).toMatchObject({
      banks_viewed: 4,
      permissions_viewed: 4,
      redirected: 4,
      returned: 3,
      tokens: 2,
      first_data: 2,
    });
    expect(all.medians).toMatchObject({ returned: 30_000, tokens: 1500 });
    expect(all.losses).toEqual([
      { outcome: 'cancelled_at_bank', count: 1 },
      { outcome: 'never_returned', count: 1 },
    ]);
    expect(all.byBank).toMatchObject([
      { value: 'ob-a', redirected: 2, linked: 2 },
      { value: 'ob-b', redirected: 2, returned: 1, linked: 0 },
    ]);
    expect(all.byDevice).toMatchObject([
      { value: 'phone', redirected: 3 },
      { value: 'desktop', redirected: 1 },
    ]);
    const counts = async (params: Record<string, string>) =>
      (await getFunnel(admin, parseFunnelFilter(params))).counts.redirected;
    expect(await counts({ bank: 'ob-b' })).toBe(2);
    expect(await counts({ device: 'desktop' })).toBe(1);
    expect(await counts({ outcome: 'never_returned' })).toBe(1);
    expect(await counts({ flow: 'dialog' })).toBe(0);
    expect(await counts({ purpose: 'extend' })).toBe(0);
    expect(await counts({ days: 'nonsense', device: 'toaster' })).toBe(4);
  });
});
