import 'server-only';
import { getIronSession, type IronSession } from 'iron-session';
import { cookies } from 'next/headers';
import { randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { cookieAttributes, cookieName, sessionCookieName } from './next-auth-internals.ts';
import { LINK_LIFE_MINUTES } from './sign-in-link.ts';

/** As long as an attempt lives: one trip to the bank and back. */
const TRIP_SECONDS = 30 * 60;

/** A little longer than TrueLayer's code is good: after that the page says so. */
const RETURN_SECONDS = 10 * 60;

/** As long as a mailed sign-in link is good. */
const SIGN_IN_SECONDS = LINK_LIFE_MINUTES * 60;

type SignIn = { browserSecret?: string };
type Trip = { browserSecret?: string; isForApp?: boolean };
type ParkedReturn = { returnSecret?: string };

/** What ties a trip to the browser that began it, if this is that browser. */
export async function findBrowserSecret(): Promise<string | null> {
  return (await openTrip()).browserSecret ?? null;
}

/** The same secret for every trip of this browser, so that two tabs may go to two banks; its life begins anew each time. */
export async function keepBrowserSecret(): Promise<string> {
  const trip = await openTrip();
  trip.browserSecret ??= randomSecret();
  await trip.save();
  return trip.browserSecret;
}

/** A cookie of its own for each return: one that comes as a form post doesn't see the others, and must not replace them. */
export async function keepReturnSecret(attemptId: string, secret: string): Promise<void> {
  const parked = await openReturn(attemptId);
  parked.returnSecret = secret;
  await parked.save();
}

/** Held by the browser that brought a return which still waits for its person. */
export async function findReturnSecret(attemptId: string): Promise<string | null> {
  return (await openReturn(attemptId)).returnSecret ?? null;
}

/** The trip that begins next was sent here by our app, and is handed back to it at its end. */
export async function markTripForApp(): Promise<void> {
  const trip = await openTrip();
  trip.isForApp = true;
  await trip.save();
}

/** Whether it was; said once, so that what the person does here afterwards is their own. */
export async function takeTripForApp(): Promise<boolean> {
  const trip = await openTrip();
  const isForApp = trip.isForApp === true;
  if (isForApp) {
    trip.isForApp = false;
    await trip.save();
  }
  return isForApp;
}

/** Replaces the session cookie after the session was given a new token. */
export async function saveSessionToken({ token, expiresAt }: { token: string; expiresAt: Date }): Promise<void> {
  (await cookies()).set(sessionCookieName(), token, { ...cookieAttributes(), expires: expiresAt });
}

/** For 15 minutes from now. Every link that this browser asks for has the same secret, so that each can be used. */
export async function keepSignInSecret(browserSecret: string): Promise<void> {
  const signIn = await openSignIn();
  signIn.browserSecret = browserSecret;
  await signIn.save();
}

/** What ties mailed sign-in links to the browser that asked for them; null when this browser asked for none. */
export async function findSignInSecret(): Promise<string | null> {
  return (await openSignIn()).browserSecret ?? null;
}

function openSignIn(): Promise<IronSession<SignIn>> {
  return openCookie<SignIn>('sign-in', SIGN_IN_SECONDS);
}

function openTrip(): Promise<IronSession<Trip>> {
  return openCookie<Trip>('trip', TRIP_SECONDS);
}

function openReturn(attemptId: string): Promise<IronSession<ParkedReturn>> {
  return openCookie<ParkedReturn>(`return-${attemptId}`, RETURN_SECONDS);
}

async function openCookie<T extends object>(name: string, ttl: number): Promise<IronSession<T>> {
  return getIronSession<T>(await cookies(), {
    cookieName: cookieName(`linkwell-${name}`),
    password: env().sessionSecret,
    ttl,
    // Trips begin under /connections as well, and end under /connect.
    cookieOptions: cookieAttributes(),
  });
}
