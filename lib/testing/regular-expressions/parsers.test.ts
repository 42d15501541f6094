import { expect, test } from 'vitest';
import { countSteps } from './count-steps.ts';
import { findParsers } from './find-parsers.ts';

/** Texts that make naive loops over characters, words, lines, brackets and digits slow; each is repeated. */
const REPEATED = [
  'a',
  '1',
  '0',
  ' ',
  '\t\n',
  '.',
  '-',
  '*',
  '/',
  '"',
  '\\',
  '(',
  '[',
  '{',
  '<',
  '>',
  '&',
  '%',
  '%41',
  '=',
  ',',
  ';',
  ':',
  '+',
  'a ',
  '1 ',
  ' 1',
  '1.',
  '*1',
  'a.',
  ' EUR 1',
  ' REF -',
  'ANDROID',
  ' WWW.A',
  '[1,',
  '{"a":',
  '0.0',
  'é',
  '\u0301',
  '\ud800',
  '\u0000',
  'a@',
  'http://',
  '/../',
  '127.0.0.1,',
  'for=',
  '__proto__',
  'A1-',
];
const LENGTH = 10_000;

test('every exported function of one text, and every exported schema, needs linearly many steps for a long text', async () => {
  const slow: string[] = [];
  const { parsers, notLoaded } = await findParsers();
  for (const { name, parse } of parsers) {
    const half = await countSteps(parse, textsOf(LENGTH / 2));
    const whole = await countSteps(parse, textsOf(LENGTH));
    // Where a limit on length lies in between, a refusal costs more than an acceptance: then twice the length tells.
    if (isSteep(half.steps, whole.steps) && isSteep(whole.steps, (await countSteps(parse, textsOf(2 * LENGTH))).steps))
      slow.push(`${name}: ${whole.steps} steps, ${half.steps} for half`);
    if (whole.length > 3 * half.length + 1000)
      slow.push(`${name}: ${whole.length} characters, ${half.length} for half`);
  }
  expect(slow).toEqual([]);
  // What reads the session, and server actions, load Next.js's own React, which only its bundler provides.
  expect(notLoaded.filter((file) => !/^lib\/auth\/|^app\/(_lib\/action|.*_actions)\.ts$/.test(file))).toEqual([]);
  expect(parsers.length).toBeGreaterThan(50);
});

test('counts more than linearly many steps where there are', async () => {
  const pairs = (text: string) => [...text].map((one) => [...text].filter((other) => other === one).length);
  const [few, many] = [await countSteps(pairs, ['a'.repeat(100)]), await countSteps(pairs, ['a'.repeat(200)])];
  expect(many.steps).toBeGreaterThan(3.5 * few.steps);
});

/** Three times as much for twice the length, beyond what a call costs by itself. */
function isSteep(half: number, whole: number): boolean {
  return whole > 3 * half + 1000;
}

function textsOf(length: number): string[] {
  return REPEATED.map((repeated) => repeated.repeat(Math.ceil(length / repeated.length)).slice(0, length));
}
