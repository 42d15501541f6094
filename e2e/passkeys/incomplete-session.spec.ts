import { discoverActions } from '../doors/discover.ts';
import { act, knock } from '../doors/knock.ts';
import { populate, snapshot, type World } from '../doors/people.ts';
import { ACTIONS, ROUTES } from '../doors/table.ts';
import { cookieHeader, createSession } from '../fixtures/session.ts';
import { expect, test } from '../fixtures/test.ts';

/** What an incomplete session may use: the second factor itself, and signing out. */
const OWN_ACTIONS = /_passkey-actions\.ts|signOutAction|signInAgainAction/;

const OWN_PAGES: Readonly<Record<string, string[]>> = {
  '/sign-in': ['to /sign-in/passkey'],
  '/sign-in/passkey': ['200'],
};

/** The owner has a passkey, and signs in by email: the session that follows is incomplete. */
async function toIncomplete(world: World, email: string): Promise<World> {
  const cookie = cookieHeader(await createSession(email));
  return { ...world, cookies: { ...world.cookies, nobody: cookie } };
}

test('every route and action treats the owner’s incomplete session like nobody’s @once', async ({ page, email }) => {
  const world = await toIncomplete(await populate(page, email), email);
  const before = await snapshot(world);
  const wrong: string[] = [];
  const judge = (what: string, said: string, expected: readonly string[]) => {
    if (!expected.includes(said)) wrong.push(`${what} said "${said}", not "${expected.join('" or "')}"`);
  };
  for (const [route, row] of Object.entries(ROUTES)) {
    const [method = '', address = ''] = route.split(' ');
    const body = row.body?.();
    const path = row.at?.(world, 'nobody') ?? address;
    const { said } = await knock(world, 'nobody', { method, path, ...(body === undefined ? {} : { body }) });
    judge(route, said, OWN_PAGES[address] ?? expectedOf(row.nobody));
  }
  const idOf = new Map(discoverActions(process.env.LINKWELL_BUILD_DIR ?? '').map(({ id, name }) => [name, id]));
  for (const [name, row] of Object.entries(ACTIONS)) {
    if (OWN_ACTIONS.test(name)) continue;
    const call = { id: idOf.get(name) ?? '', on: row.on(world), args: row.args(world, 'nobody') };
    judge(name, (await act(world, 'nobody', call)).said, expectedOf(row.nobody));
  }
  expect(wrong).toEqual([]);
  expect(await snapshot(world)).toEqual(before);
});

/** Pages lead to the second factor; route handlers and actions may lead to /sign-in, which leads there. */
function expectedOf(nobody: string): string[] {
  return nobody === 'to /sign-in' ? ['to /sign-in/passkey', 'to /sign-in'] : [nobody];
}
