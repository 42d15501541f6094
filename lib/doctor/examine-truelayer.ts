import 'server-only';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { listDirectLinkRefusals } from '#lib/settings/direct-link-refusals';
import { type ClientCredentials, getClientCredentials } from '#lib/settings/sealed-settings';
import { getSettings } from '#lib/settings/settings';
import { SECOND_MS } from '#lib/time/span';
import { buildAuthLink } from '#lib/truelayer/auth-link';
import { bad, type Finding, good, reasonOf, warning } from './finding.ts';

const PATIENCE_MS = 10_000;
/** A token is good for an hour and a signature for minutes: half a minute is where trouble begins. */
const SKEW_SECONDS = 30;

type Options = { isDatabaseReadable: boolean };

/** TrueLayer's addresses, the clock, and whether it knows our client and where we want people sent back to. */
export async function examineTrueLayer(ctx: Context, { isDatabaseReadable }: Options): Promise<Finding[]> {
  const { environment, authUrl, apiUrl, statusUrl } = env().trueLayer;
  const origins = [...new Set([authUrl, apiUrl, statusUrl])];
  const answers = await Promise.all(origins.map(ask));
  const findings = answers.map(({ finding }) => finding);
  const skew = answers.map(({ skewSeconds }) => skewSeconds).find((seconds) => seconds !== null) ?? null;
  if (skew !== null) findings.push(sayClock(skew));
  if (!isDatabaseReadable || answers[0]?.finding.verdict === 'bad') return findings;
  const credentials = await getClientCredentials(ctx).catch(() => null);
  if (credentials === null) {
    const where = 'set TRUELAYER_CLIENT_ID and TRUELAYER_CLIENT_SECRET, or enter them under /admin/settings';
    return [...findings, bad('client', `The TrueLayer client for ${environment} is not known: ${where}.`)];
  }
  return [...findings, ...(await examineClient(credentials)), ...(await examineDirectLinks(ctx))];
}

async function ask(origin: string): Promise<{ finding: Finding; skewSeconds: number | null }> {
  const { host } = new URL(origin);
  try {
    const response = await fetch(origin, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.body?.cancel();
    const told = Date.parse(response.headers.get('date') ?? '');
    const skewSeconds = Number.isNaN(told) ? null : Math.round((Date.now() - told) / SECOND_MS);
    return { finding: good('hosts', `${host} answers.`), skewSeconds };
  } catch (error) {
    return { finding: bad('hosts', `${host} can't be reached from here: ${reasonOf(error)}.`), skewSeconds: null };
  }
}

function sayClock(skewSeconds: number): Finding {
  if (Math.abs(skewSeconds) <= SKEW_SECONDS) return good('clock', 'This machine’s clock agrees with TrueLayer’s.');
  const way = skewSeconds > 0 ? 'ahead of' : 'behind';
  return bad(
    'clock',
    `This machine’s clock is ${Math.abs(skewSeconds)} seconds ${way} TrueLayer’s: let it follow a time server.`,
  );
}

async function examineClient(credentials: ClientCredentials): Promise<Finding[]> {
  const { environment } = env().trueLayer;
  const mixUp = findMixUp(credentials.clientId, environment);
  if (mixUp !== null) return [mixUp];
  try {
    if ((await trueLayer().verifyClient(credentials)) === 'ok') {
      return [good('client', 'TrueLayer knows the client.'), await examineRedirect(credentials.clientId)];
    }
  } catch (error) {
    return [warning('client', `TrueLayer could not be asked about the client: ${reasonOf(error)}.`)];
  }
  const hint = 'look in Console whether the secret was replaced, and change it under /admin/settings';
  return [bad('client', `TrueLayer (${environment}) doesn't take the client id and secret that are stored: ${hint}.`)];
}

/** What linking has met since: asking for a link here would start a consent. */
async function examineDirectLinks(ctx: Context): Promise<Finding[]> {
  const { flow } = await getSettings(ctx);
  if (flow !== 'direct') return [];
  const refusals = await listDirectLinkRefusals(ctx);
  return refusals.map(({ bankId, refused, code, httpStatus }) => {
    const answer = `${code}${httpStatus === null ? '' : `, HTTP ${httpStatus}`}`;
    const effect =
      refused === 'cards'
        ? 'credit cards are left out there; the flow bank-selection includes them'
        : 'users are sent through the auth link instead';
    return warning(
      'direct links',
      `TrueLayer refuses ${refused === 'cards' ? 'the permission cards in ' : ''}direct links to ${bankId} (${answer}): ${effect}.`,
    );
  });
}

function findMixUp(clientId: string, environment: string): Finding | null {
  const isSandboxId = clientId.startsWith('sandbox-');
  if (environment === 'live' && isSandboxId) {
    return bad(
      'client',
      'The stored client is one of TrueLayer’s sandbox (it begins with sandbox-), and TRUELAYER_ENV is live.',
    );
  }
  if (environment === 'sandbox' && !isSandboxId) {
    return bad('client', 'The stored client is a live one (no sandbox- in front), and TRUELAYER_ENV is sandbox.');
  }
  return null;
}

/** TrueLayer shows a page of its own for an address that isn't registered, and nobody ever comes back. */
async function examineRedirect(clientId: string): Promise<Finding> {
  const { authUrl, providers } = env().trueLayer;
  const redirectUri = `${env().appUrl}/connect/callback`;
  const link = buildAuthLink(authUrl, {
    clientId,
    redirectUri,
    permissions: ['accounts'],
    providers,
    state: randomSecret(),
  });
  try {
    const response = await fetch(link, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.body?.cancel();
    if (response.status < 400) return good('redirect', `TrueLayer sends people back to ${redirectUri}.`);
    const hint = `register exactly this in Console under "Redirect URIs", or correct APP_URL`;
    return bad('redirect', `TrueLayer refuses to send people back to ${redirectUri} (${response.status}): ${hint}.`);
  } catch (error) {
    return warning('redirect', `Whether TrueLayer takes ${redirectUri} could not be asked: ${reasonOf(error)}.`);
  }
}
