import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/actor/actor';
import { exportEntries } from '#lib/admin/audit/export-entries';
import { parseAuditFilter } from '#lib/admin/audit/filter';
import { listActions, listEntries } from '#lib/admin/audit/list-entries';
import { parseFunnelFilter } from '#lib/admin/funnel/filter';
import { getFunnel } from '#lib/admin/funnel/get-funnel';
import { getHealth } from '#lib/admin/health/get-health';
import { listBankHealth } from '#lib/admin/health/list-banks';
import { listFailedJobs, listQueues, listWorkers } from '#lib/admin/health/list-queues';
import { retryJob } from '#lib/admin/health/retry-job';
import { changeClient } from '#lib/admin/settings/change-client';
import { changeSettings } from '#lib/admin/settings/change-settings';
import { checkTrueLayer } from '#lib/admin/settings/check-truelayer';
import { getSettingsFile } from '#lib/admin/settings/get-settings';
import { listGoLiveSteps } from '#lib/admin/settings/list-go-live-steps';
import { readTypedReasons } from '#lib/audit/typed-reasons';
import { actingAs, type Context } from '#lib/context/context';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser, aSystem, linkPerson } from '#lib/testing/link-person';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { askForConsent } from './ask-for-consent.ts';
import { askForRefresh } from './ask-for-refresh.ts';
import { toBundleText } from './bundle.ts';
import { getConnectionFile } from './get-connection.ts';
import { listCalls } from './list-calls.ts';
import { listEvents } from './list-events.ts';
import { makeSupportBundle } from './make-bundle.ts';
import { markForLogin } from './mark-for-login.ts';
import { resendReminder } from './resend-reminder.ts';
import { revokeConnection } from './revoke.ts';

const standIn = aStandIn(SHORT_HISTORY);
const reason = 'The person asked us to look.';

let system: Context;
let admin: Context;
beforeAll(async () => {
  system = await aSystem();
  admin = actingAs(system, { kind: 'admin', userId: await addUser(system) });
});

const aConnection = async (bankId?: string) =>
  addBareConnection(system, { userId: await addUser(system), ...(bankId === undefined ? {} : { bankId }) });

async function auditOf(connectionId: string, action: string) {
  const entries = await system.db.auditEntry.findMany({
    where: { connectionId, action },
    select: { id: true, actorId: true },
  });
  const typed = await readTypedReasons(
    system,
    entries.map(({ id }) => id),
  );
  return entries.map(({ id, actorId }) => ({ actorId, typedReason: typed.get(id) }));
}

const jobsOf = (connectionId: string) =>
  system.db.$queryRaw<{ name: string }[]>`
    select name from pgboss.job where singleton_key = ${connectionId} and state = 'created' order by name`;

