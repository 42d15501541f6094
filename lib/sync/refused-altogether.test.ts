import { afterEach, expect, test } from 'vitest';
import { aSystem, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { syncUnattended } from './sync-unattended.ts';

const standIn = aStandIn(SHORT_HISTORY);
afterEach(() => standIn.control('POST', '/reset'));

test('a withdrawn consent is found out by failed tasks too, while /me has not noticed', async () => {
  await standIn.control('PUT', '/switches', { webhook: 'never', async_delay_ms: 0 });
  const person = await linkPerson(standIn.url, { bankId: 'ob-lloyds' });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(person.system, { connectionId });
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + 10 * MINUTE_MS });
  const body = { status: 'Failed', error: 'access_denied', error_description: 'no', results: [] };
  await standIn.control('POST', '/faults', { match: { path: '/data/v1/results/*' }, action: { status: 200, body } });
  const system = await aSystem();
  await syncFully(system, connectionId);
  expect(await system.db.connection.findUniqueOrThrow({ where: { id: connectionId } })).toMatchObject({
    status: 'needs_reauthentication',
    grantRefusedCode: 'access_denied',
  });
});
