import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { env } from '#lib/env/env';
import { getClientCredentials } from '#lib/settings/sealed-settings';
import type { Flow } from '#lib/settings/settings';
import { buildAuthLink } from '#lib/truelayer/auth-link';
import type { NewAttempt } from './attempt.ts';

type FreshLinkInput = {
  attempt: NewAttempt;
  flow: Flow;
  providers: readonly string[];
  /** Null where TrueLayer's dialog asks for it. */
  bankId: string | null;
  permissions: readonly string[];
};

/** The address at which a new consent begins: straight to the bank, or through TrueLayer's own pages. */
export async function makeFreshLink(ctx: Context, input: FreshLinkInput): Promise<string> {
  const { attempt, flow, providers, bankId, permissions } = input;
  const { clientId } = await getClientCredentials(ctx);
  const trip = {
    clientId,
    redirectUri: redirectUri(),
    permissions,
    state: attempt.state,
    codeChallenge: attempt.codeChallenge,
    trackingId: attempt.id,
  };
  if (flow === 'direct' && bankId !== null) {
    const user = await personAtTrueLayer(ctx);
    const link = await trueLayer().createDirectAuthLink({ ...trip, bankId, consentId: consentIdOf(attempt), user });
    return link.url;
  }
  return buildAuthLink(env().trueLayer.authUrl, { ...trip, providers, ...(bankId === null ? {} : { bankId }) }).href;
}

/** An unregulated client has to say for whom it asks. */
export async function personAtTrueLayer(ctx: Context): Promise<{ id: string; name: string; email: string }> {
  const { userId } = requirePerson(ctx.actor);
  const user = await ctx.db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { id: true, email: true, name: true },
  });
  return { id: user.id, name: user.name ?? user.email.split('@')[0] ?? user.email, email: user.email };
}

export function redirectUri(): string {
  return `${env().appUrl}/connect/callback`;
}

function consentIdOf(attempt: NewAttempt): string {
  return attempt.id.replaceAll('-', '');
}
