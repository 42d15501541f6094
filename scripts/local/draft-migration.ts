// Writes the next migration: the difference between the schema as the newest migration left it and the schema as it is.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import { root } from './paths.ts';
import { StartProblem, say } from './say.ts';

const schemaFile = path.join(root, 'prisma/schema.prisma');

/** Writes `prisma/migrations/<time>_<name>/migration.sql`. The database of `url` tells the engine its dialect and is not changed. */
export async function draftMigration(url: string, name: string | undefined): Promise<void> {
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) throw new StartProblem('A migration needs a name like add_reminders.');
  const sql = await differenceToSchema(url);
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = path.join(root, 'prisma/migrations', `${stamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'migration.sql'), sql);
  say(`Wrote ${path.relative(root, folder)}/migration.sql. Read it, and add by hand what a schema can't say.`);
}

async function differenceToSchema(url: string): Promise<string> {
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url, max: 2 }));
  const files = [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }];
  const engine = await SchemaEngine.new(
    { datamodels: files.map(({ path: file, content }) => [file, content]) },
    () => undefined,
    adapter,
  );
  const before = committedSchema();
  const { stdout } = await engine.diff({
    from: before === '' ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: before }] },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? '';
}

function committedSchema(): string {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim();
  const commit = git('log', '-1', '--format=%H', '--', 'prisma/migrations/*/migration.sql');
  return commit === '' ? '' : git('show', `${commit}:prisma/schema.prisma`);
}
