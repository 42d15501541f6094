import { randomUUID } from 'node:crypto';
import NextAuth from 'next-auth/next';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createContext } from '#lib/context/context';
import { database } from '#lib/db/client';
import * as environment from '#lib/env/env';
import { type OpenIdProvider, startOpenIdProvider } from '#lib/testing/open-id-provider';
import { addPasskeyUser } from '#lib/testing/passkey-user';
import { createCsrfToken, sessionCookieName } from './next-auth-internals.ts';
import { authOptions } from './options.ts';

vi.mock('next/headers', () => ({ headers: () => Promise.resolve(new Headers()) }));

let provider: OpenIdProvider;
beforeAll(async () => {
  provider = await startOpenIdProvider('linkwell');
  const oidc = { OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: 'linkwell', OIDC_CLIENT_SECRET: 'secret' };
  Object.assign(process.env, oidc);
  environment.passAppUrlToNextAuth();
});
afterAll(() => provider.close());
beforeEach(() => {
  provider.userInfoRequests = 0;
});

type Answer = { location: URL; cookies: Record<string, string> };

/** One request to next-auth, as a browser with these cookies makes it. */
async function send(path: string, request: { body?: object; query?: object; cookies: object }): Promise<Answer> {
  const { body = {}, query = {}, cookies } = request;
  const sent = new Map<string, unknown>();
  const response = {
    status: () => response,
    setHeader: (name: string, value: unknown) => sent.set(name.toLowerCase(), value) && response,
    getHeader: (name: string) => sent.get(name.toLowerCase()),
    end: () => response,
    json: () => response,
    send: () => response,
  };
  const method = request.body === undefined ? 'GET' : 'POST';
  await NextAuth(authOptions())(
    { method, headers: {}, cookies, body, query: { ...query, nextauth: path.split('/') } },
    response,
  );
  const lines = [sent.get('set-cookie') ?? []].flat().map(String);
  const set = lines
    .map((line) => /^([^=]+)=([^;]*)/.exec(line))
    .map((match) => [match?.[1], decodeURIComponent(match?.[2] ?? '')]);
  return {
    location: new URL(String(sent.get('location')), environment.env().appUrl),
    cookies: { ...cookies, ...Object.fromEntries(set) },
  };
}

/** A whole sign-in at the provider, which says this of the user. The address that it ends at, and the user who is signed in. */
async function signIn(idToken: object, userInfo: object = {}) {
  const { csrfToken, cookie } = createCsrfToken();
  const begun = await send('signin/oidc', {
    body: { csrfToken, callbackUrl: `${environment.env().appUrl}/accounts` },
    cookies: { [cookie.name]: cookie.value },
  });
  const { searchParams } = begun.location;
  provider.nonce = searchParams.get('nonce') ?? '';
  provider.says = { idToken, userInfo };
  const query = { code: 'any', state: searchParams.get('state') };
  const { location, cookies } = await send('callback/oidc', { query, cookies: begun.cookies });
  const isSignedIn = cookies[sessionCookieName()] !== undefined;
  const sub = String(Reflect.get(idToken, 'sub'));
  const account = await database().signInAccount.findFirst({
    where: { providerAccountId: sub },
    select: { user: true },
  });
  return { path: `${location.pathname}${location.search}`, isSignedIn, user: account?.user ?? null };
}

const someone = () => ({ sub: randomUUID(), email: `${randomUUID()}@example.com` });
const refused = (code: string) => ({ path: `/api/auth/error?error=${code}`, isSignedIn: false, user: null });

test('signs in with an address that the ID token calls verified, without asking for UserInfo', async () => {
  const claims = { ...someone(), email_verified: true };
  expect(await signIn(claims)).toMatchObject({
    path: '/accounts',
    isSignedIn: true,
    user: { email: claims.email, emailVerifiedAt: expect.any(Date) },
  });
  expect(provider.userInfoRequests).toBe(0);
});

