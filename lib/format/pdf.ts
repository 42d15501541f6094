/** A document of running text: what a receipt needs and no more. In Helvetica, which every reader has built in. */
export type PdfDocument = { title: string; author: string; language: string; blocks: readonly PdfBlock[] };
export type PdfBlock = { kind: 'title' | 'heading' | 'text' | 'bullet' | 'small'; text: string };

type Style = { size: number; font: 'F1' | 'F2'; before: number; indent: number };
type Line = { text: string; style: Style; y: number; mark: string };

const PAGE = { width: 595, height: 842, margin: 56 };
const LEADING = 1.4;
const STYLES: Record<PdfBlock['kind'], Style> = {
  title: { size: 18, font: 'F2', before: 0, indent: 0 },
  heading: { size: 12, font: 'F2', before: 12, indent: 0 },
  text: { size: 10.5, font: 'F1', before: 4, indent: 0 },
  bullet: { size: 10.5, font: 'F1', before: 3, indent: 14 },
  small: { size: 8.5, font: 'F1', before: 4, indent: 0 },
};

/** The same text gives the same bytes. */
export function toPdf(document: PdfDocument): Buffer {
  const pages = layOut(document.blocks);
  const count = pages.length;
  const kids = pages.map((_, index) => `${6 + index * 2} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /Lang ${toText(document.language)} /ViewerPreferences << /DisplayDocTitle true >> >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`,
    fontOf('Helvetica'),
    fontOf('Helvetica-Bold'),
    `<< /Title ${toText(document.title)} /Author ${toText(document.author)} >>`,
    ...pages.flatMap((lines, index) => [pageOf(index), streamOf(lines, `Page ${index + 1} of ${count}`)]),
  ];
  return assemble(objects);
}

function fontOf(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
}

function pageOf(index: number): string {
  const box = `[0 0 ${PAGE.width} ${PAGE.height}]`;
  return `<< /Type /Page /Parent 2 0 R /MediaBox ${box} /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${7 + index * 2} 0 R >>`;
}

function streamOf(lines: readonly Line[], footer: string): string {
  const drawn = lines.flatMap((line) => [
    ...(line.mark === '' ? [] : [draw(line.mark, line.style, PAGE.margin + 2, line.y)]),
    draw(line.text, line.style, PAGE.margin + line.style.indent, line.y),
  ]);
  const body = [...drawn, draw(footer, STYLES.small, PAGE.margin, PAGE.margin / 2)].join('\n');
  return `<< /Length ${Buffer.byteLength(body, 'latin1')} >>\nstream\n${body}\nendstream`;
}

function draw(text: string, { font, size }: Style, x: number, y: number): string {
  return `BT /${font} ${size} Tf ${x} ${y.toFixed(2)} Td ${toText(text)} Tj ET`;
}

function assemble(objects: readonly string[]): Buffer {
  const parts = ['%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'];
  const offsets: number[] = [];
  let length = Buffer.byteLength(parts[0] ?? '', 'latin1');
  const add = (part: string) => {
    parts.push(part);
    length += Buffer.byteLength(part, 'latin1');
  };
  objects.forEach((object, index) => {
    offsets.push(length);
    add(`${index + 1} 0 obj\n${object}\nendobj\n`);
  });
  const start = length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`);
  add(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${start}\n%%EOF\n`);
  return Buffer.from(parts.join(''), 'latin1');
}

function layOut(blocks: readonly PdfBlock[]): Line[][] {
  const top = PAGE.height - PAGE.margin;
  const pages: Line[][] = [[]];
  let y = top;
  for (const block of blocks) {
    const style = STYLES[block.kind];
    const height = style.size * LEADING;
    y -= style.before;
    wrap(block.text, style).forEach((text, index) => {
      // A heading at the foot of a page would stand without what it heads.
      if (y - height * (block.kind === 'heading' ? 3 : 1) < PAGE.margin) {
        pages.push([]);
        y = top;
      }
      y -= height;
      pages.at(-1)?.push({ text, style, y, mark: block.kind === 'bullet' && index === 0 ? '•' : '' });
    });
  }
  return pages;
}

function wrap(text: string, style: Style): string[] {
  const room = PAGE.width - 2 * PAGE.margin - style.indent;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((word) => cut(word, style, room))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer, style) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** A word that is wider than the page (an address, an id) goes on in the next line. */
function cut(word: string, style: Style, room: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (widthOf(rest, style) > room) {
    let length = rest.length - 1;
    while (length > 1 && widthOf(rest.slice(0, length), style) > room) length--;
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...pieces, rest];
}

// Helvetica's own widths, from space to tilde, in thousandths of its size.
const WIDTHS =
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
    .split(' ')
    .map(Number);
const BOLD_IS_WIDER = 1.08;

function widthOf(text: string, { size, font }: Style): number {
  let width = 0;
  for (const character of text) width += WIDTHS[(character.codePointAt(0) ?? 0) - 32] ?? 600;
  return (width / 1000) * size * (font === 'F2' ? BOLD_IS_WIDER : 1);
}

// Where Windows' encoding has what Latin-1 hasn't.
const WIN_ANSI: Readonly<Record<string, number>> = {
  '€': 0x80,
  '…': 0x85,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  '™': 0x99,
  Š: 0x8a,
  š: 0x9a,
  Ž: 0x8e,
  ž: 0x9e,
};

function toText(text: string): string {
  const bytes = [...text.normalize('NFC')].map(toByte);
  return `(${String.fromCharCode(...bytes).replace(/[\\()]/g, '\\$&')})`;
}

/** A letter that the font doesn't have loses its accents, and at worst becomes a question mark. */
function toByte(character: string): number {
  const code = WIN_ANSI[character] ?? character.codePointAt(0) ?? 0;
  if ((code >= 32 && code < 127) || (code >= 128 && code <= 255)) return code;
  const plain = character.normalize('NFKD').charCodeAt(0);
  return plain >= 32 && plain < 127 ? plain : 0x3f;
}
