import 'server-only';
import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { getClientCredentials } from '#lib/settings/sealed-settings';
import { SECOND_MS } from '#lib/time/span';
import type { TokenSet } from '#lib/truelayer/auth-schemas';
import { TrueLayerError } from '#lib/truelayer/error';
import type { NetworkFailure } from '#lib/truelayer/network-failure';
import { openVerifier } from './attempt.ts';

type ExchangeInput = {
  attempt: { id: string; redirectUri: string; verifierSealed: Uint8Array | null };
  code: string;
};

const PAUSES_MS = [1, 2, 4, 8, 15].map((seconds) => seconds * SECOND_MS);

/**
 * Turns the code into tokens. Sent once: a code is good once, and a lost answer can't be repaired. Only while TrueLayer can't
 * be reached at all, so that nothing left this machine, is it tried again, for half a minute of the code's five.
 * @throws {TrueLayerError}
 */
export async function exchangeCode(ctx: Context, { attempt, code }: ExchangeInput): Promise<TokenSet> {
  const { id, redirectUri, verifierSealed } = attempt;
  const keys = await getClientCredentials(ctx);
  const codeVerifier = verifierSealed === null ? undefined : openVerifier({ id, verifierSealed });
  for (const pauseMs of PAUSES_MS) {
    try {
      return await trueLayer().exchangeCode({ ...keys, code, redirectUri, codeVerifier });
    } catch (error) {
      if (!(error instanceof TrueLayerError) || !wasNeverSent(error)) throw error;
      ctx.log.warn({ event: 'attempt.exchange_unsent', attemptId: id, pauseMs, error }, 'TrueLayer is out of reach');
      await wait(pauseMs);
    }
  }
  return trueLayer().exchangeCode({ ...keys, code, redirectUri, codeVerifier });
}

const NEVER_SENT: ReadonlySet<NetworkFailure> = new Set<NetworkFailure>(['refused', 'dns', 'tls', 'unreachable']);

export function wasNeverSent(error: TrueLayerError): boolean {
  return error.networkFailure !== null && NEVER_SENT.has(error.networkFailure);
}
