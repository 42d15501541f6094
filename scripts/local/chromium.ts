import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { StartProblem, say } from './say.ts';

/** Draws no window, and so needs a fifth less processor time than the whole browser. */
const HEADLESS_SHELL = 'chromium-headless-shell';
const NAMES = [HEADLESS_SHELL, 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/**
 * The browser for tests and measurements: one named by CHROMIUM_PATH, Playwright's own, one of the system; on Debian, as
 * root, it is installed when there is none.
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== null) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('  Installing Chromium from the system’s packages …');
    runApt(['update', '-qq']);
    runApt(['install', '-y', '-qq', '--no-install-recommends', packageToInstall(), 'fonts-noto-color-emoji']);
    const installed = findChromium();
    if (installed !== null) return installed;
  }
  throw new StartProblem(
    'The browser tests need Chromium and found none. Install it from your packages (apt-get install chromium-headless-shell, or chromium), run `npx playwright install chromium`, or set CHROMIUM_PATH.',
  );
}

function findChromium(): string | null {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named;
    throw new StartProblem(`CHROMIUM_PATH names ${named}, which isn't a program.`);
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const system = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return [chromium.executablePath(), ...system, mac].find(isExecutable) ?? null;
}

/** Debian has had a package of the headless shell since version 12; other systems have the whole browser only. */
function packageToInstall(): string {
  const { stdout } = spawnSync('apt-cache', ['policy', HEADLESS_SHELL], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return /Candidate: [^(]/.test(stdout) ? HEADLESS_SHELL : 'chromium';
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Absent or not a program: not this one.
    return false;
  }
}

function runApt(args: string[]): void {
  const result = spawnSync('apt-get', args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status !== 0) throw new StartProblem(`Chromium could not be installed:\n${result.stderr}`);
}
