import { v4 as uuidv4 } from 'uuid';
import { getBank } from '#lib/banks/get-bank';
import { refreshBanks } from '#lib/banks/refresh-banks';
import { offerConsent } from '#lib/connections/consent-offer';
import { receiveReturn } from '#lib/connections/receive-return';
import { startAttempt } from '#lib/connections/start-attempt';
import { markOf } from '#lib/connections/words-mark';
import { actingAs, type Context } from '#lib/context/context';
import { randomSecret } from '#lib/crypto/secret';
import { ensureSealedSettings, saveClientCredentials } from '#lib/settings/sealed-settings';
import type { Flow } from '#lib/settings/settings';
import { type CallbackAnswer, readCallback } from '#lib/truelayer/callback';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET } from '#sandbox/config';
import { type VisitOptions, visitAuthLink } from '#sandbox/visitor';
import { addUser, aSystem } from './link-person.ts';
import { withSettings } from './with-settings.ts';

export type Trip = {
  attemptId: string;
  /** Acts as the person who made it. */
  person: Context;
  browserSecret: string;
  /** The link that the person was sent to. */
  link: URL;
  /** Where the visit ended, and what came back from the bank. */
  answer: CallbackAnswer;
};

type TripInput = {
  flow?: Flow;
  providers?: string[];
  bankId?: string | null;
  declined?: string[];
  visit?: VisitOptions;
  person?: Context;
  browserSecret?: string;
};

/** Once before a file's first trip: the client is known and the list of banks is there. */
export async function prepareTrips(): Promise<Context> {
  const system = await aSystem();
  await ensureSealedSettings(system);
  await saveClientCredentials(system, { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET });
  await refreshBanks(system);
  return system;
}

/** A person goes to the bank through our own verbs and over HTTP, and stands at our door with what it gave them. */
export async function makeTrip(system: Context, input: TripInput = {}): Promise<Trip> {
  const { flow = 'bank-selection', bankId = 'mock', declined = [], visit = {} } = input;
  const browserSecret = input.browserSecret ?? randomSecret();
  const person =
    input.person ?? actingAs({ ...system, requestId: uuidv4() }, { kind: 'user', userId: await addUser(system) });
  const ctx = withSettings(person, { flow, ...(input.providers && { providers: input.providers }) });
  const chosenId = flow === 'dialog' ? null : bankId;
  const { wording } = await offerConsent(ctx, chosenId === null ? null : await getBank(ctx, chosenId));
  const { attemptId, url } = await startAttempt(ctx, {
    bankId: chosenId,
    declined,
    device: 'phone',
    browserSecret,
    shown: markOf(wording),
  });
  const { fields } = await visitAuthLink(url, { ...(bankId === null ? {} : { providerId: bankId }), ...visit });
  return { attemptId, person, browserSecret, link: new URL(url), answer: readCallback(new URLSearchParams(fields)) };
}

/** The return, taken in by the browser that began, and finished. Gives the kind of what was made of it. */
export async function comeBack(trip: Trip, answer: CallbackAnswer = trip.answer, ctx = trip.person): Promise<string> {
  const result = await receiveReturn(ctx, answer, trip.browserSecret);
  if (result.kind === 'accepted') await result.finish();
  return result.kind;
}
