import { defineConfig } from 'playwright/test';

const appUrl = process.env.APP_URL ?? 'http://localhost:3000';

const MOVES_THE_CLOCK = /\.clock\.spec\.ts$/;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.data/test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  // Time limits detect hangs and nothing else: the suite has to pass on a machine many times slower than ours.
  timeout: 15 * 60_000,
  expect: { timeout: 60_000 },
  reporter: [
    ['list'],
    ['./e2e/failed-step-reporter.ts'],
    ['json', { outputFile: process.env.PLAYWRIGHT_JSON ?? '.data/test-results/report.json' }],
  ],
  use: {
    baseURL: appUrl,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    // Recording costs a fifth of the processor time; `--trace on` records when somebody wants to look.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.CHROMIUM_PATH === undefined ? {} : { executablePath: process.env.CHROMIUM_PATH }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', testIgnore: MOVES_THE_CLOCK, use: { viewport: { width: 1280, height: 800 } } },
    {
      name: 'phone',
      // What doesn't hang on the size of the window is tried once.
      grepInvert: /@once/,
      testIgnore: MOVES_THE_CLOCK,
      use: PHONE,
    },
    // Everybody shares one clock: what moves it goes one after another, when all the others are done.
    {
      name: 'clock',
      testMatch: MOVES_THE_CLOCK,
      dependencies: ['desktop', 'phone'],
      workers: 1,
      fullyParallel: false,
      use: PHONE,
    },
  ],
});
