import { spawn } from 'node:child_process';
import { populate } from '../doors/people.ts';
import { expect, test } from '../fixtures/test.ts';

/** The command with the ring's keys the other way round, as after a rotation's second restart; web and worker open both. */
function rotate(...options: string[]) {
  const ring = (process.env.TOKEN_SEALING_KEYS ?? '').split(',').reverse().join(',');
  const flags = ['--conditions=react-server', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, 'scripts/keys.ts', 'rotate', ...options], {
    env: { ...process.env, TOKEN_SEALING_KEYS: ring },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      said += part.toString();
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return { child, ended, said: () => said };
}

test('keys are rotated while everything serves, through a kill in the middle, and nobody notices @once', async ({
  page,
  email,
}) => {
  const { accountId } = await populate(page, email);
  const first = rotate('--batch=1');
  await expect.poll(() => /sealed anew and verified/.test(first.said())).toBe(true);
  first.child.kill('SIGKILL');
  await page.goto(`/accounts/${accountId}`);
  const second = rotate();
  await page.getByRole('button', { name: 'Refresh now' }).click();
  await second.ended;
  expect(second.said()).toContain(' 0 could not be opened.');
  expect(second.said()).toMatch(/second: seals, [1-9]\d* values/);

  // Tokens that only the other key sealed are opened, used and refreshed by the processes that were there all along.
  await expect(page).toHaveURL(/refreshed=/);
  await page.getByRole('button', { name: 'Refresh now' }).click();
  await expect(page).toHaveURL(/refreshed=(complete|partial|sync_running)/);
});
