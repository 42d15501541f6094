import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findTask, parseEnvelope } from './envelope.ts';
import { TrueLayerError } from './error.ts';
import { parseAccounts, parseTransactions } from './parse.ts';
import { bytes } from './test-server.ts';

const row = '{"account_id":"a1","currency":"GBP"}';

function codeOf(body: string): string | null {
  try {
    parseAccounts(bytes(body));
    return null;
  } catch (error) {
    return error instanceof TrueLayerError ? error.code : 'another error';
  }
}

test.each([
  `{"results":[${row}]}`,
  `{"results":[${row}],"status":"Succeeded"}`,
  `{"status":"Succeeded","results":[${row}]}`,
  `{"results":[${row}],"status":null}`,
  `\n{ "status" : "Succeeded" , "results" : [ ${row} ] , "extra" : {"a":[1,{"b":"]}"}]} }\n`,
  `\uFEFF{"results":[${row}]}`,
])('takes %s for a complete answer', (body) => {
  expect(parseAccounts(bytes(body)).items).toHaveLength(1);
});

test.each(['Queued', 'Running', 'succeeded', 'Done', ''])(
  'hands out no row of an answer whose status is %j, wherever the status stands',
  (status) => {
    expect(codeOf(`{"status":"${status}","results":[${row}]}`)).toBe('not_final');
    expect(codeOf(`{"results":[${row}],"status":"${status}"}`)).toBe('not_final');
    expect(codeOf(`{"results":[${row}],"st\\u0061tus":"${status}"}`)).toBe('not_final');
  },
);

test('believes no second status that is kinder than the first', () => {
  expect(codeOf(`{"status":"Running","results":[${row}],"status":"Succeeded"}`)).toBe('not_final');
  expect(codeOf(`{"status":"Succeeded","results":[${row}],"status":"Running"}`)).toBe('not_final');
  expect(codeOf(`{"status":7,"results":[${row}]}`)).toBe('not_final');
});

test('is not taken in by a status inside of a row', () => {
  expect(codeOf(`{"results":[{"status":"Succeeded"}],"status":"Running"}`)).toBe('not_final');
  expect(codeOf(`{"results":[{"status":"Running","account_id":"a","currency":"GBP"}]}`)).toBeNull();
});

test('tells a failed task by its code, or as failed', () => {
  expect(codeOf('{"status":"Failed","error":"provider_error","results":[]}')).toBe('provider_error');
  expect(codeOf(`{"results":[${row}],"status":"Failed"}`)).toBe('task_failed');
  expect(codeOf('{"status":"Failed","error":"who knows"}')).toBe('task_failed');
});

test.each([
  '',
  ' ',
  'null',
  '<html></html>',
  '{',
  '{"results":[',
  `{"results":[${row}`,
  `{"results":[${row}]`,
  `{"results":[${row}]}}`,
  `{"results":[${row},]}`,
  `{"results":[,${row}]}`,
  `{"results":[${row} ${row}]}`,
  `{"results":[${row}],"results":[${row}]}`,
  '{"results":[{"a":"}]}',
  '{results:[]}',
  '{"results" []}',
  '{"status":Succeeded,"results":[]}',
  `{"results":[${row}]} trailing`,
])('takes %j for no JSON', (body) => {
  expect(codeOf(body)).toBe('not_json');
});

test.each(['{}', '{"results":{}}', '{"results":"none"}', '{"status":"Succeeded"}'])('misses the rows in %s', (body) => {
  expect(codeOf(body)).toBe('unexpected_shape');
});

test.each(['{"results":null,"status":"Succeeded"}', '{"results":null}'])('%s is an empty list', (body) => {
  expect(parseAccounts(bytes(body))).toEqual({ items: [], setAside: [] });
});

test('no rows are an answer too', () => {
  expect(parseAccounts(bytes('{"results":[ ],"status":"Succeeded"}'))).toEqual({ items: [], setAside: [] });
});

test('finds each row whole, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 20 }),
      fc.constantFrom(0, 2),
      (rows, indent) => {
        const body = bytes(JSON.stringify({ results: rows, status: 'Succeeded' }, null, indent));
        const parsed = parseTransactions(body, 'account');
        const raw = [...parsed.rows].flatMap((batch) => batch.setAside).map((entry) => entry.raw);
        expect(parsed.rowCount).toBe(rows.length);
        expect(raw).toEqual(rows.map((entry) => JSON.stringify(entry, null, indent).replaceAll('\n', '\n    ')));
      },
    ),
    { numRuns: 40 },
  );
});

test('a body cut anywhere is refused, and not taken for a shorter one', () => {
  const body = bytes({
    results: [JSON.parse(row), { account_id: 'b', currency: 'EUR', x: '"]}\\' }],
    status: 'Succeeded',
  });
  for (let length = 0; length < body.length; length++) {
    expect(() => parseAccounts(body.subarray(0, length))).toThrow(expect.objectContaining({ code: 'not_json' }));
  }
});

test('the id and the address of a task are left out when they are longer than 2,000 characters', () => {
  const taskOf = (length: number) => {
    const task_id = 't'.repeat(length);
    const body = JSON.stringify({ status: 'Queued', task_id, results_uri: task_id });
    return findTask(parseEnvelope(new TextEncoder().encode(body)));
  };
  expect(taskOf(2000)).toEqual({ taskId: 't'.repeat(2000), resultsUri: 't'.repeat(2000) });
  expect(taskOf(2001)).toEqual({ taskId: null, resultsUri: null });
});
