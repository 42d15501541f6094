import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toCsvHead, toCsvLine } from './csv.ts';

it('writes numbers as they are, nothing as nothing, and quotes only what needs it', () => {
  expect(toCsvLine(['a', 'b c', 5, -3, null, ''])).toBe('a,b c,5,-3,,\r\n');
  expect(toCsvLine(['say "no"', 'a,b', 'two\nlines', ' x '])).toBe('"say ""no""","a,b","two\nlines"," x "\r\n');
});

it('begins with a byte order mark, by which a spreadsheet knows UTF-8', () => {
  expect([...Buffer.from(toCsvHead(['naïve', 'b']))].slice(0, 3)).toEqual([0xef, 0xbb, 0xbf]);
  expect(toCsvHead(['a', 'b'])).toBe('\uFEFFa,b\r\n');
});

it('writes an exact amount as a number, and what only claims to be one as text', () => {
  expect(toCsvLine([{ decimal: '-12345678901234567890.10' }, { decimal: '-1+cmd' }])).toBe(
    '-12345678901234567890.10,"\'-1+cmd"\r\n',
  );
});

it.each(['=1+1', '+44', '-2', '@SUM(A1)', '\t=1', '  =1', '\r=1', '|cmd', '%0', '＝1', '\uFEFF=1'])(
  'never lets a spreadsheet take %j for a formula',
  (text) => {
    expect(toCsvLine([text])).toBe(`"'${text}"\r\n`);
  },
);

it('gives every text back when it is read again, but for the apostrophe', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 6 }), (texts) => {
      const read = parseLine(toCsvLine(texts));
      expect(read.map((text, index) => (text === texts[index] ? text : text.replace(/^'/, '')))).toEqual(texts);
    }),
  );
});

/** As a spreadsheet reads: a quote opens and closes, two within are one, and a comma outside parts. */
function parseLine(line: string): string[] {
  const text = line.slice(0, -2);
  const cells = [''];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const isDoubled = isQuoted && text.startsWith('""', at);
    if (text[at] === '"' && !isDoubled) isQuoted = !isQuoted;
    else if (text[at] === ',' && !isQuoted) cells.push('');
    else cells[cells.length - 1] += text[at] ?? '';
    if (isDoubled) at += 1;
  }
  return cells;
}
