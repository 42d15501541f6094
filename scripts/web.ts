// One web process of a deployment: the finished build, configured by environment only.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './local/paths.ts';
import { runMain, StartProblem } from './local/say.ts';

await runMain(async () => {
  // In the image the build lies at the top; after `npm run build` here, where Next.js left it.
  const places = [path.join(root, 'server.js'), path.join(root, '.next/standalone/server.js')];
  const server = places.find((place) => existsSync(place));
  if (server === undefined) throw new StartProblem('There is no build to serve. Make one with: npm run build');
  await import(server);
  return 0;
});
