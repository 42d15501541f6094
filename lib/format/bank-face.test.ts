import { expect, test } from 'vitest';
import { BANK_FACES, toBankFace, toInitials } from './bank-face.ts';

test('initials come from the telling words', () => {
  expect(toInitials('NatWest')).toBe('N');
  expect(toInitials('First Direct')).toBe('FD');
  expect(toInitials('Bank of Scotland')).toBe('S');
  expect(toInitials('The Co-operative Bank')).toBe('CO');
  expect(toInitials('Bank')).toBe('B');
  expect(toInitials('Écureuil')).toBe('É');
  expect(toInitials('   ')).toBe('?');
});

test('a bank keeps its face, and banks differ', () => {
  expect(toBankFace('ob-monzo')).toBe(toBankFace('ob-monzo'));
  const faces = new Set(['ob-monzo', 'ob-natwest', 'ob-hsbc', 'ob-lloyds', 'ob-barclays', 'mock'].map(toBankFace));
  expect(faces.size).toBeGreaterThan(2);
  for (const face of faces) expect(face).toBeLessThan(BANK_FACES);
});
