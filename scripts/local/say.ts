/** A problem that the person at the terminal can do something about: printed as a sentence, without a stack. */
export class StartProblem extends Error {}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a step and prints what it is and how long it took; short steps stay quiet about the time. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const isTerminal = process.stdout.isTTY;
  if (isTerminal) process.stdout.write(`  … ${title}`);
  try {
    const result = await work();
    const seconds = (performance.now() - startedAt) / 1000;
    const time = seconds >= 1 ? ` (${seconds.toFixed(1)} s)` : '';
    process.stdout.write(`${isTerminal ? '\r\x1b[K' : ''}  ✓ ${title}${time}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${isTerminal ? '\r\x1b[K' : ''}  ✗ ${title}\n`);
    throw error;
  }
}

/** Runs `main`; a StartProblem becomes its sentence, anything else its stack, and both an exit status of 1. */
export async function runMain(main: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof StartProblem ? error.message : sentenceFor(error)}\n`);
    process.exitCode = 1;
  }
}

/** The same for a script that has nothing left to do: libraries may still hold timers, and nobody waits for them. */
export async function runAndExit(main: () => Promise<number | undefined>): Promise<never> {
  await runMain(main);
  process.exit();
}

function sentenceFor(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return 'The disk is full. Free some room and start again; nothing was lost.';
  }
  if (error instanceof Error && 'code' in error && /^(EACCES|EROFS|EPERM)$/.test(String(error.code))) {
    const place = 'path' in error ? String(error.path) : 'A file';
    return `${place} can't be written or read (${String(error.code)}). Run this from a folder that is yours.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
