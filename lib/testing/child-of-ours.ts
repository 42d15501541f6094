import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { type Child, startChild } from '#scripts/local/children';
import { temporaryDir } from '#scripts/local/paths';

export type Running = Child & { lines(): string[] };

/**
 * One of our programs as a process of its own, which a test may kill; whatever is left of it ends with the test. Its lines are
 * those that it says to the test: not those of its log.
 */
export function startForTest(name: string, args: string[], env: Record<string, string> = {}): Running {
  const logDir = temporaryDir(`child-${name}`);
  const child = startChild({ name, args, env, logDir });
  onTestFinished(async () => {
    child.process.kill('SIGKILL');
    await child.hasExited;
    rmSync(logDir, { recursive: true, force: true });
  });
  return {
    ...child,
    lines: () =>
      child
        .tail()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('{')),
  };
}

export async function killAtOnce(child: Running): Promise<void> {
  child.process.kill('SIGKILL');
  await child.hasExited;
}
