import { z } from 'zod';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An origin that secrets travel to: https, or plain http to this very machine. */
export const secureOrigin = z.string().transform((text, context) => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    context.addIssue('should be an https:// address');
    return z.NEVER;
  }
  if (url.protocol === 'http:' && !LOOPBACK_HOSTS.has(url.hostname)) {
    context.addIssue('should begin with https:// (plain http is for this machine only)');
    return z.NEVER;
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    context.addIssue('should be an origin only, like https://example.com, with no path');
    return z.NEVER;
  }
  return url.origin;
});

export const port = z.coerce.number({ error: 'should be a number' }).int().min(1).max(65535);

export const flag = z
  .enum(['true', 'false'], { error: 'should be true or false' })
  .transform((text) => text === 'true');

export const wholeNumber = (minimum: number, maximum: number) =>
  z.coerce
    .number({ error: 'should be a number' })
    .int({ error: 'should be a whole number' })
    .min(minimum, { error: `should be at least ${minimum}` })
    .max(maximum, { error: `should be at most ${maximum}` });

/** Words separated by spaces or commas. */
export const words = z.string().transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''));

export const databaseUrl = z.string().refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text), {
  error: 'should look like postgresql://user:password@host:5432/database',
});

export const smtpUrl = z.string().refine((text) => /^smtps?:\/\//.test(text) && URL.canParse(text), {
  error: 'should look like smtp://user:password@host:587',
});

export const secret = z.string().min(32, { error: 'should be at least 32 random characters' });

export type SealingKey = { kid: string; key: Buffer };

export const sealingKeys = z.string().transform((text, context): SealingKey[] => {
  const keys: SealingKey[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*([a-z0-9][a-z0-9-]{0,14}):([A-Za-z0-9+/]{43}=?)\s*$/.exec(part);
    const [, kid, base64] = match ?? [];
    if (kid === undefined || base64 === undefined) {
      context.addIssue(
        'should be kid:base64-of-32-bytes, several separated by commas (a kid has 1 to 15 of a-z, 0-9 and -)',
      );
      return z.NEVER;
    }
    if (keys.some((key) => key.kid === kid)) {
      context.addIssue(`names the key ${kid} twice`);
      return z.NEVER;
    }
    keys.push({ kid, key: Buffer.from(base64, 'base64') });
  }
  return keys;
});
