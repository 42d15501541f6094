import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { StartProblem } from './say.ts';

type Options = { mode: number; uid?: number | undefined };

/**
 * Creates a directory whose path others can predict, or accepts an existing one only if it is a real directory of this user that
 * nobody else can write to. In a world-writable folder such as /var/tmp another local user may have created it first.
 * @throws {StartProblem} when the path is a link, belongs to another user or is writable by others.
 */
export function ensureOwnedDirectory(dir: string, { mode, uid = process.getuid?.() }: Options): void {
  try {
    mkdirSync(dir, { mode });
    chmodSync(dir, mode);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  requireOwnedDirectory(dir, uid);
}

/** Whether the path exists, without following a link; one that exists must be an owned directory. @throws {StartProblem} */
export function hasOwnedDirectory(dir: string, uid = process.getuid?.()): boolean {
  if (lstatSync(dir, { throwIfNoEntry: false }) === undefined) return false;
  requireOwnedDirectory(dir, uid);
  return true;
}

function requireOwnedDirectory(dir: string, uid: number | undefined): void {
  const stat = lstatSync(dir);
  if (!stat.isDirectory()) throw new StartProblem(`${dir} exists and is not a directory. Remove it and start again.`);
  if (uid !== undefined && stat.uid !== uid) {
    throw new StartProblem(`${dir} belongs to another user (uid ${stat.uid}). Remove it and start again.`);
  }
  if ((stat.mode & 0o022) !== 0) {
    throw new StartProblem(`${dir} can be written to by other users. Remove it, or run: chmod go-w ${dir}`);
  }
}

/** Lets other users enter every directory of a tree; the files keep their modes. */
export function makeTraversable(dir: string): void {
  chmodSync(dir, 0o755);
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) makeTraversable(path.join(dir, entry.name));
  }
}
