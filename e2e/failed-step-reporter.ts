import type { Reporter, TestCase, TestResult, TestStep } from 'playwright/types/testReporter';

/**
 * Names the step that a failed story stood at, from the outermost to the innermost, with the locator it waited for: after a
 * time-out too, when the error itself names no step.
 */
export default class FailedStepReporter implements Reporter {
  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === 'passed' || result.status === 'skipped') return;
    const steps = failedSteps(result.steps);
    if (steps.length === 0) return;
    const places = steps.map(({ title, location }) => (location ? `${title} (line ${location.line})` : title));
    const waited = /(?:waiting for|Locator:) (.+)/.exec(steps.at(-1)?.error?.message ?? '')?.[1];
    const lines = [
      test.title,
      `stopped at: ${places.join(' › ')}`,
      ...(waited === undefined ? [] : [`waited for: ${waited}`]),
    ];
    process.stdout.write(`\n  ${lines.join('\n  ')}\n\n`);
  }
}

/** The path to the innermost step that failed or never ended. */
function failedSteps(steps: readonly TestStep[]): TestStep[] {
  // Of several, the last is the one that ended the story: what was caught and tried again comes before it.
  const failed = steps.findLast(({ error, duration }) => error !== undefined || duration === -1);
  return failed === undefined ? [] : [failed, ...failedSteps(failed.steps)];
}
