import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

const root = join(import.meta.dirname, '../../..');

export type Expression = { at: string; source: string; flags: string };
/** Regular expressions that are built from text while the program runs, by file. */
export type Found = { literals: Expression[]; constructions: string[] };

/** Files of the product, the simulator and the scripts: everything in the repository but tests and what only they use. */
export function listProductFiles(): string[] {
  const patterns = ['*.ts', '*.tsx', '*.mjs', '*.js'];
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
  });
  const tests =
    /\.test\.tsx?$|^(?:e2e|bench)\/|^lib\/testing\/|^lib\/truelayer\/test-server|^scripts\/deployment\/(?:list-imports|read-dockerfile)|^lib\/db\/generated\//;
  return listed
    .toString()
    .split('\n')
    .filter((file) => file !== '' && !tests.test(file));
}

/** Every regular expression in a file: literals, and calls of `RegExp` with a text that is written there. */
export function findExpressions(file: string, text = readFileSync(join(root, file), 'utf8')): Found {
  const found: Found = { literals: [], constructions: [] };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const child of node) visit(child);
    if (!isNode(node)) return;
    const at = () => `${file}:${text.slice(0, node.start).split('\n').length}`;
    if (isNode(node.callee) && node.callee.name === 'RegExp') {
      const args = Array.isArray(node.arguments) ? node.arguments : [];
      const [source, flags] = args.map((argument) => (isNode(argument) ? argument.value : undefined));
      if (typeof source !== 'string' || (args.length > 1 && typeof flags !== 'string')) found.constructions.push(at());
      else found.literals.push({ at: at(), source, flags: String(flags ?? '') });
    }
    const { regex } = node;
    if (isRegex(regex)) found.literals.push({ at: at(), source: regex.pattern, flags: regex.flags });
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }).body);
  return found;
}

type SyntaxNode = Record<string, unknown> & { start: number };

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function isRegex(value: unknown): value is { pattern: string; flags: string } {
  return typeof value === 'object' && value !== null && 'pattern' in value && 'flags' in value;
}
