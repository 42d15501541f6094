import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '#scripts/local/paths';

/** A statement or call that loads a module when the code runs; `import type` loads none. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\bfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** Our files that these load, directly or not, and the packages that they load. Node.js' own modules are left out. */
export function listImports(entries: readonly string[]): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = [...entries];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const [, statement, call] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const name = statement ?? call ?? '';
      if (name.startsWith('.')) queue.push(path.resolve(path.dirname(file), name));
      else if (name.startsWith('#')) queue.push(path.join(root, `${name.slice(1)}.ts`));
      else if (!name.startsWith('node:')) packages.add(packageOf(name));
    }
  }
  return { files: [...files], packages: [...packages].sort() };
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
