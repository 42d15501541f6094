import { seedOf } from '#sandbox/ledger/random';
import type { Bank } from './catalogue.ts';

/** Every bank gets a colour (from green to red, the muddy ones left out) and a shape of its own, all invented. */
export const hueOf = (bank: Bank) => 148 + (seedOf(bank.id, 'hue') % 212);

const shapes = [
  '<circle cx="32" cy="32" r="30"/>',
  '<rect x="3" y="3" width="58" height="58" rx="16"/>',
  '<path d="M32 2 60 12v22c0 15-12 24-28 28C16 58 4 49 4 34V12Z"/>',
  '<path d="M32 2 58 17v30L32 62 6 47V17Z"/>',
  '<path d="M3 19A16 16 0 0 1 19 3h26a16 16 0 0 1 16 16v42H19A16 16 0 0 1 3 45Z"/>',
  '<path d="M32 3c18 0 29 11 29 29S50 61 32 61H3V32C3 14 14 3 32 3Z"/>',
];

const ornaments = [
  '<circle cx="52" cy="12" r="20"/>',
  '<path d="M0 46C20 34 44 58 64 42V64H0Z"/>',
  '<path d="M-6 22 40-24l14 14L8 36Z"/>',
  '<circle cx="32" cy="74" r="30"/>',
];

export function drawMark(bank: Bank): string {
  const hue = hueOf(bank);
  const seed = seedOf(bank.id, 'mark');
  const shape = shapes[seed % shapes.length] ?? '';
  const ornament = ornaments[(seed >>> 4) % ornaments.length] ?? '';
  const initials = initialsOf(bank.name);
  const size = initials.length > 1 ? 24 : 30;
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">',
    `<clipPath id="s">${shape}</clipPath>`,
    `<g fill="hsl(${hue} 58% 30%)">${shape}</g>`,
    `<g clip-path="url(#s)" fill="hsl(${(hue + 28) % 360} 62% 42%)">${ornament}</g>`,
    `<text x="32" y="${32 + size * 0.36}" text-anchor="middle" font-family="system-ui,Segoe UI,Arial,sans-serif"`,
    ` font-weight="700" font-size="${size}" fill="#fff">${initials}</text></svg>`,
  ].join('');
}

function initialsOf(name: string): string {
  const all = name.replace(/\([^()]*\)/, '').match(/[\p{L}\p{N}]+/gu) ?? ['?'];
  const words = all.filter((word, index) => index === 0 || !/^(of|and)$/i.test(word));
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');
}
