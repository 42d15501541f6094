import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { questionRenewal } from '#lib/connections/renewal';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { addUser, aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { renewPerson } from '#lib/testing/renew-person';
import { useStandIn as aSimulator } from '#lib/testing/use-stand-in';
import { leaveAction } from '../account/leave/_actions.ts';
import { eraseAction } from './[connectionId]/erase/_actions.ts';
import { stopAction } from './[connectionId]/stop/confirm/_actions.ts';
import { answerAction } from './[connectionId]/who/_actions.ts';

const signedIn = vi.hoisted(() => ({ ctx: null as unknown }));
vi.mock('#lib/auth/current-user', () => ({
  requestContext: async () => signedIn.ctx,
  findCurrentUser: async () => ({ signedInAt: new Date() }),
}));
vi.mock('next/navigation', () => ({
  redirect: (target: string) => {
    throw new RedirectError(target);
  },
  notFound: () => {
    throw new RedirectError('404');
  },
}));

class RedirectError extends Error {}

const simulator = aSimulator();
let person: LinkedPerson;
beforeEach(async () => {
  person = await linkPerson(simulator.url, { bankId: 'ob-monzo' });
  signedIn.ctx = person.ctx;
});
afterEach(() => simulator.control('POST', '/reset'));

/** Where an action leads. */
async function led(action: Promise<void>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof RedirectError) return error.message;
    throw error;
  }
  throw new Error('it led nowhere');
}

function form(fields: Record<string, string> = {}): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

const sure = form({ sure: 'on' });
const look = () =>
  person.system.db.connection.findUniqueOrThrow({
    where: { id: person.connectionId },
    select: { status: true, erasesOnStop: true, endedAt: true, erasedAt: true },
  });
const stranger = async (): Promise<Context> =>
  actingAs(await aSystem(), { kind: 'user', userId: await addUser(person.system) });

/** Whatever a tampered form or request may bring in the place of a known word. */
const UNKNOWN: unknown[] = [
  '',
  'Keep',
  'ERASE',
  'delete',
  'constructor',
  '__proto__',
  'toString',
  'keep\0',
  null,
  undefined,
  0,
  true,
  ['keep'],
  ['erase'],
  {},
];

test.each(UNKNOWN)('stopAction refuses the unknown choice %j', async (choice) => {
  const before = await look();
  expect(await led(stopAction(person.connectionId, choice as string, sure))).toMatch(/\/stop\?problem=choice$|^404$/);
  expect(await look()).toEqual(before);
});

test.each([
  ['keep', { erasesOnStop: false, erasedAt: null }],
  ['erase', { erasesOnStop: true, erasedAt: expect.any(Date) }],
  ['download', { erasesOnStop: true, erasedAt: expect.any(Date) }],
])('stopAction does what the known choice %s says, for the owner only', async (choice, outcome) => {
  const before = await look();
  const { connectionId } = person;
  signedIn.ctx = actingAs(person.ctx, { kind: 'nobody' });
  expect(await led(stopAction(connectionId, choice, sure))).toMatch(/^\/sign-in/);
  signedIn.ctx = await stranger();
  expect(await led(stopAction(connectionId, choice, sure))).toBe('/connections');
  signedIn.ctx = person.ctx;
  for (const unsure of [form(), form({ sure: '' }), form({ sure: 'off' }), form({ sure: 'yes' })]) {
    expect(await led(stopAction(connectionId, choice, unsure))).toContain('problem=sure');
  }
  expect(await look()).toEqual(before);
  expect(await led(stopAction(connectionId, choice, sure))).toBe(`/connections/${connectionId}?did=stopped`);
  expect(await look()).toMatchObject({ status: 'revoked', ...outcome });
});

async function ask(): Promise<void> {
  await renewPerson(simulator.url, person, { way: 'fresh_link' });
  const { connectionId, system } = person;
  await inTransaction(system, (tx) => questionRenewal(tx, { connectionId, code: 'other_accounts' }));
}

const roles = async () =>
  (
    await person.system.db.connectionTokens.findMany({
      where: { connectionId: person.connectionId },
      select: { role: true, questionedAt: true },
      orderBy: { role: 'asc' },
    })
  ).map(({ role, questionedAt }) => `${role}${questionedAt === null ? '' : '?'}`);

test('answerAction refuses every unknown answer: the question stays', async () => {
  await ask();
  for (const answer of UNKNOWN) {
    expect(await led(answerAction(person.connectionId, answer as string))).toMatch(/\/who$|^404$/);
    expect(await roles()).toEqual(['current', 'incoming?']);
  }
});

test.each([
  ['same', ['current', 'incoming']],
  ['other', ['current', 'outgoing']],
])('answerAction takes the answer %s from the owner only', async (answer, outcome) => {
  await ask();
  signedIn.ctx = await stranger();
  expect(await led(answerAction(person.connectionId, answer))).toBe('/connections');
  expect(await roles()).toEqual(['current', 'incoming?']);
  signedIn.ctx = person.ctx;
  expect(await led(answerAction(person.connectionId, answer))).toMatch(/\?did=answered$/);
  expect(await roles()).toEqual(outcome);
});

test('erasing and leaving need the ticked box itself, and happen with it', async () => {
  const { connectionId, userId, system } = person;
  await led(stopAction(connectionId, 'keep', sure));
  for (const unsure of [form(), form({ sure: 'off' }), form({ sure: '0' })]) {
    expect(await led(eraseAction(connectionId, unsure))).toContain('problem=sure');
    expect(await led(leaveAction(unsure))).toContain('problem=sure');
  }
  signedIn.ctx = await stranger();
  expect(await led(eraseAction(connectionId, sure))).toBe('/connections');
  expect(await look()).toMatchObject({ erasedAt: null });
  signedIn.ctx = person.ctx;
  await led(eraseAction(connectionId, sure));
  expect(await look()).toMatchObject({ erasedAt: expect.any(Date) });
  expect(await led(leaveAction(sure))).toMatch(/^\/left\?/);
  expect(await system.db.user.count({ where: { id: userId } })).toBe(0);
});