describe('every verb of the team’s', () => {
  const settings = {
    flow: 'direct' as const,
    providers: ['uk-ob-all'],
    permissions: ['accounts'],
    reminderDays: [7],
    answerRetentionDays: 30,
    callRetentionDays: 90,
    historyRetentionDays: 800,
  };
  const verbs: Record<string, (ctx: Context, connectionId: string) => Promise<unknown>> = {
    getConnectionFile: (ctx, connectionId) => getConnectionFile(ctx, { connectionId }),
    listCalls: (ctx, connectionId) => listCalls(ctx, { connectionId, limit: 1 }),
    listEvents: (ctx, connectionId) => listEvents(ctx, { connectionId }),
    makeSupportBundle: (ctx, connectionId) => makeSupportBundle(ctx, { connectionId }),
    askForRefresh: (ctx, connectionId) => askForRefresh(ctx, { connectionId, reason }),
    askForConsent: (ctx, connectionId) => askForConsent(ctx, { connectionId, reason }),
    markForLogin: (ctx, connectionId) => markForLogin(ctx, { connectionId, reason }),
    resendReminder: (ctx, connectionId) => resendReminder(ctx, { connectionId, reason }),
    revokeConnection: (ctx, connectionId) => revokeConnection(ctx, { connectionId, reason }),
    listEntries: (ctx) => listEntries(ctx, parseAuditFilter({})),
    listActions: (ctx) => listActions(ctx),
    exportEntries: (ctx) => exportEntries(ctx, parseAuditFilter({})),
    getFunnel: (ctx) => getFunnel(ctx, parseFunnelFilter({})),
    getHealth: (ctx) => getHealth(ctx),
    listBankHealth: (ctx) => listBankHealth(ctx),
    listQueues: (ctx) => listQueues(ctx),
    listWorkers: (ctx) => listWorkers(ctx),
    listFailedJobs: (ctx) => listFailedJobs(ctx),
    retryJob: (ctx) => retryJob(ctx, { name: 'connection.sync', jobId: uuidv7(), reason }),
    getSettingsFile: (ctx) => getSettingsFile(ctx),
    listGoLiveSteps: (ctx) => listGoLiveSteps(ctx),
    checkTrueLayer: (ctx) => checkTrueLayer(ctx),
    changeSettings: (ctx) => changeSettings(ctx, { settings, reason }),
    changeClient: (ctx) => changeClient(ctx, { clientId: 'another', clientSecret: 'another-secret', reason }),
  };

  it.each(Object.keys(verbs))('refuses nobody, a person and a webhook, and changes nothing: %s', async (name) => {
    const userId = await addUser(system);
    const connectionId = await addBareConnection(system, { userId });
    const before = await system.db.connection.findUnique({ where: { id: connectionId } });
    const actors: [Actor, string][] = [
      [{ kind: 'nobody' }, 'unauthenticated'],
      [{ kind: 'user', userId }, 'forbidden'],
      [{ kind: 'webhook', name: 'truelayer' }, 'unauthenticated'],
    ];
    for (const [actor, kind] of actors) {
      await expect(verbs[name]?.(actingAs(system, actor), connectionId), actor.kind).rejects.toMatchObject({ kind });
    }
    expect(await system.db.connection.findUnique({ where: { id: connectionId } })).toEqual(before);
    expect(await jobsOf(connectionId)).toEqual([]);
  });

  it('says of a connection that isn’t there, and of an address that is no id, that there is none', async () => {
    for (const connectionId of [uuidv7(), 'x', "' or 1=1"]) {
      await expect(getConnectionFile(admin, { connectionId })).rejects.toMatchObject({ kind: 'not_found' });
      await expect(askForRefresh(admin, { connectionId, reason })).rejects.toMatchObject({ kind: 'not_found' });
    }
  });
});

describe('what the team does to a connection', () => {
  it('is not done without a reason', async () => {
    const connectionId = await aConnection();
    for (const verb of [askForRefresh, askForConsent, resendReminder, markForLogin, revokeConnection]) {
      await expect(verb(admin, { connectionId, reason: '  because ' })).rejects.toMatchObject({
        code: 'reason_too_short',
      });
    }
    expect(await jobsOf(connectionId)).toEqual([]);
    expect((await getConnectionFile(admin, { connectionId })).status).toBe('active');
  });

  it('is asked of a job, and goes on record with who and why', async () => {
    const connectionId = await aConnection();
    await askForRefresh(admin, { connectionId, reason });
    await askForConsent(admin, { connectionId, reason });
    expect(await jobsOf(connectionId)).toEqual([{ name: 'connection.sync' }, { name: 'consent.read' }]);
    const actorId = admin.actor.kind === 'admin' ? admin.actor.userId : null;
    const typedReason = { status: 'readable', text: reason };
    expect(await auditOf(connectionId, 'connection.refresh_asked')).toEqual([{ actorId, typedReason }]);
    expect(await auditOf(connectionId, 'connection.consent_read_asked')).toEqual([{ actorId, typedReason }]);
  });

  it('asks nothing of the bank when the four calls of the day are spent', async () => {
    const connectionId = await aConnection();
    const accountId = uuidv7();
    for (let call = 0; call < 4; call++) {
      await system.db.truelayerCall.create({
        data: {
          connectionId,
          accountId,
          endpoint: 'account_balance',
          isAttended: false,
          isCounted: true,
          startedAt: system.clock.now(),
          correlationId: uuidv7(),
        },
      });
    }
    await expect(askForRefresh(admin, { connectionId, reason })).rejects.toMatchObject({ code: 'budget_exhausted' });
    expect(await jobsOf(connectionId)).toEqual([]);
    expect(await auditOf(connectionId, 'connection.refresh_asked')).toEqual([]);
    expect(await getConnectionFile(admin, { connectionId })).toMatchObject({ cause: 'well_until_tomorrow' });
  });

  it('marks for a login: no job calls the bank, and the page says who asked for it', async () => {
    const connectionId = await aConnection();
    await markForLogin(admin, { connectionId, reason });
    const file = await getConnectionFile(admin, { connectionId });
    expect(file).toMatchObject({ status: 'needs_reauthentication', cause: 'marked_by_team', nextSyncAt: null });
    expect(await syncUnattended(system, { connectionId })).toBeNull();
    await expect(markForLogin(admin, { connectionId, reason })).rejects.toMatchObject({ code: 'not_in_use' });
    await expect(askForRefresh(admin, { connectionId, reason })).rejects.toMatchObject({ code: 'sync_not_allowed' });
  });

  it('resends a reminder once a day, and none to somebody who wants none', async () => {
    const connectionId = await aConnection();
    await resendReminder(admin, { connectionId, reason });
    expect(await system.db.reminder.findMany({ where: { connectionId }, select: { kind: true, state: true } })).toEqual(
      [{ kind: 'ends', state: 'planned' }],
    );
    await expect(resendReminder(admin, { connectionId, reason })).rejects.toMatchObject({ code: 'reminded_today' });
    await system.db.reminder.updateMany({ where: { connectionId }, data: { state: 'failed' } });
    await resendReminder(admin, { connectionId, reason });
    const quiet = await aConnection();
    await system.db.user.updateMany({
      where: { connections: { some: { id: quiet } } },
      data: { wantsReminders: false },
    });
    await expect(resendReminder(admin, { connectionId: quiet, reason })).rejects.toMatchObject({
      code: 'reminders_unwanted',
    });
    await revokeConnection(admin, { connectionId, reason });
    await expect(resendReminder(admin, { connectionId, reason })).rejects.toMatchObject({
      code: 'nothing_to_remind_of',
    });
  });

  it('revokes once, however often and by how many at once it is asked for', async () => {
    const connectionId = await aConnection();
    const answers = await Promise.allSettled(
      Array.from({ length: 3 }, () => revokeConnection(admin, { connectionId, reason })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : []))).toEqual([
      'already_stopped',
      'already_stopped',
    ]);
    expect(await getConnectionFile(admin, { connectionId })).toMatchObject({ status: 'revoking', cause: 'stopping' });
    expect(await jobsOf(connectionId)).toEqual([{ name: 'connection.stop' }]);
    expect(await auditOf(connectionId, 'connection.revoke_asked')).toHaveLength(1);
  });
});

