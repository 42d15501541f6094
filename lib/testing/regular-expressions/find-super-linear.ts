import { type Automaton, buildAutomaton } from './automaton.ts';
import { parsePattern } from './parse-pattern.ts';

export type SuperLinear = { growth: 'polynomial' | 'exponential'; repeated: string };

/**
 * Whether a backtracking matcher can need more than linearly many steps for an expression, and a text whose repetition makes it
 * do so. It counts the ways in which a text can be read, which bounds the matcher's steps: they grow faster than the text exactly
 * if, for two states p and q and some text, p leads to p, p to q and q to q (Weber and Seidl, "On the degree of ambiguity of
 * finite automata", 1991). Ways that have come to a match count once, since the matcher stops there. Assertions are taken as true or
 * false, whichever is worse: an expression that is called linear is linear, and one that is not may still be.
 */
export function findSuperLinear(expression: { source: string; flags: string }): SuperLinear | null {
  const automaton = buildAutomaton(parsePattern(expression), expression.flags);
  const reachable = reachableFrom(automaton, automaton.roots);
  const reach = automaton.edges.map((_, state) => reachableFrom(automaton, successors(automaton, state)));
  const cyclic = [...reachable].filter((state) => reach[state]?.has(state));
  const isTogether = (a: number, b: number) => (reach[a]?.has(b) ?? false) && (reach[b]?.has(a) ?? false);

  for (const from of cyclic) {
    for (const [to, ways] of automaton.edges[from] ?? []) {
      if (ways > 1 && isTogether(from, to) && !automaton.ends.has(to))
        return { growth: 'exponential', repeated: symbolOf(automaton, to) };
    }
  }
  let found: SuperLinear | null = null;
  for (const p of cyclic) {
    for (const q of cyclic) {
      if (p === q || !reach[p]?.has(q)) continue;
      const repeated = findRepeated(automaton, reach, p, q);
      if (repeated === null) continue;
      if (isTogether(p, q)) return { growth: 'exponential', repeated };
      found ??= { growth: 'polynomial', repeated };
    }
  }
  return found;
}

/** A text that leads p to p, p to q and q to q, all at once: a breadth-first search over three states. */
function findRepeated(automaton: Automaton, reach: readonly Set<number>[], p: number, q: number): string | null {
  const { masks, ends } = automaton;
  if (ends.has(q)) return null;
  const size = masks.length;
  const key = (a: number, b: number, c: number) => (a * size + b) * size + c;
  const goal = key(p, q, q);
  const leadsTo = (from: number, to: number) => from === to || (reach[from]?.has(to) ?? false);
  let texts = new Map([[key(p, p, q), '']]);
  const seen = new Set(texts.keys());
  while (texts.size > 0) {
    const next = new Map<number, string>();
    for (const [triple, text] of texts) {
      const [a, b, c] = [Math.floor(triple / size / size), Math.floor(triple / size) % size, triple % size];
      for (const a2 of successors(automaton, a)) {
        if (!leadsTo(a2, p)) continue;
        for (const b2 of successors(automaton, b)) {
          if (!leadsTo(b2, q) || ends.has(b2)) continue;
          const shared = (masks[a2] ?? 0n) & (masks[b2] ?? 0n);
          if (shared === 0n) continue;
          for (const c2 of successors(automaton, c)) {
            const symbols = shared & (masks[c2] ?? 0n);
            const triple2 = key(a2, b2, c2);
            if (symbols === 0n || !leadsTo(c2, q) || ends.has(c2) || seen.has(triple2)) continue;
            const longer = text + firstOf(automaton, symbols);
            if (triple2 === goal) return longer;
            seen.add(triple2);
            next.set(triple2, longer);
          }
        }
      }
    }
    texts = next;
  }
  return null;
}

function successors({ edges, masks }: Automaton, state: number): number[] {
  return [...(edges[state]?.keys() ?? [])].filter((next) => masks[next] !== 0n);
}

function reachableFrom(automaton: Automaton, roots: readonly number[]): Set<number> {
  const reached = new Set(roots);
  for (const state of reached) for (const next of successors(automaton, state)) reached.add(next);
  return reached;
}

const symbolOf = (automaton: Automaton, state: number) => firstOf(automaton, automaton.masks[state] ?? 0n);

/** Of the symbols in a mask the first that can be read, or else the first. */
function firstOf({ alphabet }: Automaton, mask: bigint): string {
  const symbols = alphabet.filter((_, index) => (mask >> BigInt(index)) & 1n);
  return symbols.find((symbol) => /[\x21-\x7e]/.test(symbol)) ?? symbols[0] ?? '';
}
