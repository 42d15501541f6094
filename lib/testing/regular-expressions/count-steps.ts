import { Session } from 'node:inspector/promises';

let session: Promise<Session> | null = null;

/**
 * How many blocks of JavaScript ran while a function read some texts, and how long its answers are. Counted by the engine (precise
 * coverage), so that the numbers are the same on every machine. What built-in functions do inside isn't counted.
 */
export async function countSteps(
  parse: (text: string) => unknown,
  texts: readonly string[],
): Promise<{ steps: number; length: number }> {
  session ??= start();
  const counting = await session;
  await counting.post('Profiler.takePreciseCoverage');
  const answers = texts.map((text) => answerOf(parse, text));
  const { result } = await counting.post('Profiler.takePreciseCoverage');
  const counts = result.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)));
  return {
    steps: counts.reduce((sum, count) => sum + count, 0),
    length: answers.reduce((sum: number, answer) => sum + lengthOf(answer), 0),
  };
}

async function start(): Promise<Session> {
  const started = new Session();
  started.connect();
  await started.post('Profiler.enable');
  await started.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return started;
}

/** A refusal is an answer. */
function answerOf(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** The answer as JSON. A live object, such as a database client that was made with a text, is no answer and has no length. */
function lengthOf(answer: unknown): number {
  try {
    return (JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? String(value) : value)) ?? '').length;
  } catch {
    return 0;
  }
}
