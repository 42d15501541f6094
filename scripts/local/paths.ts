import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.dirname(path.dirname(import.meta.dirname));

/** Everything that a local run leaves behind is in here, and may be deleted while nothing runs. */
export const dataDir = process.env.LINKWELL_DATA_DIR || path.join(root, '.data');

/** A folder of its own under the system's, which the database's user may pass through too. */
export function temporaryDir(name: string): string {
  const dir = mkdtempSync(path.join(tmpdir(), `linkwell-${name}-`));
  chmodSync(dir, 0o711);
  return dir;
}
