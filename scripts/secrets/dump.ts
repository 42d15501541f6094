import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import pg from 'pg';

const ROWS_AT_ONCE = 5000;

/** Every row of every table there is, the queue's too, one to a line. @returns how many rows of how many tables. */
export async function dumpTables(databaseUrl: string, file: string): Promise<{ tables: number; rows: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  const out = createWriteStream(file);
  let rows = 0;
  await client.connect();
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    for (const { name } of tables) {
      out.write(`── ${name}\n`);
      await client.query(`declare dump no scroll cursor for select t::text as line from only ${name} t`);
      for (;;) {
        const { rows: page } = await client.query<{ line: string }>(`fetch ${ROWS_AT_ONCE} from dump`);
        if (page.length === 0) break;
        rows += page.length;
        if (!out.write(`${page.map(({ line }) => line).join('\n')}\n`)) {
          await new Promise<void>((resolve) => out.once('drain', resolve));
        }
      }
      await client.query('close dump');
    }
    return { tables: tables.length, rows };
  } finally {
    await client.end();
    out.end();
    await finished(out);
  }
}
