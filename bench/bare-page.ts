import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Child, startChild, stopChild, untilAnswers } from '#scripts/local/children';
import { dataDir, root } from '#scripts/local/paths';
import { freePort } from '#scripts/local/ports';

const NEXT = path.join(root, 'node_modules/next/dist/bin/next');

// Inside the repository, so that it is built by the same Next.js and React.
const FILES = {
  'package.json': '{"type":"module","private":true}',
  'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(root)} }, outputFileTracingRoot: ${JSON.stringify(root)} };`,
  'app/layout.jsx':
    'export const dynamic = "force-dynamic";\nexport default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }',
  'app/page.jsx': 'export default function Page() { return <main><h1>Link a bank</h1></main>; }',
};

/** What the framework itself weighs: its emptiest page, built and served as ours is. */
export async function withBarePage<T>(logDir: string, work: (url: string) => Promise<T>): Promise<T> {
  const dir = path.join(dataDir, 'bare-page');
  rmSync(dir, { recursive: true, force: true });
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NODE_OPTIONS: '' } as const;
  const built = spawnSync(process.execPath, [NEXT, 'build'], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (built.status !== 0) throw new Error(`the bare page could not be built:\n${built.stdout}\n${built.stderr}`);
  const port = await freePort();
  const args = [NEXT, 'start', '--port', String(port)];
  const web: Child = startChild({ name: 'bare', args, env, cwd: dir, logDir, isNext: true });
  try {
    await untilAnswers(`http://127.0.0.1:${port}/`, web);
    return await work(`http://localhost:${port}/`);
  } finally {
    await stopChild(web);
    rmSync(dir, { recursive: true, force: true });
  }
}
