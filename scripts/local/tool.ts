import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { root } from './paths.ts';

type ToolOptions = {
  env?: Record<string, string>;
  /** Takes everything that is printed; of that, the product's own log lines aren't shown. */
  logFile?: string;
};

/** Runs a tool to its end and gives its exit status. */
export async function runTool(args: string[], { env = {}, logFile }: ToolOptions = {}): Promise<number> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: ['ignore', logFile === undefined ? 'inherit' : 'pipe', logFile === undefined ? 'inherit' : 'pipe'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  if (logFile !== undefined) {
    const log = createWriteStream(logFile);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        if (!/^\{"level":"/.test(line)) process.stdout.write(`${line}\n`);
      });
    }
    await ended;
    await new Promise<void>((resolve) => log.end(resolve));
  }
  return ended;
}
