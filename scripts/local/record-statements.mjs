// Loaded with --import into every process of a test run: appends each SQL statement that the driver sends to
// LINKWELL_STATEMENTS_FILE, once for each process. Plain JavaScript, so that it loads into any release.
import { appendFileSync } from 'node:fs';
import pg from 'pg';

const file = process.env.LINKWELL_STATEMENTS_FILE;
const seen = new Set();
const { query } = pg.Client.prototype;

pg.Client.prototype.query = function recordAndSend(...args) {
  const text = typeof args[0] === 'string' ? args[0] : args[0]?.text;
  if (file && typeof text === 'string' && !seen.has(text)) {
    seen.add(text);
    appendFileSync(file, `${JSON.stringify(text)}\n`);
  }
  return query.apply(this, args);
};
