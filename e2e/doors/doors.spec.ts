import { expect, test } from '../fixtures/test.ts';
import { discoverActions, discoverRoutes } from './discover.ts';
import { act, knock } from './knock.ts';
import { EVERYBODY, populate, snapshot, type Who, type World } from './people.ts';
import { readValue } from './rows.ts';
import { ACTIONS, ROUTES } from './table.ts';

const buildDir = process.env.LINKWELL_BUILD_DIR ?? '';
const bank = process.env.TRUELAYER_AUTH_URL ?? '';

test('every route and action answers nobody, a stranger, an admin and the owner as the table says @once', async ({
  page,
  email,
}) => {
  const routes = discoverRoutes();
  const actions = discoverActions(buildDir);
  expect.soft(Object.keys(ROUTES).sort(), 'e2e/doors/table.ts names every route there is').toEqual(routes);
  const known = actions.map(({ name }) => name);
  expect
    .soft(Object.keys(ACTIONS).sort(), 'e2e/doors/table.ts names every server action there is')
    .toEqual(known.sort());

  const world = await populate(page, email);
  const wrong: string[] = [];
  const judge = (door: string, who: Who, expected: string, answer: { said: string; body: string }) => {
    if (answer.said !== spell(world, expected))
      wrong.push(`${door} said "${answer.said}" to ${who}, not "${expected}": ${answer.body.slice(0, 200)}`);
    const shown =
      who === 'owner' || (who === 'admin' && (ROUTES[door] ?? ACTIONS[door])?.isTeams)
        ? []
        : world.marks.filter((mark) => isTold(door, mark, answer.body, world));
    if (shown.length > 0) wrong.push(`${door} told ${who} something of the owner's`);
  };

  for (const [door, row] of Object.entries(ROUTES)) {
    const [method = '', address = ''] = door.split(' ');
    for (const who of EVERYBODY) {
      const path = row.at?.(world, who) ?? address;
      const body = row.body?.();
      judge(door, who, row[who], await knock(world, who, { method, path, ...(body === undefined ? {} : { body }) }));
      if (method !== 'GET' || address.startsWith('/api') || row[who] === '200') continue;
      // What a browser fetches when somebody moves between pages: another door to the same rows.
      const flight = await knock(world, who, { path: `${path}?_rsc=1`, headers: { rsc: '1' } });
      const mayKnow = who === 'owner' || (who === 'admin' && row.isTeams);
      if (!mayKnow && world.marks.some((mark) => isTold(door, mark, flight.body, world))) {
        wrong.push(`${door}, fetched as data, told ${who} something of the owner's`);
      }
    }
  }

  const before = await snapshot(world);
  const idOf = new Map(actions.map(({ id, name }) => [name, id]));
  for (const who of EVERYBODY) {
    if (who === 'owner') expect.soft(await snapshot(world), 'nobody else changed anything').toEqual(before);
    for (const [name, row] of Object.entries(ACTIONS)) {
      const call = { id: idOf.get(name) ?? '', on: row.on(world), args: row.args(world, who) };
      const value = row.changes?.(world);
      const valueBefore = value && (await readValue(value));
      judge(name, who, row[who], await act(world, who, call));
      const hasChanged = value !== undefined && (await readValue(value)) !== valueBefore;
      const mayChange = who === (row.isTeams ? 'admin' : 'owner');
      if (value !== undefined && hasChanged !== mayChange) {
        wrong.push(`${name} by ${who} ${hasChanged ? 'changed' : 'did not change'} what it is for`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('a form on somebody else’s site changes nothing, whatever it is sent to @once', async ({ page, email }) => {
  const world = await populate(page, email);
  const before = await snapshot(world);
  for (const { id, name } of discoverActions(buildDir)) {
    const row = ACTIONS[name];
    if (row === undefined) continue;
    const call = { id, on: row.on(world), args: row.args(world, 'owner') };
    for (const origin of ['https://evil.example', 'null']) {
      expect(await act(world, 'owner', call, origin), `${name} from ${origin}`).toMatchObject({ said: '403' });
    }
  }
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  for (const door of Object.keys(ROUTES).filter((key) => !key.startsWith('GET '))) {
    const [method = '', address = ''] = door.split(' ');
    const path = ROUTES[door]?.at?.(world, 'owner') ?? address;
    const { said } = await knock(world, 'owner', { method, path, headers: foreign, body: 'x=y' });
    // TrueLayer and mail programs post to these: what protects them is the state, or a secret in the address.
    if (/^\/connect\/callback|^\/api\/(webhooks|unsubscribe)\//.test(path)) expect(said, door).not.toBe('403');
    else expect(said, door).toBe('403');
  }
  expect(await snapshot(world)).toEqual(before);
});

/** An address that was asked for may be in the answer; anything else of the owner's may not. */
function isTold(door: string, mark: string, body: string, world: World): boolean {
  const asked = [world.accountId, world.transactionId].includes(mark) && /\[|_actions/.test(door);
  return !asked && body.includes(mark);
}

function spell(world: World, expected: string): string {
  return expected
    .replace(/:bank\b/, new URL(bank).origin)
    .replace(/:transaction\b/, `/accounts/${world.accountId}/transactions/${world.transactionId}`)
    .replace(':notedTransactionId', world.otherTransactionIds[1])
    .replaceAll(
      /:(attemptId|accountId|attachedNoteId|bankId|connectionId|unsubscribeToken)/g,
      (_, name: 'attemptId' | 'accountId' | 'attachedNoteId' | 'bankId' | 'connectionId' | 'unsubscribeToken') =>
        world[name],
    );
}
