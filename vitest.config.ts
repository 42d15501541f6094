import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['react-server'] },
  ssr: { resolve: { conditions: ['react-server'] } },
  test: {
    include: ['{lib,sandbox,scripts,components,app,bench}/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['lib/testing/global-setup.ts'],
    execArgv: ['--conditions=react-server', '--disable-warning=ExperimentalWarning'],
    maxWorkers: 2,
    restoreMocks: true,
    // Time limits detect hangs and nothing else: the tests have to pass on a machine many times slower than ours.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000, interval: 50 } },
  },
});
