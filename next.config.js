/** @type {import('next').NextConfig} */
const config = {
  // Decided when it is built: only a local build contains the trial controls.
  compiler: { define: { HAS_DEMO: process.env.TRUELAYER_ENV === 'local' } },
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks types for the whole repository; doing it again for each build only makes starting slower.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg', 'pg-boss', 'pino', 'nodemailer'],
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // `next dev` prints each address with its query, and in these it holds a code, a sign-in token or a task's secret.
  logging: { incomingRequests: { ignore: [/^\/api\/webhooks\//, /^\/connect\/callback/, /^\/sign-in\/confirm/] } },
  experimental: {
    serverActions: { bodySizeLimit: '64kb' },
  },
};

export default config;
