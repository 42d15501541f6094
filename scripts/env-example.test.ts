import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { VARIABLE_NAMES } from '#lib/env/env';
import { root } from './local/paths.ts';

/** Set by `npm start` alone, for its own catcher. */
const LOCAL_ONLY = ['MAIL_CATCHER_URL'];

/** Read by compose.yml alone, which a test of its own compares with .env.example. */
const COMPOSE_ONLY = ['POSTGRES_PASSWORD', 'DATABASE_OWNER_PASSWORD', 'DATABASE_RUNTIME_PASSWORD'];

test('.env.example names every variable that is read, and no other', () => {
  const text = readFileSync(path.join(root, '.env.example'), 'utf8');
  const named = [...text.matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name = '']) => name);
  const read = VARIABLE_NAMES.filter((name) => !LOCAL_ONLY.includes(name));
  expect(named.toSorted()).toEqual([...read, ...COMPOSE_ONLY].toSorted());
});
