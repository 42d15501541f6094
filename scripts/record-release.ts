// Records what the processes of a release send to the database, into prisma/previous-release.json: the next release's tests plan
// each statement against their own schema (lib/testing/previous-release.test.ts). Run it right after a release:
//   node scripts/bootstrap.mjs scripts/record-release.ts REF
// It checks REF out beside this tree, runs that tree's unit and database tests with each statement written down, and keeps
// those that REF's own schema takes. Nothing of this tree changes but that file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { readMigrations } from '#lib/db/migrate/apply-migrations';
import { migrateDatabase } from '#lib/db/migrate/migrate-database';
import { migrateQueue } from '#lib/queue/boss';
import { readSchema, reasonAgainst } from '#lib/testing/previous-release';
import { root, temporaryDir } from './local/paths.ts';
import { startPostgres } from './local/postgres.ts';
import { runAndExit, StartProblem, say } from './local/say.ts';

const file = path.join(root, 'prisma/previous-release.json');
const modules = path.join(root, 'node_modules');

function run(command: string, args: string[], cwd: string, env: Record<string, string> = {}): string {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  if (result.status !== 0) throw new StartProblem(`${command} ${args.join(' ')} ended with ${result.status}.`);
  return result.stdout.trim();
}

function recordStatements(tree: string, dir: string): string[] {
  symlinkSync(modules, path.join(tree, 'node_modules'));
  const engine = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  run(process.execPath, [path.join(modules, 'prisma/build/index.js'), 'generate'], tree, engine);
  const statements = path.join(dir, 'statements.jsonl');
  say('Running the tests of that release …');
  const recorder = path.join(import.meta.dirname, 'local/record-statements.mjs');
  // A test that fails has sent its statements too.
  spawnSync(process.execPath, [path.join(modules, 'vitest/vitest.mjs'), 'run', 'lib', 'app'], {
    cwd: tree,
    env: { ...process.env, NODE_OPTIONS: `--import ${recorder}`, LINKWELL_STATEMENTS_FILE: statements },
    stdio: 'inherit',
  });
  if (!existsSync(statements)) throw new StartProblem('The tests sent no statement.');
  return distinct(
    readFileSync(statements, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => String(JSON.parse(line))),
  );
}

/** One of each kind: lists of parameters or rows differ in length only, and the shortest says as much. */
function distinct(statements: readonly string[]): string[] {
  const kinds = new Map<string, string>();
  for (const statement of statements.filter((each) => /^\s*(select|insert|update|delete|with)\b/i.test(each))) {
    const kind = kindOf(statement);
    const known = kinds.get(kind);
    if (known === undefined || statement.length < known.length) kinds.set(kind, statement);
  }
  return [...kinds.values()].toSorted();
}

function kindOf(statement: string): string {
  return statement
    .replace(/\s+/g, '')
    .replace(/'[^']*'/g, "''")
    .replace(/\$\d+(?:::\w+)?/g, '$')
    .replace(/\$(?:,\$)+/g, '$')
    .replace(/\(\$\)(?:,\(\$\))+/g, '($)');
}

await runAndExit(async () => {
  const [ref] = process.argv.slice(2);
  if (ref === undefined) throw new StartProblem('usage: node scripts/bootstrap.mjs scripts/record-release.ts REF');
  const release = run('git', ['rev-parse', `${ref}^{commit}`], root);
  if (spawnSync('git', ['merge-base', '--is-ancestor', release, 'HEAD'], { cwd: root }).status !== 0) {
    throw new StartProblem(
      `${ref} is not in the history of what is checked out: name the commit that was released from main.`,
    );
  }
  const dir = temporaryDir('release');
  const tree = path.join(dir, 'tree');
  run('git', ['worktree', 'add', '--detach', tree, release], root);
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), isThrowAway: true });
  try {
    const sent = recordStatements(tree, dir);
    const migrations = readMigrations(path.join(tree, 'prisma/migrations'));
    await migrateDatabase({ ownerUrl: postgres.ownerUrl, runtimeUrl: postgres.url, migrations, migrateQueue });
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const statements: string[] = [];
    for (const statement of sent) if ((await reasonAgainst(client, statement)) === null) statements.push(statement);
    const schema = await readSchema(client);
    await client.end();
    writeFileSync(file, `${JSON.stringify({ release, statements, ...schema }, null, 1)}\n`);
    say(
      `${statements.length} statements of ${release} are in ${path.relative(root, file)} (${sent.length - statements.length} were not its product's).`,
    );
  } finally {
    await postgres.stop();
    run('git', ['worktree', 'remove', '--force', tree], root);
    rmSync(dir, { recursive: true, force: true });
  }
  return 0;
});
