import { env } from '#lib/env/env';

/**
 * What the app claims of our host: where it is handed back to, and nothing on the way to the bank, which has to end in the
 * browser in which it began. With a return address on another host, the pages that say how a trip ended.
 */
export function appPath(): string {
  const { appUrl, mobile } = env();
  const url = mobile.returnUrl === null ? null : new URL(mobile.returnUrl);
  return url !== null && url.origin === appUrl ? url.pathname : '/connect/result/*';
}
