import type { PatternNode } from './parse-pattern.ts';

/** Repetitions up to this many are written out; those of more count as unbounded, which can only find more. */
const MAX_COPIES = 12;
/** State 0 tries the expression at the next character: a search starts anew at each. */
const SEARCH = 0;

type Ways = Map<number, number>;
/** `ends` are the last positions behind which no assertion can fail; `isFree`: it can match nothing without an assertion. */
type Fragment = { empty: number; first: Ways; last: Ways; ends: ReadonlySet<number>; isFree: boolean };

/** From state to state with the number of ways (2 is "several"); a state is entered by the symbols in its mask. */
export type Automaton = {
  edges: readonly Ways[];
  masks: readonly bigint[];
  alphabet: readonly string[];
  roots: readonly number[];
  /** In these the whole expression has matched, whatever follows. */
  ends: ReadonlySet<number>;
};

/** Position automaton (Glushkov) of a search for the expression, with the number of ways between positions kept. */
export function buildAutomaton(pattern: PatternNode, flags: string): Automaton {
  const written: (string | null)[] = [null];
  const edges: Ways[] = [new Map()];
  const starts = new Set<number>();
  const addState = (chars: string | null) => {
    edges.push(new Map());
    return written.push(chars) - 1;
  };
  const connect = (from: Ways, to: Ways) => {
    for (const [state, ways] of from) for (const [next, more] of to) addWays(edges[state], next, ways * more);
  };
  const sequence = (left: Fragment, right: Fragment): Fragment => {
    connect(left.last, right.first);
    return {
      empty: Math.min(2, left.empty * right.empty),
      first: merged(left.first, right.first, left.empty),
      last: merged(right.last, left.last, right.empty),
      ends: right.isFree ? new Set([...left.ends, ...right.ends]) : right.ends,
      isFree: left.isFree && right.isFree,
    };
  };
  const either = (left: Fragment, right: Fragment): Fragment => ({
    empty: Math.min(2, left.empty + right.empty),
    first: merged(left.first, right.first, 1),
    last: merged(left.last, right.last, 1),
    ends: new Set([...left.ends, ...right.ends]),
    isFree: left.isFree || right.isFree,
  });
  const state = (chars: string | null): Fragment => {
    const ways: Ways = new Map([[addState(chars), 1]]);
    return { empty: 0, first: ways, last: ways, ends: new Set(ways.keys()), isFree: false };
  };
  const build = (node: PatternNode): Fragment => {
    switch (node.kind) {
      case 'empty':
        return { ...nothing(), isFree: false };
      case 'chars':
        return state(node.written);
      case 'start': {
        const start = state(null);
        for (const position of start.first.keys()) starts.add(position);
        return start;
      }
      case 'ahead':
        return { ...either(sequence(build(node.body), state(null)), nothing()), ends: new Set(), isFree: false };
      case 'choice':
        return node.options.map(build).reduce(either);
      case 'sequence':
        return node.parts.map(build).reduce(sequence, nothing());
      case 'repeat':
        return repeat(node);
    }
  };
  const repeat = ({ body, min, max }: Extract<PatternNode, { kind: 'repeat' }>): Fragment => {
    let all = nothing();
    for (let copy = 0; copy < Math.min(min, MAX_COPIES); copy++) all = sequence(all, build(body));
    if (max - min > MAX_COPIES) {
      const more = build(body);
      connect(more.last, more.first);
      return sequence(all, { ...more, empty: 1, isFree: true });
    }
    let optional = nothing();
    for (let copy = min; copy < max; copy++) optional = { ...sequence(build(body), optional), empty: 1, isFree: true };
    return sequence(all, optional);
  };

  const whole = build(pattern);
  const { alphabet, masksOf } = symbolsOf(written, flags);
  for (const [first, ways] of whole.first) addWays(edges[SEARCH], first, ways);
  if (!flags.includes('y')) addWays(edges[SEARCH], SEARCH, 1);
  const masks = written.map((chars) => (chars === null ? 0n : (masksOf.get(chars) ?? 0n)));
  masks[SEARCH] = (1n << BigInt(alphabet.length)) - 1n;
  // `^` is passed before the first character only: it begins a path, and nothing leads to it.
  const roots = [SEARCH, ...[...starts].filter((start) => whole.first.has(start))];
  return { edges, masks, alphabet, roots, ends: whole.ends };
}

const nothing = (): Fragment => ({ empty: 1, first: new Map(), last: new Map(), ends: new Set(), isFree: true });

function addWays(ways: Ways | undefined, state: number, more: number): void {
  ways?.set(state, Math.min(2, (ways.get(state) ?? 0) + more));
}

function merged(left: Ways, right: Ways, factor: number): Ways {
  const all = new Map(left);
  if (factor > 0) for (const [state, ways] of right) addWays(all, state, ways * factor);
  return all;
}

/** Characters that the expression tells apart, one of each kind, and for each piece of it the kinds that it matches. */
function symbolsOf(written: readonly (string | null)[], flags: string) {
  const pieces = [...new Set(written.filter((chars) => chars !== null))];
  const mode = flags.replace(/[gymd]/g, '');
  const tests = pieces.map((piece) => new RegExp(`^(?:${piece})$`, mode));
  const samples = new Map<string, string>();
  for (const sample of sampleCharacters(pieces)) {
    const kind = tests.map((test) => (test.test(sample) ? '1' : '0')).join('');
    if (!samples.has(kind)) samples.set(kind, sample);
  }
  const kinds = [...samples.keys()];
  const masksOf = new Map(
    pieces.map((piece, index) => [
      piece,
      kinds.reduce((mask, kind, symbol) => (kind[index] === '1' ? mask | (1n << BigInt(symbol)) : mask), 0n),
    ]),
  );
  return { alphabet: [...samples.values()], masksOf };
}

function sampleCharacters(pieces: readonly string[]): Set<string> {
  const samples = new Set(Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)));
  for (const other of '\u0301\u0391\u03b1\u0410\u0430\u05d0\u0660\u1680\u200e\u2028\u2212\u3000\u4e00\ud800\udc00\ufeff\uff10\u{1f600}') {
    samples.add(other);
  }
  for (const piece of pieces) for (const character of piece) samples.add(character);
  return samples;
}
