import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { say } from '#scripts/local/say';
import { sayLeaks, searchFiles } from './check.ts';
import { readSecrets } from './known.ts';

/** Where a run's output, dumps and issued secrets are gathered. */
export type Gathered = { dir: string; issuedFile: string; logDir: string };

export function gatherIn(dir: string): Gathered {
  return { dir, issuedFile: path.join(dir, 'issued.jsonl'), logDir: path.join(dir, 'stack/logs') };
}

/** Every story of the browser's makes some of each; if none was seen, the search has proved nothing. */
const EXPECTED = [
  'access_token',
  'code',
  'code_verifier',
  'nextauth_secret',
  'password of SMTP_URL',
  'refresh_token',
  'sealing_key',
  'session',
  'session_secret',
  'sign_in_link',
  'state',
  'truelayer_client_secret',
];

/**
 * No secret of the whole run is in any line that a process of ours printed, or in any row of any table. The stand-in and the
 * mail catcher are other people's programs, and their own logs aren't searched.
 */
export function checkSecrets(gathered: Gathered, isWhole: boolean): { passed: number; failed: number } {
  const files = [...logsIn(gathered.logDir), ...logsIn(gathered.dir)];
  const report = searchFiles(readSecrets(gathered.issuedFile), files);
  const missing = isWhole ? EXPECTED.filter((kind) => !report.kinds.includes(kind)) : [];
  const size = `${(report.bytes / 1e6).toFixed(1)} MB`;
  say(`${report.secrets} secrets (${report.kinds.join(', ')})`);
  say(
    `looked for in ${report.lines} lines and rows (${size}) of ${files.map((file) => path.basename(file)).join(', ')}`,
  );
  for (const kind of missing) say(`✗ the run had no ${kind}, so nothing is known about it`);
  for (const leak of sayLeaks(report.leaks)) say(`✗ ${leak}`);
  const failed = missing.length + (report.leaks.length > 0 ? 1 : 0);
  return { passed: failed === 0 && report.secrets > 0 && report.lines > 0 ? 1 : 0, failed };
}

function logsIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => /\.(log|dump)$/.test(name) && !/^(sandbox|mail)\.log$/.test(name))
    .map((name) => path.join(dir, name));
}
