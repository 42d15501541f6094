import { afterEach, expect, test } from 'vitest';
import { findExpressions, listProductFiles } from './find-expressions.ts';
import { findSuperLinear } from './find-super-linear.ts';

const OriginalRegExp = RegExp;
afterEach(() => {
  globalThis.RegExp = OriginalRegExp;
});

const EXPRESSIONS = listProductFiles().map((file) => findExpressions(file));

test('every regular expression of the product is linear', () => {
  const literals = EXPRESSIONS.flatMap((found) => found.literals);
  const slow = literals.flatMap(({ at, source, flags }) => {
    const fault = describeFault({ source, flags });
    return fault === null ? [] : [`${at} /${source}/${flags}: ${fault}`];
  });
  expect(slow).toEqual([]);
  expect(literals.length).toBeGreaterThan(200);
});

test('the names of brands, put together as they are loaded, are linear', async () => {
  const built: { source: string; flags: string }[] = [];
  globalThis.RegExp = new Proxy(OriginalRegExp, {
    construct(target, [source, flags = '']: [string, string?]) {
      built.push({ source, flags });
      return new target(source, flags);
    },
  });
  const { findBrand } = await import('#lib/enrich/brands');
  expect(findBrand('TESCO STORES')).toMatchObject({ name: 'Tesco' });
  expect(built.length).toBeGreaterThan(50);
  expect(built.filter((expression) => describeFault(expression) !== null)).toEqual([]);
});

test('no other regular expression is built from text', () => {
  const files = EXPRESSIONS.flatMap((found) => found.constructions).map((at) => at.split(':')[0]);
  // Fault rules of the simulator are written by whoever tests with it.
  expect([...new Set(files)]).toEqual(['lib/enrich/brands.ts', 'sandbox/control/faults.ts']);
});

function describeFault(expression: { source: string; flags: string }): string | null {
  try {
    const finding = findSuperLinear(expression);
    return finding && `${finding.growth} on ${JSON.stringify(finding.repeated)}, repeated`;
  } catch (error) {
    return String(error);
  }
}
