import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';
import { listProductFiles } from './find-expressions.ts';

const root = join(import.meta.dirname, '../../..');

export type Parser = { name: string; parse: (text: string) => unknown };

/**
 * What the application exports to read text: functions that need one parameter only, a text or something unknown, and answer at
 * once; and schemas. Found in the sources, so that a new one is covered as soon as it is exported.
 */
export async function findParsers(): Promise<{ parsers: Parser[]; notLoaded: string[] }> {
  const parsers: Parser[] = [];
  const notLoaded: string[] = [];
  for (const file of listProductFiles().filter((name) => /^(?:lib|app|components)\/.*\.ts$/.test(name))) {
    const names = exportedParsers(readFileSync(join(root, file), 'utf8'));
    if (names.length === 0) continue;
    const module: Record<string, unknown> | null = await import(join(root, file)).catch(() => null);
    if (module === null) notLoaded.push(file);
    for (const name of names) {
      const exported = module?.[name];
      if (typeof exported === 'function') parsers.push({ name: `${file} ${name}`, parse: (text) => exported(text) });
      else if (isSchema(exported)) parsers.push({ name: `${file} ${name}`, parse: (text) => exported.safeParse(text) });
    }
  }
  return { parsers, notLoaded };
}

type SyntaxNode = { type: string; [key: string]: unknown };

function exportedParsers(text: string): string[] {
  return parseAst(text, { lang: 'ts' }).body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration') {
      const readsText = !declaration.async && declaration.id !== null && readsOneText(declaration.params);
      return readsText && declaration.id ? [declaration.id.name] : [];
    }
    if (declaration?.type !== 'VariableDeclaration') return [];
    return declaration.declarations.flatMap(({ id, init }) => {
      if (id.type !== 'Identifier' || !init) return [];
      if (init.type === 'ArrowFunctionExpression') return !init.async && readsOneText(init.params) ? [id.name] : [];
      return init.type === 'CallExpression' && text.includes("'zod'") ? [id.name] : [];
    });
  });
}

function readsOneText(parameters: readonly unknown[]): boolean {
  const [first, ...others] = parameters;
  return (
    isNode(first) &&
    mayBeText(first) &&
    others.every((other) => isNode(other) && (other.type === 'AssignmentPattern' || other.optional === true))
  );
}

function mayBeText(parameter: SyntaxNode): boolean {
  const annotation = isNode(parameter.typeAnnotation) ? parameter.typeAnnotation.typeAnnotation : undefined;
  if (!isNode(annotation)) return false;
  const types = annotation.type === 'TSUnionType' && Array.isArray(annotation.types) ? annotation.types : [annotation];
  return types.some((type) => isNode(type) && (type.type === 'TSStringKeyword' || type.type === 'TSUnknownKeyword'));
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function isSchema(value: unknown): value is { safeParse: (text: string) => unknown } {
  return typeof value === 'object' && value !== null && 'safeParse' in value;
}
