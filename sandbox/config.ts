import { z } from 'zod';
import type { SwitchSettings } from '#sandbox/control/switches';

export const DEFAULT_CLIENT_ID = 'sandbox-linkwell-5a4d1e';
export const DEFAULT_CLIENT_SECRET = '7b1f0c6e-2d84-4c53-9a0e-6f5d3b8e1c27';
export const DEFAULT_REDIRECT_URI = 'http://localhost:3000/connect/callback';

export type StandInConfig = {
  host: string;
  port: number;
  publicUrl: string | null;
  dataDir: string | null;
  clientId: string;
  clientSecret: string;
  redirectUris: readonly string[];
  /** The banks for which `POST /v1/authuri` makes links, until a switch changes it. */
  directLinks: 'mock' | 'all';
  isControllable: boolean;
  /** Where every secret that is given out or received is written down, for tests of a client. */
  issuedFile: string | null;
  seed: string;
  /** Switches that are set from the beginning, and again after a reset. */
  switches: Partial<SwitchSettings>;
};

export class ConfigError extends Error {
  readonly code = 'config_invalid';
}

const blankAsAbsent = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsAbsent, schema);
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });

const Environment = z.object({
  SANDBOX_HOST: optional(z.string().default('127.0.0.1')),
  SANDBOX_PORT: optional(z.coerce.number('must be a port number').int().min(0).max(65_535).default(3100)),
  SANDBOX_PUBLIC_URL: optional(httpUrl.optional()),
  SANDBOX_DATA_DIR: optional(z.string().optional()),
  SANDBOX_CLIENT_ID: optional(z.string().default(DEFAULT_CLIENT_ID)),
  SANDBOX_CLIENT_SECRET: optional(z.string().default(DEFAULT_CLIENT_SECRET)),
  SANDBOX_REDIRECT_URIS: optional(
    z
      .string()
      .default(DEFAULT_REDIRECT_URI)
      .transform((text) => text.split(',').map((uri) => uri.trim()))
      .pipe(z.array(z.url('must be a comma-separated list of absolute addresses')).min(1)),
  ),
  SANDBOX_DIRECT_LINKS: optional(z.enum(['mock', 'all'], 'must be mock or all').default('mock')),
  SANDBOX_CONTROL: optional(z.enum(['0', '1'], 'must be 0 or 1').default('0')),
  SANDBOX_ISSUED_FILE: optional(z.string().optional()),
  SANDBOX_SEED: optional(z.string().default('linkwell')),
});

export function parseConfig(env: Record<string, string | undefined>): StandInConfig {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path[0]?.toString()}: ${issue.message}`);
    throw new ConfigError(`The stand-in cannot start:\n${faults.join('\n')}`);
  }
  const found = parsed.data;
  return {
    host: found.SANDBOX_HOST,
    port: found.SANDBOX_PORT,
    publicUrl: found.SANDBOX_PUBLIC_URL?.replace(/\/{1,9}$/, '') ?? null,
    dataDir: found.SANDBOX_DATA_DIR ?? null,
    clientId: found.SANDBOX_CLIENT_ID,
    clientSecret: found.SANDBOX_CLIENT_SECRET,
    redirectUris: found.SANDBOX_REDIRECT_URIS,
    directLinks: found.SANDBOX_DIRECT_LINKS,
    isControllable: found.SANDBOX_CONTROL === '1',
    issuedFile: found.SANDBOX_ISSUED_FILE ?? null,
    seed: found.SANDBOX_SEED,
    switches: {},
  };
}
