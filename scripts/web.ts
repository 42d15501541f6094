// One web process outside a container: serves the build of `npm run build`, configured by environment only. The image runs
// the same server.js directly.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './local/paths.ts';
import { runMain, StartProblem } from './local/say.ts';

await runMain(async () => {
  const server = path.join(root, '.next/standalone/server.js');
  if (!existsSync(server)) throw new StartProblem('There is no build to serve. Make one with: npm run build');
  await import(server);
  return 0;
});
