import 'server-only';
import { env } from '#lib/env/env';
import { verifyMailServer } from '#lib/mail/send-mail';
import { bad, type Finding, good, reasonOf, warning } from './finding.ts';

const PATIENCE_MS = 10_000;

/** Whether the app answers where people are told to find it, and whether mail can go out. */
export async function examineApp(): Promise<Finding[]> {
  return [await app(), ...proxies(), await mail()];
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

async function mail(): Promise<Finding> {
  const { host } = new URL(env().mail.smtpUrl);
  try {
    await verifyMailServer();
    return good('mail', `${host} takes mail.`);
  } catch (error) {
    return bad('mail', `${host} (SMTP_URL) takes no mail: ${reasonOf(error)}.`);
  }
}
