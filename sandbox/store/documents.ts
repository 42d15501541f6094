import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';

export type Collection<T> = {
  find(id: string): T | null;
  list(): T[];
  entries(): [id: string, T][];
  put(id: string, document: T): void;
  remove(id: string): void;
  clear(): void;
};

export type Documents = {
  collection<S extends z.ZodType>(kind: string, schema: S): Collection<z.output<S>>;
  close(): void;
};

/** Everything is read into memory once; each change is written through as one small row. */
export function openDocuments(dataDir: string | null): Documents {
  const file = dataDir === null ? null : openFile(dataDir);
  return {
    collection: (kind, schema) => collectionOf(file, kind, schema),
    close: () => file?.close(),
  };
}

type DocumentFile = {
  load(kind: string): { id: string; body: string }[];
  write(kind: string, id: string, body: string): void;
  remove(kind: string, id: string): void;
  clear(kind: string): void;
  close(): void;
};

function openFile(dataDir: string): DocumentFile {
  mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, 'stand-in.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000');
  database.exec(
    'CREATE TABLE IF NOT EXISTS documents (kind TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID',
  );
  const load = database.prepare('SELECT id, body FROM documents WHERE kind = ?');
  const write = database.prepare('INSERT OR REPLACE INTO documents (kind, id, body) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM documents WHERE kind = ? AND id = ?');
  const clear = database.prepare('DELETE FROM documents WHERE kind = ?');
  return {
    load: (kind) => load.all(kind).map((row) => ({ id: String(row.id), body: String(row.body) })),
    write: (kind, id, body) => void write.run(kind, id, body),
    remove: (kind, id) => void remove.run(kind, id),
    clear: (kind) => void clear.run(kind),
    close: () => database.close(),
  };
}

function collectionOf<S extends z.ZodType>(
  file: DocumentFile | null,
  kind: string,
  schema: S,
): Collection<z.output<S>> {
  const documents = new Map<string, z.output<S>>();
  for (const { id, body } of file?.load(kind) ?? []) documents.set(id, schema.parse(JSON.parse(body)));
  return {
    find: (id) => documents.get(id) ?? null,
    list: () => [...documents.values()],
    entries: () => [...documents],
    put(id, document) {
      documents.set(id, document);
      file?.write(kind, id, JSON.stringify(document));
    },
    remove(id) {
      if (documents.delete(id)) file?.remove(kind, id);
    },
    clear() {
      documents.clear();
      file?.clear(kind);
    },
  };
}
