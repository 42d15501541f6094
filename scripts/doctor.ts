// `npm run doctor`: looks at the configuration in the environment and says in words what is wrong with it. Changes nothing;
// ends with a status of 1 when something is.
import { createContext } from '#lib/context/context';
import { examine } from '#lib/doctor/examine';
import type { Finding } from '#lib/doctor/finding';
import { EnvError, env } from '#lib/env/env';
import { joinRunning } from './local/running.ts';
import { runAndExit, say } from './local/say.ts';

const MARKS: Record<Finding['verdict'], string> = { good: '✓', warning: '!', bad: '✗' };

await runAndExit(async () => {
  joinRunning();
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    for (const problem of error.problems) say(`✗ environment: ${problem}`);
    say('\nNothing else can be looked at before that is mended.');
    return 1;
  }
  const findings = await examine(await createContext({ actor: { kind: 'system', job: 'doctor' } }));
  for (const { verdict, about, words } of findings) say(`${MARKS[verdict]} ${about}: ${words}`);
  const count = findings.filter(({ verdict }) => verdict === 'bad').length;
  say(count === 0 ? '\nNothing is wrong.' : `\n${count === 1 ? 'One thing is' : `${count} things are`} wrong.`);
  return count === 0 ? 0 : 1;
});
