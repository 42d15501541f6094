import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.ts';
import { StartProblem } from './say.ts';

export type Child = {
  name: string;
  process: ChildProcess;
  hasExited: Promise<number | null>;
  /** The first and the last kilobytes of its output. */
  head(): string;
  tail(): string;
};

type ChildOptions = {
  name: string;
  args: string[];
  env: Record<string, string | undefined>;
  logDir: string;
  cwd?: string;
  /** Next.js brings its own resolution of React; everything else of ours resolves as a server does. */
  isNext?: boolean;
};

const EXIT_WITH_PARENT = path.join(root, 'scripts/local/exit-with-parent.mjs');
const TAIL_CHARACTERS = 6000;
/** Longer than a worker gives its jobs to end. */
const STOP_TIMEOUT_MS = 60_000;
/** Detects a hang and nothing else: a busy machine may take minutes. */
const START_TIMEOUT_MS = 10 * 60_000;

/**
 * Starts one of our programs on this Node.js. It writes to a log file of its own and ends when this process does, however
 * this process ends: its standard input is a pipe from here, and it watches for the pipe to close.
 */
export function startChild(options: ChildOptions): Child {
  mkdirSync(options.logDir, { recursive: true });
  const logFile = createWriteStream(path.join(options.logDir, `${options.name}.log`), { flags: 'a' });
  const conditions = options.isNext === true ? [] : ['--conditions=react-server'];
  const flags = [...conditions, '--disable-warning=ExperimentalWarning', '--import', EXIT_WITH_PARENT];
  const child = spawn(process.execPath, [...flags, ...options.args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env, LINKWELL_STARTER: String(process.pid) },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Not in the terminal's group: Ctrl-C is for the starter, which stops the others in their order.
    detached: true,
  });
  let head = '';
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      if (head.length < TAIL_CHARACTERS) head += text;
      tail = (tail + text).slice(-TAIL_CHARACTERS);
      logFile.write(chunk);
    });
  }
  const hasExited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      logFile.end();
      resolve(code);
    });
  });
  return { name: options.name, process: child, hasExited, head: () => head, tail: () => tail };
}

/** Sends SIGTERM, and SIGKILL to what hasn't ended after a minute. */
export async function stopChild(child: Child): Promise<void> {
  if (child.process.exitCode !== null || child.process.signalCode !== null) return;
  child.process.kill('SIGTERM');
  const timer = setTimeout(() => child.process.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await child.hasExited;
  clearTimeout(timer);
}

/** Runs a program to its end and gives what it printed. */
export async function runToEnd(options: ChildOptions): Promise<string> {
  const child = startChild(options);
  const code = await child.hasExited;
  if (code !== 0) throw new StartProblem(`${options.name} failed:\n${child.tail().trim()}`);
  return child.tail();
}

/**
 * Waits until `url` answers with a 2xx. `announcement` is what the program prints once it listens: an answer before that comes
 * from another program on the same port.
 * @throws {StartProblem} when the program ends first, with the end of its output.
 */
export async function untilAnswers(url: string, child: Child, announcement = ''): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let lastAnswer = '';
  while (Date.now() < deadline) {
    if (child.process.exitCode !== null || child.process.signalCode !== null) {
      throw new StartProblem(`${child.name} stopped while starting:\n${child.tail().trim()}`);
    }
    const hasAnnounced = child.head().includes(announcement);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
      lastAnswer = await response.text();
      if (response.ok && hasAnnounced) return;
    } catch {
      // Not listening yet; the deadline decides.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new StartProblem(
    `${child.name} did not become ready within ${START_TIMEOUT_MS / 60_000} minutes: ${lastAnswer}\n${child.tail().trim()}`,
  );
}
