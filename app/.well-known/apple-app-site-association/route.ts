import { env } from '#lib/env/env';
import { appPath } from '../_app-path.ts';

/** Which of our addresses the iOS app opens itself. Apple asks without cookies and follows no redirect. */
export function GET(): Response {
  const { iosAppId } = env().mobile;
  const details = iosAppId === null ? [] : [{ appIDs: [iosAppId], components: [{ '/': appPath() }] }];
  return Response.json({ applinks: { details } }, { headers: { 'Cache-Control': 'public, max-age=3600' } });
}
