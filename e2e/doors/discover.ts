import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Every address that the app answers, as `GET /accounts/[accountId]`: pages, and each method of each route handler. */
export function discoverRoutes(): string[] {
  const app = path.resolve('app');
  return readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(page\.tsx|route\.tsx?)$/.test(entry.name))
    .flatMap((entry) => {
      const folder = path.relative(app, entry.parentPath);
      const address = `/${folder
        .split(path.sep)
        .filter((part) => part !== '' && !part.startsWith('('))
        .join('/')}`;
      const methods = entry.name === 'page.tsx' ? ['GET'] : methodsOf(path.join(entry.parentPath, entry.name));
      return methods.map((method) => `${method} ${address}`);
    })
    .sort();
}

function methodsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(
    /(?:export (?:async )?(?:function|const) |\bas )(GET|POST|PUT|PATCH|DELETE)\b/g,
  );
  return [...found].map(([, method = '']) => method);
}

export type FoundAction = { id: string; name: string };

/** Every server action of the build that is running, as `app/_actions.ts signOutAction`. */
export function discoverActions(buildDir: string): FoundAction[] {
  const file = path.join(buildDir, '.next/server/server-reference-manifest.json');
  const manifest: { node: Record<string, { filename: string; exportedName: string }> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return Object.entries(manifest.node)
    .map(([id, { filename, exportedName }]) => ({ id, name: `${filename} ${exportedName}` }))
    .sort((one, other) => one.name.localeCompare(other.name));
}
