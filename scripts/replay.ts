// `npm run replay -- --account ID | --connection ID | --all [--apply]`: runs today's rules over the bank answers that were kept,
// shows what would change, and changes it only with --apply. Lists of accounts and holders aren't replayed: who is who was
// settled when they came.
import { type Context, createContext } from '#lib/context/context';
import { UnknownKeyError } from '#lib/crypto/keyring';
import { EnvError } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { getSettings } from '#lib/settings/settings';
import { listReplayable } from '#lib/sync/list-replayable';
import { type ReplayReport, replayAccount } from '#lib/sync/replay-account';
import { TrueLayerError } from '#lib/truelayer/error';
import { parseReplayArguments } from './local/replay-arguments.ts';
import { joinRunning } from './local/running.ts';
import { runAndExit, StartProblem, say } from './local/say.ts';

async function replay(ctx: Context, scope: { accountId?: string; connectionId?: string }, isApplied: boolean) {
  const total = { accounts: 0, failed: 0, added: 0, changed: 0, gone: 0 };
  for await (const accountId of listReplayable(ctx, scope)) {
    total.accounts++;
    const report = await replayOne(ctx, accountId, isApplied);
    if (report === null) total.failed++;
    for (const { added, changed, gone } of report?.diff ?? []) {
      total.added += added;
      total.changed += changed;
      total.gone += gone;
    }
  }
  if (total.accounts === 0) throw new StartProblem(await nothingKept(ctx));
  const { accounts, failed, added, changed, gone } = total;
  say(
    `\n${accounts} accounts: ${added} rows added, ${changed} changed, ${gone} gone${isApplied ? '' : ', if applied'}.`,
  );
  if (!isApplied && added + changed + gone > 0) say('Nothing was changed. Run it again with --apply to change it.');
  if (failed > 0) say(`${failed} accounts were left as they are.`);
  return failed === 0 ? 0 : 1;
}

async function nothingKept(ctx: Context): Promise<string> {
  const { answerRetentionDays } = await getSettings(ctx);
  return answerRetentionDays === 0
    ? 'Nothing to replay: the settings say that bank answers are not kept.'
    : `Nothing to replay: no answers are kept for this (the settings keep them for ${answerRetentionDays} days).`;
}

async function replayOne(ctx: Context, accountId: string, isApplied: boolean): Promise<ReplayReport | null> {
  try {
    const report = await replayAccount(ctx, { accountId, isApplied });
    tell(report);
    return report;
  } catch (error) {
    if (!(error instanceof AppError) && !(error instanceof TrueLayerError)) throw error;
    say(`account ${accountId}: left as it is. ${WORDS[error.code] ?? `It can't be read: ${error.code}.`}`);
    return null;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  nothing_kept: 'No answers are kept for it.',
  newest_not_kept: 'Its newest answers were not kept: replaying older ones would turn it back.',
  unseal_failed: 'An answer that was kept can no longer be opened.',
};

function tell({ accountId, answers, setAside, isApplied, diff }: ReplayReport): void {
  say(`account ${accountId}: ${answers} answers read${setAside === 0 ? '' : `, ${setAside} rows could not be`}`);
  if (diff.length === 0) say('  nothing changes');
  for (const { resource, added, changed, gone, samples } of diff) {
    say(`  ${resource}: ${added} added, ${changed} changed, ${gone} gone${isApplied ? ' (applied)' : ''}`);
    for (const { kind, what } of samples) say(`    ${kind.padEnd(7)} ${what}`);
  }
}

await runAndExit(async () => {
  joinRunning();
  const { scope, isApplied } = parseReplayArguments(process.argv.slice(2));
  try {
    return await replay(await createContext({ actor: { kind: 'system', job: 'replay' } }), scope, isApplied);
  } catch (error) {
    if (error instanceof EnvError || error instanceof UnknownKeyError) throw new StartProblem(error.message);
    throw error;
  }
});
