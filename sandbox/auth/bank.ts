import { type Context, Hono } from 'hono';
import { getBank } from '#sandbox/banks/catalogue';
import { consentMs } from '#sandbox/grants/connections';
import { changeJourney, grantJourney, refuseJourney } from '#sandbox/grants/journeys';
import { trackEvent } from '#sandbox/grants/tracking';
import { balanceAt } from '#sandbox/ledger/ledger';
import { type Choice, sendAccountChoice, sendLogin } from '#sandbox/pages/bank-pages';
import { sendLanding } from '#sandbox/pages/plain-pages';
import { findLogin } from '#sandbox/people/logins';
import { type Person, personAt } from '#sandbox/people/person';
import type { Journey } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { cancel, toLongDay, withJourney } from './dialog.ts';
import { nextPageOf } from './next-page.ts';

/** The bank's own sign-in and choice of accounts. */
export function bankRoutes(world: World): Hono {
  const app = new Hono().basePath('/bank/:id');

  app.get('/login', (c) =>
    withJourney(world, c, (journey) => {
      const next = nextPageOf(world, journey);
      if (!next.endsWith('/login')) return c.redirect(next, 303);
      if (c.req.method !== 'HEAD') trackEvent(world, journey, 'provider_auth_started');
      const bank = getBank(world, journey.providerId ?? '');
      return sendLogin(c, { journey, bank, username: '', isRetry: false });
    }),
  );

  app.post('/login', (c) =>
    withJourney(world, c, async (journey) => {
      const fields = await c.req.parseBody();
      const bank = getBank(world, journey.providerId ?? '');
      const username = String(fields.username ?? '');
      const login = findLogin(username, String(fields.password ?? ''));
      if (login === null) return sendLogin(c, { journey, bank, username, isRetry: true });
      const signedIn = changeJourney(world, journey, login);
      if (choicesOf(world, signedIn, personAt(bank, login.username, world.config.seed)).length > 0) {
        return c.redirect(`/bank/${journey.id}/accounts`, 303);
      }
      const description = 'The account has nothing that can be shared.';
      return sendLanding(c, refuseJourney(world, signedIn, { error: 'provider_error', description }));
    }),
  );

  app.get('/accounts', (c) => withSignedIn(world, c, (signed) => sendChoice(world, c, signed, false)));

  app.post('/accounts', (c) =>
    withSignedIn(world, c, async (signed) => {
      const { account } = await c.req.parseBody({ all: true });
      const asked = new Set([account ?? []].flat().map(String));
      const accountKeys = choicesOf(world, signed.journey, signed.person)
        .map(({ key }) => key)
        .filter((key) => asked.has(key));
      if (accountKeys.length === 0) return sendChoice(world, c, signed, true);
      const { username, bank } = signed.person;
      return sendLanding(c, grantJourney(world, signed.journey, { username, providerId: bank.id, accountKeys }));
    }),
  );

  app.post('/cancel', (c) => withJourney(world, c, (journey) => cancel(world, c, journey)));
  return app;
}

type SignedIn = { journey: Journey; person: Person };

async function withSignedIn(
  world: World,
  c: Context,
  handle: (signed: SignedIn) => Response | Promise<Response>,
): Promise<Response> {
  return withJourney(world, c, (journey) => {
    const { username, providerId } = journey;
    if (username === null || providerId === null) return c.redirect(nextPageOf(world, journey), 303);
    const person = personAt(getBank(world, providerId), username, world.config.seed);
    return handle({ journey, person });
  });
}

function sendChoice(world: World, c: Context, { journey, person }: SignedIn, isNoneChosen: boolean) {
  const isLasting = journey.scopes.includes('offline_access');
  const until = isLasting ? toLongDay(world.clock.nowMs() + consentMs(world, person.bank.id)) : null;
  const choices = choicesOf(world, journey, person);
  return sendAccountChoice(c, { journey, bank: person.bank, fullName: person.fullName, choices, until, isNoneChosen });
}

/** Accounts and cards of the kinds that were asked for. */
function choicesOf(world: World, journey: Journey, person: Person): Choice[] {
  const now = world.clock.nowMs();
  const isAsked = (scope: string) => journey.scopes.includes(scope);
  const accounts = isAsked('accounts') || !isAsked('cards') ? person.accounts : [];
  const cards = isAsked('cards') || !isAsked('accounts') ? person.cards : [];
  return [
    ...accounts.map(({ key, displayName, numbers, currency, ledger }) => ({
      key,
      name: displayName,
      detail: `${numbers.sortCode ?? currency} · ending ${numbers.number.slice(-4)}`,
      balance: toMoney(balanceAt(ledger, now), currency),
    })),
    ...cards.map(({ key, displayName, partialNumber, currency, ledger }) => ({
      key,
      name: displayName,
      detail: `Card ending ${partialNumber}`,
      balance: `${toMoney(balanceAt(ledger, now), currency)} owed`,
    })),
  ];
}

function toMoney(minor: number, currency: string): string {
  return new Intl.NumberFormat('en-GB', { style: 'currency', currency }).format(minor / 100);
}
