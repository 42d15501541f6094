import { isIP } from 'node:net';
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

/** Values separated by spaces, commas or semicolons. */
export const list = z.string().transform((text) => text.split(/[\s,;]+/).filter((value) => value !== ''));

export const emails = list.pipe(
  z.array(z.email({ error: 'should be email addresses, separated by spaces or commas' })),
);

/** TrueLayer's scopes and provider filters. */
export const identifiers = list.refine((values) => values.every((value) => /^[a-z0-9_-]+$/.test(value)), {
  error: 'should be names of lower-case letters, digits, - and _, separated by spaces or commas',
});

/** Wider networks contain addresses of other people: trusting one lets every client choose its own address. */
const MIN_PREFIX = { ipv4: 8, ipv6: 7 };

export const trustedNetworks = list.refine((networks) => networks.every(isNarrowNetwork), {
  error: `should be IP addresses or networks such as 10.0.0.0/8, separated by spaces or commas; no network wider than /${MIN_PREFIX.ipv4} (IPv6: /${MIN_PREFIX.ipv6})`,
});

function isNarrowNetwork(network: string): boolean {
  const [address = '', prefix, ...rest] = network.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  const [minimum, maximum] = version === 4 ? [MIN_PREFIX.ipv4, 32] : [MIN_PREFIX.ipv6, 128];
  return /^\d{1,3}$/.test(prefix) && Number(prefix) >= minimum && Number(prefix) <= maximum;
}

export const databaseUrl = z.string().refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text), {
  error: 'should look like postgresql://user:password@host:5432/database',
});

export const smtpUrl = z.string().refine((text) => /^smtps?:\/\//.test(text) && URL.canParse(text), {
  error: 'should look like smtp://user:password@host:587',
});

/** 32 random base64 characters have at least 12 different ones, except once in some million times. */
const MIN_DIFFERENT_CHARACTERS = 12;

export const secret = z
  .string()
  .min(32, { error: 'should be at least 32 random characters', abort: true })
  .refine((text) => new Set(text).size >= MIN_DIFFERENT_CHARACTERS, {
    error: 'should be random: it repeats a few characters. Make one with: openssl rand -base64 48',
  });

/** The issuer of an OpenID Connect provider, which may have a path. The client secret is sent to it. */
export const issuer = z.string().refine(
  (text) => {
    const url = URL.parse(text);
    return (
      url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)))
    );
  },
  { error: 'should be the https:// address of the provider (plain http is for this machine only)' },
);

export type SealingKey = { kid: string; key: Buffer };

/** Of 32 random bytes, fewer than 16 different ones do not occur in practice. */
const MIN_DIFFERENT_BYTES = 16;

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
    const key = Buffer.from(base64, 'base64');
    if (new Set(key).size < MIN_DIFFERENT_BYTES) {
      context.addIssue(`has a key that is not random (${kid}): make one with: openssl rand -base64 32`);
      return z.NEVER;
    }
    if (keys.some((other) => other.key.equals(key))) {
      context.addIssue(`has the same key under two names (${kid})`);
      return z.NEVER;
    }
    keys.push({ kid, key });
  }
  return keys;
});
