import { v7 as uuidv7 } from 'uuid';
import { spendRefreshToken, storeTokens } from '#lib/connections/tokens';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { randomSecret } from '#lib/crypto/secret';
import { ensureSealedSettings, saveClientCredentials } from '#lib/settings/sealed-settings';
import { buildAuthLink } from '#lib/truelayer/auth-link';
import { readCallback } from '#lib/truelayer/callback';
import type { Me } from '#lib/truelayer/identity-schemas';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REDIRECT_URI } from '#sandbox/config';

export const EVERYTHING = [
  'info',
  'accounts',
  'cards',
  'balance',
  'transactions',
  'direct_debits',
  'standing_orders',
  'offline_access',
];

export type LinkedPerson = {
  userId: string;
  connectionId: string;
  bankId: string;
  me: Me;
  ctx: Context;
  system: Context;
};

type LinkInput = {
  /** A login of the stand-in's, `name/password`. */
  login?: string;
  bankId?: string;
  permissions?: readonly string[];
  userId?: string;
};

/** What a job acts as, by the stand-in's clock as it is now. */
export function aSystem(): Promise<Context> {
  return createContext({ actor: { kind: 'system', job: 'test' } });
}

/** A new person who has just been to the bank: signed in at the stand-in over HTTP, code exchanged, tokens stored. */
export async function linkPerson(standInUrl: string, input: LinkInput = {}): Promise<LinkedPerson> {
  const { login = 'john/doe', bankId = 'mock', permissions = EVERYTHING } = input;
  const system = await aSystem();
  await ensureSealedSettings(system);
  await saveClientCredentials(system, { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET });
  const tokens = await signInAtBank(standInUrl, { login, bankId, permissions });
  const {
    items: [me],
  } = await trueLayer().getMe({ accessToken: tokens.accessToken });
  const userId = input.userId ?? (await addUser(system));
  const connectionId = uuidv7();
  await inTransaction(system, async (tx) => {
    await addConnection(tx, { connectionId, userId, bankId, me, permissions });
    await storeTokens(tx, { connectionId, role: 'current', credentialsId: me.credentialsId, tokens });
  });
  return { userId, connectionId, bankId, me, system, ctx: actingAs(system, { kind: 'user', userId }) };
}

/** The person goes back to the bank, as after a consent has ended; the connection and its TrueLayer identity stay. */
export async function signInAgain(person: LinkedPerson, login = 'john/doe'): Promise<void> {
  const system = await aSystem();
  const { connectionId } = person;
  const trip = { redirectUri: DEFAULT_REDIRECT_URI, state: randomSecret() };
  const link = await spendRefreshToken(system, connectionId, (refreshToken) =>
    trueLayer().createReauthLink({ refreshToken, ...trip }),
  );
  const answer = readCallback(await travel(link?.url ?? '', login));
  if (answer.kind !== 'code') throw new Error(`came back with ${answer.kind}`);
  const keys = { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET };
  const tokens = await trueLayer().exchangeCode({ ...keys, code: answer.code, redirectUri: DEFAULT_REDIRECT_URI });
  await inTransaction(system, async (tx) => {
    await storeTokens(tx, { connectionId, role: 'current', credentialsId: person.me.credentialsId, tokens });
    const data = { authenticatedAt: tx.clock.now(), grantRefusedAt: null, grantRefusedCode: null };
    await tx.db.connection.update({ where: { id: connectionId }, data, select: { id: true } });
  });
}

type SignIn = { login: string; bankId: string; permissions: readonly string[] };

/** The whole trip, as a browser makes it, and the exchange of the code. */
export async function signInAtBank(standInUrl: string, { login, bankId, permissions }: SignIn) {
  const link = buildAuthLink(standInUrl, {
    clientId: DEFAULT_CLIENT_ID,
    redirectUri: DEFAULT_REDIRECT_URI,
    permissions,
    providers: ['uk-cs-mock', 'uk-ob-all', 'uk-oauth-all', 'ie-ob-all'],
    bankId,
    state: randomSecret(),
    consentId: 'test',
  });
  const answer = readCallback(await travel(link.href, login));
  if (answer.kind !== 'code') throw new Error(`came back with ${answer.kind}`);
  return trueLayer().exchangeCode({
    clientId: DEFAULT_CLIENT_ID,
    clientSecret: DEFAULT_CLIENT_SECRET,
    code: answer.code,
    redirectUri: DEFAULT_REDIRECT_URI,
  });
}

/** Follows, fills in and presses the first button until the way leads back to the app. */
export async function travel(link: string, login: string): Promise<URLSearchParams> {
  let request = new Request(link, { redirect: 'manual' });
  for (let step = 0; step < 12; step++) {
    const response = await fetch(request);
    const location = response.headers.get('location');
    if (location?.startsWith(DEFAULT_REDIRECT_URI)) return new URL(location).searchParams;
    if (location !== null) request = new Request(new URL(location, request.url), { redirect: 'manual' });
    else request = submitted(await response.text(), request.url, login);
  }
  throw new Error('the journey does not end');
}

function submitted(page: string, address: string, login: string): Request {
  const form = [...page.matchAll(/<form method="post" action="([^"]+)"[^>]*>(.*?)<\/form>/gs)].find(
    ([, action]) => action?.endsWith('/cancel') === false,
  );
  if (form?.[1] === undefined) throw new Error(`no form on ${new URL(address).pathname}`);
  const [username = '', password = ''] = login.split('/');
  const fields = new URLSearchParams();
  for (const [tag] of (form[2] ?? '').matchAll(/<input [^>]*>|<button [^>]*>/g)) {
    const [, name] = / name="([^"]+)"/.exec(tag) ?? [];
    const [, value = ''] = / value="([^"]*)"/.exec(tag) ?? [];
    if (name === 'username') fields.set(name, username);
    else if (name === 'password') fields.set(name, password);
    else if (name !== undefined) fields.append(name, value);
  }
  return new Request(new URL(form[1], address), { method: 'POST', body: fields, redirect: 'manual' });
}

export async function addUser(ctx: Context): Promise<string> {
  const id = uuidv7();
  await ctx.db.user.create({
    data: { id, email: `${id}@example.com`, createdAt: ctx.clock.now() },
    select: { id: true },
  });
  return id;
}

type NewConnection = { connectionId: string; userId: string; bankId: string; me: Me; permissions: readonly string[] };

async function addConnection(ctx: Context, input: NewConnection): Promise<void> {
  const { connectionId, userId, bankId, me, permissions } = input;
  const now = ctx.clock.now();
  await ctx.db.bank.createMany({
    data: [{ id: bankId, displayName: bankId, country: 'uk', firstSeenAt: now, lastSeenAt: now }],
    skipDuplicates: true,
  });
  await ctx.db.connection.create({
    data: {
      id: connectionId,
      userId,
      bankId,
      bankName: bankId,
      status: 'pending',
      statusChangedAt: now,
      credentialsId: me.credentialsId,
      consentStatus: me.consentStatus,
      consentCreatedAt: me.consentCreatedAt,
      consentExpiresAt: me.consentExpiresAt,
      authenticatedAt: now,
      connectedAt: now,
      permissions: { createMany: { data: permissions.map((permission) => ({ permission, grantedAt: now })) } },
    },
    select: { id: true },
  });
}
