// `npm run bench [-- name …]`: measures what docs and design promise. A table for people, each figure with its method; the
// last line is one JSON object for programs. Brings its own throw-away database and stand-in.
import os from 'node:os';
import { runAndExit, StartProblem, say } from '#scripts/local/say';
import { BENCHES } from './benches.ts';
import type { Figure } from './figure.ts';
import { onStage } from './stage.ts';

await runAndExit(async () => {
  const names = chosen(process.argv.slice(2));
  const figures: Figure[] = [];
  await onStage(async (stage) => {
    for (const name of names) {
      say(`\n── ${name} ──`);
      const load = BENCHES[name];
      if (load === undefined) continue;
      const measured = await (await load())(stage);
      for (const each of measured) print(each);
      figures.push(...measured);
    }
  });
  const missed = figures.filter(({ isMet }) => !isMet);
  say(`\n${figures.length} figures, ${missed.length} over budget`);
  say(JSON.stringify({ isMet: missed.length === 0, machine: machine(), figures }));
  return missed.length === 0 ? 0 : 1;
});

function chosen(asked: readonly string[]): readonly string[] {
  const known = Object.keys(BENCHES);
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new StartProblem(`There is no benchmark ${unknown.join(', ')}. Known: ${known.join(', ')}`);
  return asked.length === 0 ? known : asked;
}

function print({ name, value, unit, budget, isMet, method }: Figure): void {
  const verdict = budget === null ? '' : `  ${isMet ? '✓' : '✗ OVER'} ${budget}`;
  say(`  ${name.padEnd(44)} ${`${value} ${unit}`.padStart(18)}${verdict}`);
  say(`      ${method}`);
}

function machine() {
  return { cpus: os.availableParallelism(), memoryMib: Math.round(os.totalmem() / 2 ** 20), node: process.version };
}
