import { readFileSync } from 'node:fs';

/** Variables that may be given as `NAME_FILE`, the path of a file with the value: Docker and Kubernetes mount secrets so. */
export const SECRET_NAMES = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_OWNER_URL',
  'TRUELAYER_CLIENT_ID',
  'TRUELAYER_CLIENT_SECRET',
  'TOKEN_SEALING_KEYS',
  'NEXTAUTH_SECRET',
  'SESSION_SECRET',
  'SMTP_URL',
  'OIDC_CLIENT_SECRET',
  'METRICS_TOKEN',
] as const;

type Source = Readonly<Record<string, string | undefined>>;

/** The source with each secret that is in a file, and what is wrong with such files. */
export function readSecretFiles(source: Source): { values: Source; problems: string[] } {
  const values: Record<string, string | undefined> = { ...source };
  const problems: string[] = [];
  for (const name of SECRET_NAMES) {
    const file = source[`${name}_FILE`];
    if (file === undefined || file === '') continue;
    if (source[name] !== undefined && source[name] !== '') {
      problems.push(`${name} and ${name}_FILE are both set: keep one of them`);
      continue;
    }
    try {
      values[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
      problems.push(`${name}_FILE names a file that can't be read (${code})`);
    }
  }
  return { values, problems };
}
