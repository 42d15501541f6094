/**
 * A regular expression's structure, as far as the number of ways to match depends on it. `chars` is what matches one character,
 * kept as it is written; `start` is `^`; `ahead` is what a lookahead matches; `empty` are assertions of constant cost.
 */
export type PatternNode =
  | { kind: 'chars'; written: string }
  | { kind: 'start' }
  | { kind: 'empty' }
  | { kind: 'ahead'; body: PatternNode }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'choice'; options: PatternNode[] }
  | { kind: 'repeat'; body: PatternNode; min: number; max: number };

/** Parses a pattern that the engine accepts. Throws on what can't be linear: lookbehind and back references of unbounded length. */
export function parsePattern({ source, flags }: { source: string; flags: string }): PatternNode {
  const reader = new PatternReader(source, flags.includes('m'));
  const node = reader.readChoice();
  if (!reader.isAtEnd()) throw new Error(`cannot parse /${source}/ beyond ${reader.position}`);
  return node;
}

class PatternReader {
  position = 0;
  private readonly groups: (PatternNode | undefined)[] = [];

  private readonly source: string;
  private readonly isMultiline: boolean;

  constructor(source: string, isMultiline: boolean) {
    this.source = source;
    this.isMultiline = isMultiline;
  }

  isAtEnd(): boolean {
    return this.position >= this.source.length;
  }

  readChoice(): PatternNode {
    const options = [this.readSequence()];
    while (this.take('|')) options.push(this.readSequence());
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  private readSequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (!this.isAtEnd() && !this.sees('|') && !this.sees(')')) parts.push(this.readQuantified());
    return { kind: 'sequence', parts };
  }

  private readQuantified(): PatternNode {
    const body = this.readAtom();
    const [written, least, hasMost, most] =
      /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(this.source.slice(this.position)) ?? [];
    if (written === undefined) return body;
    this.position += written.length;
    this.take('?');
    if (least === undefined) {
      return {
        kind: 'repeat',
        body,
        min: written === '+' ? 1 : 0,
        max: written === '?' ? 1 : Number.POSITIVE_INFINITY,
      };
    }
    const min = Number(least);
    if (hasMost === '') return { kind: 'repeat', body, min, max: min };
    return { kind: 'repeat', body, min, max: most === '' ? Number.POSITIVE_INFINITY : Number(most) };
  }

  private readAtom(): PatternNode {
    if (this.take('(')) return this.readGroup();
    if (this.take('^')) return this.isMultiline ? { kind: 'empty' } : { kind: 'start' };
    if (this.take('$')) return { kind: 'empty' };
    const written = this.readCharacter();
    if (written === '\\b' || written === '\\B') return { kind: 'empty' };
    if (/^\\[1-9]/.test(written)) return this.groupAgain(Number(written.slice(1)));
    return { kind: 'chars', written };
  }

  private readGroup(): PatternNode {
    const opening = /^(?:\?:|\?<?[=!]|\?<\w+>)?/.exec(this.source.slice(this.position))?.[0] ?? '';
    this.position += opening.length;
    const isCapturing = opening === '' || /^\?<\w/.test(opening);
    const number = isCapturing ? this.groups.push(undefined) : 0;
    const body = this.readChoice();
    if (!this.take(')')) throw new Error(`cannot parse /${this.source}/ at ${this.position}`);
    if (isCapturing) this.groups[number - 1] = body;
    if (opening === '?=' || opening === '?!') return { kind: 'ahead', body };
    if (opening !== '?<=' && opening !== '?<!') return body;
    if (!isBounded(body)) throw new Error(`an unbounded lookbehind is not linear: /${this.source}/`);
    return { kind: 'empty' };
  }

  /** A back reference matches some of what its group matches. */
  private groupAgain(number: number): PatternNode {
    const group = this.groups[number - 1];
    if (group !== undefined && isBounded(group)) return group;
    throw new Error(`a back reference of unbounded length is not linear: /${this.source}/`);
  }

  private readCharacter(): string {
    const rest = this.source.slice(this.position);
    const pattern =
      /^(?:\\(?:u\{[^}]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S])/u;
    const written = pattern.exec(rest)?.[0] ?? '';
    this.position += written.length;
    return written;
  }

  private sees(text: string): boolean {
    return this.source.startsWith(text, this.position);
  }

  private take(text: string): boolean {
    const isHere = this.sees(text);
    if (isHere) this.position += text.length;
    return isHere;
  }
}

function isBounded(node: PatternNode): boolean {
  if (node.kind === 'repeat') return node.max !== Number.POSITIVE_INFINITY && isBounded(node.body);
  if (node.kind === 'sequence') return node.parts.every(isBounded);
  if (node.kind === 'choice') return node.options.every(isBounded);
  return node.kind !== 'ahead' || isBounded(node.body);
}
