import { expect, test } from 'vitest';
import { type PdfBlock, toPdf } from './pdf.ts';

const make = (blocks: PdfBlock[]) =>
  toPdf({ title: 'A receipt', author: 'Linkwell', language: 'en-GB', blocks }).toString('latin1');

test('every object of a document is where its table of contents says', () => {
  const pdf = make(Array.from({ length: 120 }, (_, line) => ({ kind: 'text', text: `Line ${line} (of many)` })));
  const start = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
  const entries = [...pdf.slice(start).matchAll(/(\d{10}) 00000 n/g)].map(([, offset]) => Number(offset));
  expect(entries.length).toBeGreaterThan(8);
  entries.forEach((offset, index) => {
    expect(pdf.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj`));
  });
  for (const [, length, body] of pdf.matchAll(/\/Length (\d+) >>\nstream\n(.*?)\nendstream/gs)) {
    expect(body).toHaveLength(Number(length));
  }
});

test('long text goes on in further lines and on further pages, and none is lost', () => {
  const words = Array.from({ length: 900 }, (_, index) => `word${index}`);
  const pdf = make([{ kind: 'text', text: words.join(' ') }]);
  expect(pdf).toContain('(Page 2 of 2)');
  for (const word of words) expect(pdf).toMatch(new RegExp(`[( ]${word}[) ]`));
});

test('text can’t break out of its place, and letters beyond the font are spelled without accents', () => {
  const pdf = make([{ kind: 'bullet', text: String.raw`It’s Łódź (Bank) \ “ő”` }]);
  expect(pdf).toContain(`(It\x92s ?\xf3dz \\(Bank\\) \\\\ \x93o\x94)`);
});
