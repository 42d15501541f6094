import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { root } from './local/paths.ts';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'bootstrap-'));
  mkdirSync(path.join(checkout, 'scripts'));
  mkdirSync(path.join(checkout, 'bin'));
  for (const file of ['scripts/bootstrap.mjs', 'package-lock.json', '.npmrc']) {
    cpSync(path.join(root, file), path.join(checkout, file));
  }
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

/** An `npm` that notes its process id, and then runs on until it is told to stop. */
function installNpm(script: string): void {
  const npm = path.join(checkout, 'bin/npm');
  writeFileSync(npm, `#!/bin/sh\n${script}\n`);
  chmodSync(npm, 0o755);
}

function bootstrap() {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'scripts/nothing.ts'], {
    cwd: checkout,
    env: { ...process.env, PATH: `${path.join(checkout, 'bin')}:/usr/bin:/bin` },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, exit, output: () => output };
}

test('an interrupted installation ends npm and its children, and the next start installs again', async () => {
  installNpm('sleep 600 & echo "ready $!"; wait');
  const { child, exit, output } = bootstrap();
  await new Promise<void>((resolve) => child.stdout.on('data', () => /ready \d+/.test(output()) && resolve()));
  const sleeping = Number(/ready (\d+)/.exec(output())?.[1]);
  expect(isRunning(sleeping)).toBe(true);
  child.kill('SIGINT');
  expect(await exit).toBe(130);
  expect(output()).toContain('The next start begins it again');
  await vi.waitUntil(() => !isRunning(sleeping), { timeout: 60_000 });

  installNpm('echo "installing again"; exit 1');
  const second = bootstrap();
  expect(await second.exit).toBe(1);
  expect(second.output()).toContain('installing again');
  expect(second.output()).toContain('The dependencies could not be installed');
});

/** A process that has ended may stay in the table until its parent asks for its status. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout.trim());
}
