// `npm run second-factor -- reset --email=ADDRESS --reason="…"`: for a user who has lost every passkey and recovery code.
// Removes them and signs the user out everywhere. The next sign-in needs the email only, and an admin then adds a passkey.
import { parseArgs } from 'node:util';
import { resetSecondFactor } from '#lib/auth/passkeys/reset-second-factor';
import { createContext } from '#lib/context/context';
import { EnvError } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { joinRunning } from './local/running.ts';
import { runAndExit, StartProblem, say } from './local/say.ts';

const USAGE = 'usage: npm run second-factor -- reset --email=ADDRESS --reason="why, and how you checked who is asking"';

const PROBLEMS: Readonly<Record<string, string>> = {
  user_not_found: 'No user has this email address.',
  reason_invalid: 'Give a reason of 10 to 500 characters.',
};

await runAndExit(async () => {
  joinRunning();
  const { email, reason } = readArguments();
  try {
    const ctx = await createContext({ actor: { kind: 'system', job: 'second-factor' } });
    const { passkeys, recoveryCodes, identities, sessions } = await resetSecondFactor(ctx, { email, reason });
    say(
      `Removed ${passkeys} passkeys, ${recoveryCodes} recovery codes and ${identities} identities of single sign-on.`,
    );
    say(`Ended ${sessions} sessions.`);
    say('The user was sent an email. It is in the audit, with your reason.');
    return 0;
  } catch (error) {
    if (error instanceof EnvError) throw new StartProblem(error.message);
    if (!(error instanceof AppError)) throw error;
    throw new StartProblem(PROBLEMS[error.code] ?? error.message);
  }
});

function readArguments(): { email: string; reason: string } {
  try {
    const { values, positionals } = parseArgs({
      options: { email: { type: 'string' }, reason: { type: 'string' } },
      allowPositionals: true,
    });
    const { email, reason } = values;
    if (positionals.join(' ') === 'reset' && email !== undefined && reason !== undefined) return { email, reason };
  } catch {
    // An unknown option: the usage says which there are.
  }
  throw new StartProblem(USAGE);
}
