import { statfsSync } from 'node:fs';
import { StartProblem } from './say.ts';

/** A new database, the build and some days of logs. */
export const NEEDED_BYTES = 600_000_000;

/** @throws {StartProblem} before anything is written by halves */
export function requireRoom(dir: string, neededBytes = NEEDED_BYTES): void {
  const { bavail, bsize } = statfsSync(dir);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new StartProblem(
    `There is too little room on the disk of ${dir}: ${inMegabytes(free)} are free and about ${inMegabytes(neededBytes)} are needed. Free some and start again; nothing was lost.`,
  );
}

function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000)} MB`;
}
