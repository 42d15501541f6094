import 'server-only';
import type { Context } from '#lib/context/context';
import { keyRing } from '#lib/crypto/keyring';
import { examineRuntimeRole, RUNTIME_ROLE_ADVICE } from '#lib/db/runtime-role';
import { env } from '#lib/env/env';
import { findPendingMigrations } from '#lib/health/migrations';
import { getKeyStatus } from '#lib/keys/key-status';
import { askingBoss } from '#lib/queue/boss';
import { bad, type Finding, good, reasonOf, warning } from './finding.ts';

const OLDEST_VERSION = 150_000;

/** The database, its migrations, the queue in it, and whether everything sealed in it can be opened. */
export async function examineDatabase(ctx: Context): Promise<Finding[]> {
  const reached = await reach(ctx);
  if (reached.verdict === 'bad') return [reached];
  const pending = await migrations();
  if (pending.verdict === 'bad') return [reached, pending];
  return [reached, pending, await role(ctx), await queue(), ...(await keys(ctx))];
}

async function reach(ctx: Context): Promise<Finding> {
  try {
    const [row] = await ctx.db.$queryRaw<[{ number: number; text: string }]>`
      select current_setting('server_version_num')::int as number, current_setting('server_version') as text`;
    if (row.number >= OLDEST_VERSION) return good('database', `PostgreSQL ${row.text} answers.`);
    return bad('database', `PostgreSQL ${row.text} is too old: Linkwell needs 15 or newer.`);
  } catch (error) {
    return bad('database', `The database of DATABASE_URL can't be reached: ${reasonOf(error)}.`);
  }
}

async function migrations(): Promise<Finding> {
  const pending = await findPendingMigrations();
  if (pending.length === 0) return good('migrations', 'The database has every migration.');
  return bad('migrations', `${pending.length} are not applied yet (${pending.join(', ')}): run npm run migrate.`);
}

/** In `local` one role for everything is a choice that anyone may make. */
async function role(ctx: Context): Promise<Finding> {
  const { role: name, excess } = await examineRuntimeRole(ctx.db);
  if (excess.length === 0) return good('role', `${name} can change neither the audit nor the tables.`);
  const verdict = env().trueLayer.environment === 'local' ? warning : bad;
  return verdict('role', `${name} ${excess.join(' and ')}: ${RUNTIME_ROLE_ADVICE}.`);
}

async function queue(): Promise<Finding> {
  const isInstalled = await askingBoss()
    .then((boss) => boss.isInstalled())
    .catch(() => false);
  if (isInstalled) return good('queue', 'The queue is there.');
  return bad('queue', 'The tables of the queue are missing or of another version: run npm run migrate.');
}

async function keys(ctx: Context): Promise<Finding[]> {
  const { keys: found, left, sealingKid } = await getKeyStatus(ctx, keyRing());
  const missing = found.filter(({ isInRing }) => !isInRing);
  const lost = missing.map(({ kid, values }) =>
    bad('keys', `${values} values are sealed with the key ${kid}, which TOKEN_SEALING_KEYS doesn't have: put it back.`),
  );
  if (lost.length > 0) return lost;
  if (left === 0) return [good('keys', `Everything sealed is sealed with ${sealingKid}.`)];
  return [
    warning('keys', `${left} values are sealed with older keys: npm run keys -- rotate seals them with ${sealingKid}.`),
  ];
}
