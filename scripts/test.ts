// `npm test`: types, lint, unit and database tests, then the browser tests against the whole thing running. Free ports and a
// throw-away database; a running `npm start` is left alone. At the end all output and tables are searched for the run's own
// secrets. Ends with one line over all suites.
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureChromium } from './local/chromium.ts';
import { root, temporaryDir } from './local/paths.ts';
import { ensurePgBouncer } from './local/pgbouncer.ts';
import { reserveAnyPort } from './local/ports.ts';
import { runMain, StartProblem, say } from './local/say.ts';
import { type Stack, startStack } from './local/stack.ts';
import { runTool } from './local/tool.ts';
import { dumpTables } from './secrets/dump.ts';
import { secretsOfEnvironment, secretsOfMails } from './secrets/known.ts';
import { checkSecrets, gatherIn } from './secrets/suite.ts';

type Tally = { passed: number; failed: number };

const modules = path.join(root, 'node_modules');
const SUITES = ['types', 'lint', 'unit', 'browser', 'secrets'] as const;

const RUN: Record<(typeof SUITES)[number], (dir: string) => Promise<Tally>> = {
  types: async () =>
    (await single('next/dist/bin/next', ['typegen'])) ??
    (await single('typescript/bin/tsc', ['--noEmit'])) ?? { passed: 1, failed: 0 },
  lint: async () =>
    (await single('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '--max-diagnostics=50'])) ?? {
      passed: 1,
      failed: 0,
    },
  unit: runUnit,
  browser: runBrowser,
  secrets: async (dir) => checkSecrets(gatherIn(dir), process.argv.length === 2),
};

/** A tool that passes or fails as a whole; null when it passed. */
async function single(program: string, args: string[]): Promise<Tally | null> {
  const status = await runTool([path.join(modules, program), ...args]);
  return status === 0 ? null : { passed: 0, failed: 1 };
}

async function runUnit(dir: string): Promise<Tally> {
  if (ensurePgBouncer() === null) {
    say('NOT RUN: lib/db/pooler.test.ts needs PgBouncer, and there is none (apt-get install pgbouncer).');
  }
  const report = path.join(dir, 'unit.json');
  const { issuedFile } = gatherIn(dir);
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = await runTool([path.join(modules, 'vitest/vitest.mjs'), ...args], {
    // What the product logs is gathered, and kept out of sight.
    logFile: path.join(dir, 'unit.log'),
    env: {
      LOG_LEVEL: 'debug',
      LINKWELL_ISSUED_FILE: issuedFile,
      LINKWELL_DUMP_FILE: path.join(dir, 'unit.dump'),
    },
  });
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numFailedTestSuites = 0,
  } = readReport<Partial<Record<string, number>>>(report) ?? {};
  return settled(status, numPassedTests, numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0));
}

async function runBrowser(dir: string): Promise<Tally> {
  const chromium = ensureChromium();
  const ports = {
    web: await reserveAnyPort(),
    sandbox: await reserveAnyPort(),
    mailWeb: await reserveAnyPort(),
    smtp: await reserveAnyPort(),
  };
  const stack = await startStack({
    dir: path.join(dir, 'stack'),
    ports,
    mode: 'build',
    isThrowAway: true,
    hasControl: true,
    issuedFile: gatherIn(dir).issuedFile,
    env: {
      LOG_LEVEL: 'debug',
      ADMIN_EMAILS: 'admin@example.com admin-at-the-doors@example.com',
      TRUSTED_PROXIES: '127.0.0.1 ::1',
      METRICS_TOKEN: randomBytes(24).toString('hex'),
      TOKEN_SEALING_KEYS: `first:${randomBytes(32).toString('base64')},second:${randomBytes(32).toString('base64')}`,
      SMTP_URL: `smtp://linkwell:${randomBytes(18).toString('hex')}@127.0.0.1:${ports.smtp.port}`,
    },
  });
  try {
    const tally = await runPlaywright(dir, chromium, stack);
    await gatherSecrets(dir, stack);
    return tally;
  } finally {
    await stack.stop();
  }
}

async function gatherSecrets(dir: string, { env, databaseAdminUrl }: Stack): Promise<void> {
  const secrets = [...secretsOfEnvironment(env), ...(await secretsOfMails(env.MAIL_CATCHER_URL ?? ''))];
  for (const secret of secrets) appendFileSync(gatherIn(dir).issuedFile, `${JSON.stringify(secret)}\n`);
  const { tables, rows } = await dumpTables(databaseAdminUrl ?? '', path.join(dir, 'browser.dump'));
  say(`${rows} rows of ${tables} tables kept for the search for secrets`);
}

async function runPlaywright(dir: string, chromium: string, stack: Stack): Promise<Tally> {
  const report = path.join(dir, 'browser.json');
  const filters = process.argv.slice(2).filter((argument) => argument.startsWith('--grep'));
  // Of chosen stories only those are told, and not also all that would come before them.
  if (filters.length > 0) filters.push('--no-deps');
  const status = await runTool([path.join(modules, 'playwright/cli.js'), 'test', ...filters], {
    env: {
      ...stack.env,
      CHROMIUM_PATH: chromium,
      PLAYWRIGHT_JSON: report,
      LINKWELL_ISSUED_FILE: gatherIn(dir).issuedFile,
      LINKWELL_BUILD_DIR: stack.buildDir,
    },
  });
  const {
    expected = 0,
    unexpected = 0,
    flaky = 0,
  } = readReport<{ stats: Partial<Record<string, number>> }>(report)?.stats ?? {};
  return settled(status, expected, unexpected + flaky);
}

// A runner that fails without naming a test has failed all the same.
function settled(status: number, passed: number, failed: number): Tally {
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed };
}

function readReport<T>(file: string): T | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
}

await runMain(async () => {
  const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  const isRunning = (suite: string) =>
    asked.includes(suite) || (suite === 'secrets' && /unit|browser/.test(asked.join()));
  const suites = SUITES.filter((suite) => asked.length === 0 || isRunning(suite));
  if (asked.length > 0 && suites.length === 0) throw new StartProblem(`usage: npm test [-- ${SUITES.join(' | ')}]`);
  const dir = temporaryDir('test');
  const totals: Tally = { passed: 0, failed: 0 };
  try {
    for (const suite of suites) {
      say(`\n── ${suite} ──`);
      const tally = await RUN[suite](dir);
      totals.passed += tally.passed;
      totals.failed += tally.failed;
      say(`${suite}: ${tally.passed} passed, ${tally.failed} failed`);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  say(`\n${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
});
