import { expect, test } from 'vitest';
import { parseReplayArguments } from './replay-arguments.ts';

const ID = '01a2055d-59bf-702f-a3ad-ae6a3773fba6';

test('what is to be replayed is named, and nothing is applied unless asked', () => {
  expect(parseReplayArguments(['--all'])).toEqual({ scope: {}, isApplied: false });
  expect(parseReplayArguments(['--account', ID, '--apply'])).toEqual({ scope: { accountId: ID }, isApplied: true });
  expect(parseReplayArguments([`--connection=${ID}`])).toEqual({ scope: { connectionId: ID }, isApplied: false });
});

test.each([[], ['--apply'], ['--account'], ['--account', 'x'], ['--all', ID], ['--everything', ID], ['--all', '--al']])(
  'refuses %j, with the usage',
  (...words) => {
    expect(() => parseReplayArguments(words)).toThrow(/usage/);
  },
);
