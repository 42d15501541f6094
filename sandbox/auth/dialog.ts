import { type Context, Hono } from 'hono';
import { findBank, getBank, listBanks } from '#sandbox/banks/catalogue';
import { traitsOf } from '#sandbox/banks/traits';
import { changeJourney, findOpenJourney, refuseJourney } from '#sandbox/grants/journeys';
import { trackEvent } from '#sandbox/grants/tracking';
import { DAY_MS } from '#sandbox/ledger/days';
import { sendBankList, sendBranchQuestion, sendConsent } from '#sandbox/pages/dialog-pages';
import { sendErrorPage, sendLanding } from '#sandbox/pages/plain-pages';
import type { Journey } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { nextPageOf } from './next-page.ts';

/** TrueLayer's screens before the bank. Every answer is a plain form. */
export function dialogRoutes(world: World): Hono {
  const app = new Hono().basePath('/dialog/:id');

  app.get('/banks', (c) =>
    withJourney(world, c, (journey) => {
      const offered = new Set(journey.offered);
      const banks = listBanks(world).filter((bank) => offered.has(bank.id));
      return sendBankList(c, { journey, banks, search: c.req.query('q')?.trim() ?? '' });
    }),
  );

  app.post('/banks', (c) =>
    withJourney(world, c, async (journey) => {
      const providerId = String((await c.req.parseBody()).provider_id ?? '');
      if (!journey.offered.includes(providerId) || findBank(world, providerId) === null) {
        return c.redirect(`/dialog/${journey.id}/banks`, 303);
      }
      const chosen = changeJourney(world, journey, { providerId });
      trackEvent(world, chosen, 'provider_selected');
      return c.redirect(nextPageOf(world, chosen), 303);
    }),
  );

  app.get('/branch', (c) =>
    withJourney(world, c, (journey) => sendBranchQuestion(c, journey, getBank(world, journey.providerId ?? ''))),
  );

  app.post('/branch', (c) =>
    withJourney(world, c, async (journey) => {
      const fields = await c.req.parseBody();
      const branch = findBranch(world, journey.providerId ?? '', fields);
      return c.redirect(nextPageOf(world, changeJourney(world, journey, { branch })), 303);
    }),
  );

  app.get('/consent', (c) =>
    withJourney(world, c, (journey) => {
      const bank = getBank(world, journey.providerId ?? '');
      const days = traitsOf(world, bank).consent_days;
      const until = toLongDay(world.clock.nowMs() + days * DAY_MS);
      return sendConsent(c, { journey, bank, appName: toAppName(journey.clientId), days, until });
    }),
  );

  app.post('/consent', (c) =>
    withJourney(world, c, (journey) => {
      const agreed = changeJourney(world, journey, { hasConsent: true });
      trackEvent(world, agreed, 'consent_granted');
      return c.redirect(nextPageOf(world, agreed), 303);
    }),
  );

  app.post('/cancel', (c) => withJourney(world, c, (journey) => cancel(world, c, journey)));
  return app;
}

type Handle = (journey: Journey) => Response | Promise<Response>;

export async function withJourney(world: World, c: Context, handle: Handle): Promise<Response> {
  const journey = findOpenJourney(world, c.req.param('id') ?? '');
  if (journey !== null) return handle(journey);
  const reason = 'It was finished already, perhaps in another window, or it never began.';
  return sendErrorPage(c, { status: 400, title: 'This journey is over', reason });
}

export function cancel(world: World, c: Context, journey: Journey): Response | Promise<Response> {
  const landing = refuseJourney(world, journey, { error: 'access_denied', description: 'The user cancelled.' });
  return sendLanding(c, landing);
}

/** The answer to a bank's question, if it is one of those offered. */
export function findBranch(world: World, providerId: string, answers: Record<string, unknown>): string | null {
  const fields = (findBank(world, providerId)?.steps ?? []).flatMap((step) => step.fields);
  const field = fields[0];
  const answer = field === undefined ? undefined : answers[field.id];
  return field?.values.find(({ value }) => value === answer)?.value ?? null;
}

export function toLongDay(ms: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(ms);
}

/** A client id is a name and a suffix: sandbox-linkwell-5a4d1e belongs to Linkwell. */
function toAppName(clientId: string): string {
  const name = clientId.replace(/^sandbox-/, '').replace(/-[0-9a-f]+$/, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}
