import { expect, test } from 'vitest';
import type { BankSummary } from '#lib/banks/dto';
import { createContext } from '#lib/context/context';
import { withSettings } from '#lib/testing/with-settings';
import { offerConsent } from './consent-offer.ts';

const MONZO: BankSummary = {
  id: 'ob-monzo',
  name: 'Monzo',
  country: 'uk',
  segment: 'personal',
  health: 'healthy',
  permissions: ['accounts', 'balance', 'offline_access'],
  hasQuestions: false,
  popularity: 0,
};

test.each([
  // Ninety days later it is half past midnight in London, and still the day before in UTC.
  ['uk', '2027-04-02T23:30:00.000Z', '2 July 2027'],
  ['ie', '2027-04-02T12:00:00.000Z', '29 September 2027'],
])(
  'the last day that somebody agrees to at a bank of %s is the one that they see afterwards',
  async (country, now, day) => {
    const clock = { now: () => new Date(now) };
    const ctx = withSettings(await createContext({ actor: { kind: 'nobody' }, clock }), { flow: 'direct' });
    const { wording } = await offerConsent(ctx, { ...MONZO, country });
    expect(wording.duration).toContain(`Until ${day}.`);
  },
);
