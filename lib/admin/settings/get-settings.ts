import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { ClientCredentialsMissingError, getClientCredentials } from '#lib/settings/sealed-settings';
import { getSettings, type Settings } from '#lib/settings/settings';

export type SettingsFile = {
  settings: Settings;
  environment: string;
  /** Of what is sealed only enough to tell two clients apart. Null when there is none yet. */
  client: { idEnd: string } | null;
  /** Without TrueLayer's approval of our consent screens, banks can't be gone to directly in live. */
  canGoDirect: boolean;
  /** What TrueLayer has to know of us, character for character. */
  addresses: { redirectUri: string; webhookUri: string };
};

export async function getSettingsFile(ctx: Context): Promise<SettingsFile> {
  requireAdmin(ctx.actor);
  const { appUrl, trueLayer } = env();
  const { environment, isConsentApproved } = trueLayer;
  return {
    settings: await getSettings(ctx),
    environment,
    client: await findClient(ctx),
    canGoDirect: environment !== 'live' || isConsentApproved,
    addresses: { redirectUri: `${appUrl}/connect/callback`, webhookUri: `${appUrl}/api/webhooks/truelayer` },
  };
}

async function findClient(ctx: Context): Promise<SettingsFile['client']> {
  try {
    return { idEnd: endOf((await getClientCredentials(ctx)).clientId) };
  } catch (error) {
    if (error instanceof ClientCredentialsMissingError) return null;
    throw error;
  }
}

export function endOf(clientId: string): string {
  return clientId.slice(-4);
}
