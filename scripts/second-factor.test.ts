import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createContext } from '#lib/context/context';
import { addPasskeyUser } from '#lib/testing/passkey-user';
import { root } from './local/paths.ts';

/** The command as an operator runs it. */
async function run(...args: string[]): Promise<{ status: number | null; output: string }> {
  const flags = ['--conditions=react-server', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, path.join(root, 'scripts/second-factor.ts'), ...args]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}

test('removes the passkeys of the user that it names, and nothing when something is missing', async () => {
  const ctx = await createContext({ actor: { kind: 'nobody' } });
  const { userId } = await addPasskeyUser(ctx);
  const passkeys = () => ctx.db.passkey.count({ where: { userId } });
  const [email, reason] = [`--email=${userId}@example.com`, '--reason=Lost the phone; identified in person.'];

  for (const args of [
    [],
    ['reset'],
    ['reset', email],
    ['remove', email, reason],
    ['reset', email, reason, '--force'],
  ]) {
    const { status, output } = await run(...args);
    expect(output, args.join(' ')).toContain('usage: npm run second-factor');
    expect(status).toBe(1);
  }
  const unknown = await run('reset', '--email=unknown@example.com', reason);
  expect(unknown).toMatchObject({ status: 1, output: expect.stringContaining('No user has this email address.') });
  const unexplained = await run('reset', email, '--reason=lost');
  expect(unexplained).toMatchObject({ status: 1, output: expect.stringContaining('Give a reason') });
  expect(await passkeys()).toBe(1);

  const { status, output } = await run('reset', email, reason);
  expect(output).toContain('Removed 1 passkeys, 10 recovery codes and 0 identities of single sign-on.');
  expect(output).toContain('Ended 1 sessions.');
  expect(status).toBe(0);
  expect(await passkeys()).toBe(0);
});
