import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

const FILE = 'local.env';

/** The secrets of a local run: made once, kept under .data/ and nowhere else. */
export function localSecrets(dir: string): Record<string, string> {
  const file = path.join(dir, FILE);
  if (!existsSync(file)) {
    mkdirSync(dir, { recursive: true });
    const lines = Object.entries(makeSecrets()).map(([name, value]) => `${name}="${value}"`);
    writeFileSync(
      file,
      `# Made by npm start for this checkout. Never use these anywhere else.\n${lines.join('\n')}\n`,
      { mode: 0o600 },
    );
  }
  return Object.fromEntries(
    Object.entries(parseEnv(readFileSync(file, 'utf8'))).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

function makeSecrets(): Record<string, string> {
  return {
    TOKEN_SEALING_KEYS: `local1:${randomBytes(32).toString('base64')}`,
    NEXTAUTH_SECRET: randomBytes(36).toString('base64url'),
    SESSION_SECRET: randomBytes(36).toString('base64url'),
    TRUELAYER_CLIENT_ID: `sandbox-linkwell-${randomBytes(3).toString('hex')}`,
    TRUELAYER_CLIENT_SECRET: randomBytes(24).toString('base64url'),
  };
}