test('accepts the verification as text, and from the UserInfo endpoint', async () => {
  expect(await signIn({ ...someone(), email_verified: 'true' })).toMatchObject({ isSignedIn: true });
  const { sub, email } = someone();
  expect(await signIn({ sub }, { sub, email, email_verified: 'true' })).toMatchObject({
    isSignedIn: true,
    user: { email },
  });
  expect(provider.userInfoRequests).toBe(1);
});

test('refuses an answer of the UserInfo endpoint about somebody else', async () => {
  const { sub, email } = someone();
  const answer = await signIn({ sub }, { sub: randomUUID(), email, email_verified: true });
  expect(answer).toMatchObject({ isSignedIn: false, user: null });
});

test('refuses addresses that are unverified, unspoken of or missing, each with its code', async () => {
  expect(await signIn({ ...someone(), email_verified: false })).toEqual(refused('email_unverified'));
  const { sub, email } = someone();
  expect(await signIn({ sub, email }, { sub, email })).toEqual(refused('email_unverified'));
  expect(await signIn({ sub }, { sub })).toEqual(refused('email_missing'));
  expect(await signIn({ ...someone(), sub: 's'.repeat(256), email_verified: true })).toEqual(
    refused('subject_invalid'),
  );
  expect(await database().user.count({ where: { email } })).toBe(0);
});

test('with the switch, accepts an address that the provider says nothing about, and still none that it calls unverified', async () => {
  const real = environment.env();
  if (real.openIdConnect === null) throw new Error('no provider is set');
  const openIdConnect = { ...real.openIdConnect, trustsEmails: true };
  vi.spyOn(environment, 'env').mockReturnValue({ ...real, openIdConnect });
  const { sub, email } = someone();
  expect(await signIn({ sub, email }, { sub })).toMatchObject({ isSignedIn: true, user: { email } });
  expect(await signIn({ ...someone(), email_verified: false })).toEqual(refused('email_unverified'));
});

test('links a user who signed in by email first; an unverified claim links nothing', async () => {
  const { sub, email } = someone();
  const now = new Date();
  const { id } = await database().user.create({ data: { email, emailVerifiedAt: now, createdAt: now } });
  expect(await signIn({ sub, email, email_verified: false })).toEqual(refused('email_unverified'));
  expect(await database().signInAccount.count({ where: { userId: id } })).toBe(0);
  expect(await signIn({ sub, email, email_verified: true })).toMatchObject({ isSignedIn: true, user: { id } });
  // And again, by the subject.
  expect(await signIn({ sub, email, email_verified: true })).toMatchObject({ isSignedIn: true, user: { id } });
  const other = randomUUID();
  expect(await signIn({ sub: other, email, email_verified: true })).toEqual(refused('other_identity'));
});

test('an admin’s verified address makes an admin, an unverified one does not', async () => {
  const email = environment.env().adminEmails[0] ?? '';
  await database().user.deleteMany({ where: { email } });
  expect(await signIn({ sub: randomUUID(), email, email_verified: 'false' })).toEqual(refused('email_unverified'));
  const { user } = await signIn({ sub: randomUUID(), email, email_verified: true });
  expect(await database().user.findUnique({ where: { id: user?.id ?? '' } })).toMatchObject({ role: 'admin' });
});

test('a sign-in with another verified address changes the user’s', async () => {
  const { sub, email } = someone();
  const { user } = await signIn({ sub, email, email_verified: true });
  const changed = await signIn({ sub, email: `new-${email}`, email_verified: true });
  expect(changed).toMatchObject({ isSignedIn: true, user: { id: user?.id, email: `new-${email}` } });
});

test('before the passkey, a sign-in links nothing and changes no address, whatever the provider states', async () => {
  const { userId } = await addPasskeyUser(await createContext({ actor: { kind: 'nobody' } }));
  const { sub, email } = someone();
  await database().user.update({ where: { id: userId }, data: { email, emailVerifiedAt: new Date() } });
  expect(await signIn({ sub, email, email_verified: true })).toEqual(refused('passkey_needed'));
  await database().signInAccount.create({ data: { userId, provider: 'oidc', providerAccountId: sub, email } });
  const answer = await signIn({ sub, email: someone().email, email_verified: true });
  expect(answer).toMatchObject({ isSignedIn: true, user: { id: userId, email } });
});
