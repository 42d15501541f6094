import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './local/paths.ts';

/** How many sections each chapter of ASVS 5.0.0 has. */
const ASVS_SECTIONS = [5, 4, 7, 4, 4, 8, 6, 4, 2, 7, 7, 3, 4, 3, 4, 5, 3];

const RFC_9700_SECTIONS = [
  ...['2.1', '2.1.1', '2.1.2', '2.2.1', '2.2.2', '2.3', '2.4', '2.5', '2.6'],
  ...Array.from({ length: 17 }, (_, index) => `4.${index + 1}`),
];

const tables = [
  {
    file: 'docs/security/asvs.md',
    sections: ASVS_SECTIONS.flatMap((count, chapter) =>
      Array.from({ length: count }, (_, index) => `${chapter + 1}.${index + 1}`),
    ),
    states: ['met', 'partly', 'not met', 'n/a'],
  },
  { file: 'docs/security/rfc9700.md', sections: RFC_9700_SECTIONS, states: ['met', 'partly', 'not met', "server's"] },
];

type Row = { section: string; state: string; how: string; shownBy: { file: string; title: string | null }[] };

function readRows(file: string): Row[] {
  return readFileSync(path.join(root, file), 'utf8')
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .map((line) => {
      const [, section = '', , state = '', how = '', shown = ''] = line.split('|').map((cell) => cell.trim());
      const shownBy = [...shown.matchAll(/`([^`]+)`(?: "([^"]+)")?/g)].map(([, named = '', title]) => ({
        file: named,
        title: title ?? null,
      }));
      return { section, state, how, shownBy };
    });
}

describe.each(tables)('$file', ({ file, sections, states }) => {
  const rows = readRows(file);

  test('has every section once, each with a state, a reason and what shows it', () => {
    expect(rows.map(({ section }) => section)).toEqual(sections);
    for (const { section, state, how, shownBy } of rows) {
      expect(states, section).toContain(state);
      expect(how, section).not.toBe('');
      expect(shownBy.length, section).toBeGreaterThan(0);
    }
  });

  test('names files and tests that exist', () => {
    const named = rows.flatMap(({ section, shownBy }) => shownBy.map((each) => ({ section, ...each })));
    expect(named.filter(({ title }) => title !== null).length).toBeGreaterThan(5);
    const wrong = named.filter(({ file: source, title }) => {
      const full = path.join(root, source);
      return !existsSync(full) || (title !== null && !readFileSync(full, 'utf8').includes(title));
    });
    expect(wrong).toEqual([]);
  });

  test('names only tests and documents as what shows something', () => {
    const others = rows.flatMap(({ shownBy }) =>
      shownBy.filter((each) => !/(\.(test|spec)\.ts|\.md)$/.test(each.file)),
    );
    expect(others).toEqual([]);
  });
});
