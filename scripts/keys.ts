// `npm run keys -- status` says which key sealed how much; `npm run keys -- rotate` seals everything with the first key of
// TOKEN_SEALING_KEYS, in batches and while everything serves. Ctrl-C stops it after a batch; run again, it goes on.
import { type Context, createContext } from '#lib/context/context';
import { UnknownKeyError } from '#lib/crypto/keyring';
import { EnvError } from '#lib/env/env';
import { getKeyStatus, type KeyStatus } from '#lib/keys/key-status';
import { rotateKeys } from '#lib/keys/rotate-keys';
import { joinRunning } from './local/running.ts';
import { runAndExit, StartProblem, say } from './local/say.ts';

const USAGE = 'usage: npm run keys -- status | rotate [--batch=500]';

async function rotate(ctx: Context, batchSize: number): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const before = await getKeyStatus(ctx);
  say(`${before.left} values are to be sealed with ${before.sealingKid}.`);
  const total = { resealed: 0, overtaken: 0, unreadable: 0 };
  for await (const step of rotateKeys(ctx, { batchSize, signal: stopping.signal })) {
    total.resealed += step.resealed;
    total.overtaken += step.overtaken;
    total.unreadable += step.unreadable.length;
    say(`${step.column}: ${step.resealed} sealed anew and verified, ${total.resealed} in all`);
    for (const id of step.unreadable) say(`${step.column} of ${id} can't be opened and was left as it is`);
  }
  const after = await getKeyStatus(ctx);
  if (stopping.signal.aborted) say('Stopped. Run it again to go on from here.');
  say(
    `\n${total.resealed} sealed anew, ${total.overtaken} changed meanwhile, ${total.unreadable} could not be opened.`,
  );
  tell(after);
  return after.left === 0 ? 0 : 1;
}

function tell({ sealingKid, keys, columns, left }: KeyStatus): void {
  for (const { name, kid, values } of columns) say(`  ${name.padEnd(40)} ${kid.padEnd(15)} ${values}`);
  say('');
  for (const { kid, isInRing, values } of keys) {
    const role = kid === sealingKid ? 'seals' : isInRing ? 'opens' : 'MISSING from TOKEN_SEALING_KEYS';
    const advice = kid !== sealingKid && isInRing && values === 0 ? '; no longer needed' : '';
    say(`${kid}: ${role}, ${values} values${advice}`);
  }
  say(left === 0 ? `Everything is sealed with ${sealingKid}.` : `${left} values are left under other keys.`);
}

await runAndExit(async () => {
  joinRunning();
  const [command, option = '--batch=500', ...rest] = process.argv.slice(2);
  const batchSize = Number(/^--batch=(\d{1,5})$/.exec(option)?.[1]);
  if (!(batchSize > 0) || rest.length > 0 || (command !== 'status' && command !== 'rotate'))
    throw new StartProblem(USAGE);
  try {
    const ctx = await createContext({ actor: { kind: 'system', job: 'keys' } });
    if (command === 'rotate') return await rotate(ctx, batchSize);
    tell(await getKeyStatus(ctx));
    return 0;
  } catch (error) {
    if (error instanceof EnvError || error instanceof UnknownKeyError) throw new StartProblem(error.message);
    throw error;
  }
});
