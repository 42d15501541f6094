import 'server-only';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { readTypedReasons } from '#lib/audit/typed-reasons';
import type { Context } from '#lib/context/context';
import { openBytes } from '#lib/crypto/seal';
import { AppError } from '#lib/errors/app-error';
import type { ExportedTable, SealedAs } from './exported-table.ts';

const PAGE_SIZE = 1000;
const DEFAULT_KEY = ['id:uuid'];

const unpack = promisify(zstdDecompress);

type Row = { json: string; key: string[]; [sealedColumn: string]: unknown };

/** The rows of a table as a JSON array in pieces, with what belongs to each: a page of them is in memory at once. */
export async function* writeTable(ctx: Context, spec: ExportedTable, parentId: string): AsyncGenerator<string> {
  yield '[';
  let comma = '';
  for await (const row of writeRows(ctx, spec, parentId)) {
    yield `${comma}\n`;
    yield* row;
    comma = ',';
  }
  yield ']';
}

/** Each row by itself, as a JSON object in pieces. */
export async function* writeRows(
  ctx: Context,
  spec: ExportedTable,
  parentId: string,
): AsyncGenerator<AsyncIterable<string> | Iterable<string>> {
  const pageSize = spec.pageSize ?? PAGE_SIZE;
  const sql = toSql(spec);
  let after: string[] | null = null;
  do {
    // The SQL is made of the specification, which is ours, and of parameters.
    const rows: Row[] = await ctx.db.$queryRawUnsafe<Row[]>(sql, parentId, after, pageSize);
    const objects = await toObjects(ctx, spec, rows);
    for (const [index, row] of rows.entries()) {
      const object = objects[index] ?? '';
      yield spec.children === undefined ? [object] : withChildren(ctx, spec.children, object, row);
    }
    after = rows.length === pageSize ? (rows.at(-1)?.key ?? null) : null;
  } while (after !== null);
}

async function* withChildren(
  ctx: Context,
  children: readonly ExportedTable[],
  object: string,
  row: Row,
): AsyncGenerator<string> {
  yield object.slice(0, -1);
  for (const child of children) {
    yield `,"${child.name}":`;
    yield* writeTable(ctx, child, idOf(row));
  }
  yield '}';
}

/**
 * One page: each row as the text of a JSON object, so that nothing is rounded on the way. Amounts are text in it, as a number of
 * JSON's would be rounded by its reader.
 */
function toSql({ table, where, columns, sealed = {}, computed = {}, key = DEFAULT_KEY }: ExportedTable): string {
  const keys = key.map((part) => part.split(':') as [string, string]);
  const keyColumns = keys.map(([column]) => `t."${column}"`).join(', ');
  const keyValues = keys.map(([, type], index) => `($2::text[])[${index + 1}]::${type}`).join(', ');
  const properties = [
    ...columns.split(' ').map((column) => `${exact(`t."${column}"`)} as "${toCamelCase(column)}"`),
    ...Object.entries(computed).map(([name, sql]) => `${sql} as "${name}"`),
  ];
  const opened = Object.keys(sealed).map((column) => `t."${column}"::bytea as "${column}"`);
  return `select (select row_to_json(r)::text from (select ${properties.join(', ')}) r) as json,
      array[${keys.map(([column]) => `t."${column}"::text`).join(', ')}] as key${opened.map((column) => `, ${column}`).join('')}
    from "${table}" t
    where (${where}) and ($2::text[] is null or (${keyColumns}) > (${keyValues}))
    order by ${keyColumns} limit $3::int`;
}

function idOf({ key }: Row): string {
  return key.at(-1) ?? '';
}

function exact(column: string): string {
  return `case when pg_typeof(${column}) = 'numeric'::regtype then to_json(${column}::text) else to_json(${column}) end`;
}

export function toCamelCase(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

async function toObjects(ctx: Context, spec: ExportedTable, rows: readonly Row[]): Promise<string[]> {
  const reasons = spec.table === 'audit_entries' ? await readReasons(ctx, rows) : null;
  return Promise.all(
    rows.map(async (row, index) => {
      const added: Record<string, unknown> = reasons === null ? {} : { typedReason: reasons[index] ?? null };
      for (const [column, as] of Object.entries(spec.sealed ?? {})) {
        added[toCamelCase(column.replace(/_sealed$/, ''))] = await open(ctx, { spec, column, as, row });
      }
      const text = JSON.stringify(added).slice(1, -1);
      return text === '' ? row.json : `${row.json.slice(0, -1)},${text}}`;
    }),
  );
}

async function readReasons(ctx: Context, rows: readonly Row[]): Promise<(string | null)[]> {
  const ids = rows.map(idOf);
  const typed = await readTypedReasons(ctx, ids);
  return ids.map((id) => {
    const reason = typed.get(id);
    return reason?.status === 'readable' ? reason.text : null;
  });
}

type Sealed = { spec: ExportedTable; column: string; as: SealedAs; row: Row };

/** Null when it can't be opened: one value must not cost the person the rest of the document. */
async function open(ctx: Context, { spec, column, as, row }: Sealed): Promise<unknown> {
  const envelope = row[column];
  if (!(envelope instanceof Uint8Array)) return null;
  const rowId = idOf(row);
  try {
    const bytes = openBytes({ table: spec.table, column, rowId }, envelope);
    if (as === 'packed') return (await unpack(bytes)).toString('utf8');
    // Sealed by ourselves as JSON.
    return as === 'json' ? (JSON.parse(bytes.toString('utf8')) as unknown) : bytes.toString('utf8');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.error(
      { event: 'export.unreadable', table: spec.table, column, rowId, error },
      'a value could not be opened',
    );
    return null;
  }
}
