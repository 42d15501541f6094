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
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