describe('one connection', () => {
  it('is told with every source of its history, page by page, each entry once', async () => {
    const person = await linkPerson(standIn.url);
    await syncFully(person.system, person.connectionId);
    const { connectionId } = person;
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await listEvents(admin, { connectionId, before });
      seen.push(...page.events.map(({ kind, id }) => `${kind}:${id}`));
      before = page.before ?? undefined;
    } while (before !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    const count = (kind: string) => seen.filter((key) => key.startsWith(`${kind}:`)).length;
    expect(count('call')).toBe(await system.db.truelayerCall.count({ where: { connectionId } }));
    expect(count('run')).toBe(await system.db.syncRun.count({ where: { connectionId } }));
    expect(count('audit')).toBeGreaterThan(0);
  });

  it('gives TrueLayer’s support what it asks for, and nothing of the person, their money or a token', async () => {
    const person = await linkPerson(standIn.url);
    const { connectionId } = person;
    await syncFully(person.system, connectionId);
    await system.db.connection.update({ where: { id: connectionId }, data: { lastErrorCode: 'provider_error' } });
    const bundle = await makeSupportBundle(admin, { connectionId });
    const text = toBundleText(bundle);
    const whole = `${JSON.stringify(bundle)}\n${text}`;
    const call = bundle.calls.find(({ endpoint }) => endpoint === 'accounts');
    expect(bundle.connection).toMatchObject({ credentialsId: person.me.credentialsId, whyNoDebugId: null });
    expect(bundle.connection.debugId).toContain('|');
    for (const part of [bundle.connection.debugId, bundle.clientId, person.me.credentialsId, call?.tlCorrelationId]) {
      expect(text).toContain(String(part));
    }
    const { email } = await system.db.user.findUniqueOrThrow({ where: { id: person.userId } });
    const account = await system.db.bankAccount.findFirstOrThrow({ where: { connectionId } });
    for (const secret of [email, person.userId, account.displayName, account.truelayerId]) {
      expect(whole).not.toContain(secret);
    }
    expect(whole).not.toMatch(/eyJ|bearer|secret/i);
    expect(await auditOf(connectionId, 'support_bundle.made')).toHaveLength(1);
  });

  it('gives a bundle without a debug id for one that is well or over, and says why there is none', async () => {
    const connectionId = await aConnection();
    expect((await makeSupportBundle(admin, { connectionId })).connection).toMatchObject({
      debugId: null,
      whyNoDebugId: 'connection_is_well',
    });
    await markForLogin(admin, { connectionId, reason });
    const bundle = await makeSupportBundle(admin, { connectionId });
    expect(bundle.connection.whyNoDebugId).toBe('connection_not_in_use');
    expect(toBundleText(bundle)).toContain('none (connection_not_in_use)');
  });
});
