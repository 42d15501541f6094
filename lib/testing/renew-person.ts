import { storeRenewal } from '#lib/connections/store-renewal';
import { spendRefreshToken } from '#lib/connections/tokens';
import { inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { randomSecret } from '#lib/crypto/secret';
import { readCallback } from '#lib/truelayer/callback';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REDIRECT_URI } from '#sandbox/config';
import { aSystem, EVERYTHING, type LinkedPerson, signInAtBank, travel } from './link-person.ts';

type Renewing = {
  /** Back to the bank with the old grant, or all over again with a grant of its own. */
  way: 'reauth_link' | 'fresh_link';
  login?: string;
  permissions?: readonly string[];
  /** TrueLayer doesn't say what the new grant is. */
  isNameless?: boolean;
};

/** The person has been to the bank once more, and what came of it waits beside the tokens in use. */
export async function renewPerson(standInUrl: string, person: LinkedPerson, renewing: Renewing): Promise<void> {
  const { way, login = 'john/doe', permissions = EVERYTHING, isNameless = false } = renewing;
  const { connectionId, bankId } = person;
  const system = await aSystem();
  const tokens =
    way === 'fresh_link'
      ? await signInAtBank(standInUrl, { login, bankId, permissions })
      : await signInByLink(person, login);
  const {
    items: [me],
  } = await trueLayer().getMe({ accessToken: tokens.accessToken });
  const renewal = {
    connectionId,
    tokens,
    me: isNameless ? null : me,
    permissions,
    authenticatedAt: system.clock.now(),
  };
  await inTransaction(system, (tx) => storeRenewal(tx, renewal));
}

async function signInByLink({ connectionId }: LinkedPerson, login: string) {
  const trip = { redirectUri: DEFAULT_REDIRECT_URI, state: randomSecret() };
  const link = await spendRefreshToken(await aSystem(), connectionId, (refreshToken) =>
    trueLayer().createReauthLink({ refreshToken, ...trip }),
  );
  const answer = readCallback(await travel(link?.url ?? '', login));
  if (answer.kind !== 'code') throw new Error(`came back with ${answer.kind}`);
  const keys = { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET };
  return trueLayer().exchangeCode({ ...keys, code: answer.code, redirectUri: DEFAULT_REDIRECT_URI });
}
