import { StartProblem } from './say.ts';

const USAGE = 'usage: npm run replay -- --account ID | --connection ID | --all [--apply]';
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export type ReplayArguments = { scope: { accountId?: string; connectionId?: string }; isApplied: boolean };

/** What is to be replayed must be said: everything isn't meant by silence. */
export function parseReplayArguments(words: readonly string[]): ReplayArguments {
  const isApplied = words.includes('--apply');
  const [what, id, ...rest] = words.filter((word) => word !== '--apply').flatMap((word) => word.split('='));
  if (rest.length > 0) throw new StartProblem(USAGE);
  if (what === '--all' && id === undefined) return { scope: {}, isApplied };
  if (id === undefined || !UUID.test(id)) throw new StartProblem(USAGE);
  if (what === '--account') return { scope: { accountId: id }, isApplied };
  if (what === '--connection') return { scope: { connectionId: id }, isApplied };
  throw new StartProblem(USAGE);
}
