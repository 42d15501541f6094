import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { examineRuntimeRole } from '#lib/db/runtime-role';
import { type Env, env } from '#lib/env/env';
import { ClientCredentialsMissingError, getClientCredentials } from '#lib/settings/sealed-settings';
import { getSettings } from '#lib/settings/settings';

export type GoLiveCode =
  | 'live_environment'
  | 'https_address'
  | 'live_client'
  | 'consent_screens'
  | 'mail_server'
  | 'own_admins'
  | 'admin_passkeys'
  | 'database_role'
  | 'trusted_proxy'
  | 'company_details'
  | 'metrics_token';

export type GoLiveStep = { code: GoLiveCode; isDone: boolean };

/** What a deployment needs before real users link real banks, as far as its own configuration shows it. */
export async function listGoLiveSteps(ctx: Context): Promise<GoLiveStep[]> {
  requireAdmin(ctx.actor);
  const [{ flow }, clientId, { excess }, adminsWithoutPasskey] = await Promise.all([
    getSettings(ctx),
    findClientId(ctx),
    examineRuntimeRole(ctx.db),
    ctx.db.user.count({ where: { role: 'admin', passkeys: { none: {} } } }),
  ]);
  return toGoLiveSteps(env(), { flow, clientId, isRoleLimited: excess.length === 0, adminsWithoutPasskey });
}

type GoLiveInput = Pick<
  Env,
  'appUrl' | 'trueLayer' | 'mail' | 'adminEmails' | 'trustedProxies' | 'company' | 'metricsToken'
>;

type GoLiveFacts = { flow: string; clientId: string | null; isRoleLimited: boolean; adminsWithoutPasskey: number };

export function toGoLiveSteps(
  { appUrl, trueLayer, mail, adminEmails, trustedProxies, company, metricsToken }: GoLiveInput,
  { flow, clientId, isRoleLimited, adminsWithoutPasskey }: GoLiveFacts,
): GoLiveStep[] {
  const done: Record<GoLiveCode, boolean> = {
    live_environment: trueLayer.environment === 'live',
    https_address: appUrl.startsWith('https:'),
    live_client: clientId !== null && !clientId.startsWith('sandbox-'),
    consent_screens: flow !== 'direct' || trueLayer.isConsentApproved,
    mail_server: mail.requiresTls && !isThisMachine(new URL(mail.smtpUrl).hostname) && !/@localhost>?$/.test(mail.from),
    own_admins: adminEmails.length > 0 && adminEmails.every((email) => !/@example\.(com|net|org)$/.test(email)),
    admin_passkeys: adminsWithoutPasskey === 0,
    database_role: isRoleLimited,
    trusted_proxy: trustedProxies.length > 0,
    company_details:
      company.privacyUrl !== null && (trueLayer.clientRole === 'agent' || company.firmReference !== null),
    metrics_token: metricsToken !== null,
  };
  return (Object.keys(done) as GoLiveCode[]).map((code) => ({ code, isDone: done[code] }));
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

async function findClientId(ctx: Context): Promise<string | null> {
  try {
    return (await getClientCredentials(ctx)).clientId;
  } catch (error) {
    if (error instanceof ClientCredentialsMissingError) return null;
    throw error;
  }
}
