import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { getClientCredentials } from '#lib/settings/sealed-settings';
import type { Flow } from '#lib/settings/settings';
import { buildAuthLink } from '#lib/truelayer/auth-link';
import type { NewAttempt } from './attempt.ts';
import { requestDirectLink } from './direct-link.ts';

type FreshLinkInput = {
  attempt: NewAttempt;
  flow: Flow;
  providers: readonly string[];
  /** Null where TrueLayer's dialog asks for it. */
  bankId: string | null;
  permissions: readonly string[];
  /**
   * Whether a permission that TrueLayer refuses in a direct link may be left out. Not where it is shared already: then the auth link,
   * which takes it, is used.
   */
  mayDropPermissions: boolean;
};

/**
 * The address at which a new consent begins: straight to the bank, or through TrueLayer's own pages. What had to be left out is noted
 * with the attempt.
 */
export async function makeFreshLink(ctx: Context, input: FreshLinkInput): Promise<string> {
  const { attempt, flow, providers, bankId, permissions } = input;
  const consentId = consentIdOf(attempt);
  const trip = {
    redirectUri: redirectUri(),
    permissions,
    state: attempt.state,
    codeChallenge: attempt.codeChallenge,
    trackingId: attempt.id,
  };
  if (flow === 'direct' && bankId !== null) {
    const user = await personAtTrueLayer(ctx);
    const request = { ...trip, bankId, consentId, user };
    const link = await requestDirectLink(ctx, request, input.mayDropPermissions);
    if (link !== null) {
      await noteRefused(ctx, attempt, link.refused);
      return link.url;
    }
  }
  const { clientId } = await getClientCredentials(ctx);
  return buildAuthLink(env().trueLayer.authUrl, {
    ...trip,
    clientId,
    providers,
    ...(bankId === null ? {} : { bankId }),
    // Our own consent screen was shown, so that TrueLayer's is skipped here as well.
    ...(flow === 'direct' && bankId !== null ? { consentId } : {}),
  }).href;
}

async function noteRefused(ctx: Context, { id }: NewAttempt, refusedPermissions: string[]): Promise<void> {
  if (refusedPermissions.length === 0) return;
  await ctx.db.attempt.updateMany({ where: { id }, data: { refusedPermissions } });
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
