// `npm run build`: a build for a deployment, complete with its static files, in .next/standalone.
import { buildStandalone } from './local/build.ts';
import { runMain, say } from './local/say.ts';

await runMain(async () => {
  const folder = buildStandalone(process.env.TRUELAYER_ENV ?? 'live');
  say(`Built. Serve it with: npm run web (from ${folder})`);
  return 0;
});
