import 'server-only';
import { planReminders } from '#lib/connections/reminders/plan-reminders';
import { sendReminders } from '#lib/connections/reminders/send-reminders';
import { type Context, createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { readConsent } from '#lib/sync/read-consent';
import { reviewConnections } from '#lib/sync/review-connections';
import { syncUnattended } from '#lib/sync/sync-unattended';

/** TrueLayer lets tokens lapse that nobody uses for thirty days; jobs use them weekly, so a skip has to as well. */
const STRIDE_MS = 20 * 86_400_000;

/** Moves the stand-in's clock, which the app follows, and does what jobs would have done on the way and do now. */
export async function moveClock(target: Date, connectionIds: readonly string[]): Promise<void> {
  let system = await aSystem();
  while (system.clock.now() < target) {
    const next = new Date(Math.min(system.clock.now().getTime() + STRIDE_MS, target.getTime()));
    await setClock(next);
    system = await aSystem();
    if (next >= target) break;
    for (const connectionId of connectionIds) await attempt(system, () => readConsent(system, { connectionId }));
  }
  await attempt(system, () => reviewConnections(system));
  for (const connectionId of connectionIds) await attempt(system, () => syncUnattended(system, { connectionId }));
  await attempt(system, () => planReminders(system));
  await attempt(system, () => sendReminders(system));
}

function aSystem(): Promise<Context> {
  return createContext({ actor: { kind: 'system', job: 'demo.clock' } });
}

async function setClock(now: Date): Promise<void> {
  const response = await fetch(`${env().trueLayer.authUrl}/control/clock`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ now: now.toISOString() }),
    cache: 'no-store',
  });
  if (!response.ok) throw new Error(`the stand-in's clock can't be moved: ${response.status}`);
}

/** What fails here, the worker does within a minute. */
async function attempt(ctx: Context, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ctx.log.warn({ event: 'demo.left_to_jobs', error }, 'a step of a skip is left to the jobs');
  }
}
