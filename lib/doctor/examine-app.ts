import 'server-only';
import { isIP } from 'node:net';
import { isPasskeyRequiredOfAdmins } from '#lib/auth/passkeys/requirement';
import { env } from '#lib/env/env';
import { verifyMailServer } from '#lib/mail/send-mail';
import { bad, type Finding, good, reasonOf, warning } from './finding.ts';

const PATIENCE_MS = 10_000;

/** Whether the app answers where people are told to find it, and whether mail can go out. */
export async function examineApp(): Promise<Finding[]> {
  return [await app(), ...proxies(), ...passkeys(), await mail()];
}

async function app(): Promise<Finding> {
  const { appUrl } = env();
  try {
    const response = await fetch(`${appUrl}/api/health`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.ok) return good('app', `${appUrl} answers.`);
    return bad(
      'app',
      `${appUrl} answers with ${response.status} where Linkwell would say that it is well: is APP_URL right?`,
    );
  } catch (error) {
    return warning('app', `${appUrl} (APP_URL) can't be reached from here: ${reasonOf(error)}. Is the app running?`);
  }
}

function proxies(): Finding[] {
  const { appUrl, trustedProxies } = env();
  if (!appUrl.startsWith('https:') || trustedProxies.length > 0) return [];
  const why = 'the app is served encrypted, so something stands in front of it, and everybody seems to come from there';
  return [warning('proxies', `TRUSTED_PROXIES is empty: ${why}. Limits by address will hit all at once.`)];
}

/** Web Authentication, 5.1.3: a relying party is a host name, in a secure context. */
function passkeys(): Finding[] {
  const { protocol, hostname } = new URL(env().appUrl);
  const isSecure = protocol === 'https:' || hostname === 'localhost';
  const isName = isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  if (!isPasskeyRequiredOfAdmins() || (isSecure && isName)) return [];
  const what = 'browsers create passkeys only for https and a host name, or for localhost';
  return [bad('passkeys', `APP_URL is ${env().appUrl}: ${what}. Admins can't open the admin pages without one.`)];
}

async function mail(): Promise<Finding> {
  const { host } = new URL(env().mail.smtpUrl);
  try {
    await verifyMailServer();
    return good('mail', `${host} takes mail.`);
  } catch (error) {
    return bad('mail', `${host} (SMTP_URL) takes no mail: ${reasonOf(error)}.`);
  }
}
