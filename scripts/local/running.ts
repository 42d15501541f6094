import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dataDir } from './paths.ts';

const file = path.join(dataDir, 'running.json');

/** Written down while `npm start` runs, for the commands that somebody gives beside it. */
export function noteRunning(env: Readonly<Record<string, string>>): void {
  mkdirSync(dataDir, { recursive: true });
  // Whole or not at all, whenever it is cut off, and never with the rights of an older file.
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify(env), { mode: 0o600 });
  renameSync(next, file);
}

export function forgetRunning(): void {
  rmSync(file, { force: true });
}

/**
 * A command that is told of no database means the app that runs from this folder. Whatever the environment does say goes
 * before what is written down.
 */
export function joinRunning(): void {
  if (process.env.DATABASE_URL || !existsSync(file)) return;
  const running: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'));
  for (const [name, value] of Object.entries(running)) process.env[name] ||= value;
}
