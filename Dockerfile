# One image for web, worker and migrate: Node.js 24, no root, and only what runs.
FROM node:24-bookworm-slim AS base
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1

FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
# The image brings Node.js; the package that brings it elsewhere stays behind.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node node_modules/node-linux-* node_modules/.cache

FROM base AS build
ENV NODE_ENV=development
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The generator wants a schema engine that it never runs: any executable satisfies it and nothing is downloaded.
RUN PRISMA_SCHEMA_ENGINE_BINARY=/bin/true node node_modules/prisma/build/index.js generate
# A deployment's build leaves out what only a local trial has.
RUN NODE_ENV=production TRUELAYER_ENV=live node node_modules/next/dist/bin/next build

FROM base AS run
RUN groupadd --system --gid 10001 linkwell && useradd --system --uid 10001 --gid linkwell --no-create-home linkwell
# The web server and what it traced, then what worker and migrations need beside it.
COPY --from=build --chown=root:root /app/.next/standalone ./
COPY --from=build /app/.next/static ./.next/static
COPY --from=build /app/public ./public
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/package.json /app/tsconfig.json ./
COPY --from=build /app/lib ./lib
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/prisma ./prisma
USER 10001:10001
EXPOSE 3000
ENV HOSTNAME=0.0.0.0 PORT=3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/api/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["npm", "run", "--silent", "web"]
