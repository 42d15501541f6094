# Two images from one build. `web` is Next.js' standalone output; `worker` has production dependencies and our scripts, and also
# runs migrate, keys, replay and doctor. Both run as user 10001 and write nothing outside /tmp.
#   docker build --target web -t linkwell-web .
#   docker build --target worker -t linkwell-worker .

# The release that package.json names. Pin the digest of your registry's copy with
# --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:…; docker buildx imagetools inspect prints it.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
RUN groupadd --system --gid 10001 linkwell && useradd --system --uid 10001 --gid linkwell --no-create-home linkwell

FROM base AS build
ENV NODE_ENV=development
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The generator requires a schema engine that it never runs: any executable satisfies it and nothing is downloaded.
RUN PRISMA_SCHEMA_ENGINE_BINARY=/bin/true node node_modules/prisma/build/index.js generate
RUN node node_modules/next/dist/bin/next typegen && node node_modules/typescript/bin/tsc --noEmit
# Any value but `local` leaves out what only a local trial has.
RUN NODE_ENV=production TRUELAYER_ENV=live node node_modules/next/dist/bin/next build
# What the worker image copies from here has no tests in it.
RUN rm -r lib/testing && find lib scripts -name '*.test.ts' -delete

FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
# The image has Node.js, and neither the worker nor the scripts import Next.js.
RUN npm ci --omit=dev --omit=peer --omit=optional --ignore-scripts \
  && rm -r node_modules/node node_modules/next node_modules/@next node_modules/next-auth node_modules/react-dom

FROM base AS web
COPY --from=build /app/.next/standalone ./
COPY --from=build /app/.next/static ./.next/static
COPY --from=build /app/public ./public
# /api/ready compares these names with what the database has.
COPY --from=build /app/prisma/migrations ./prisma/migrations
USER 10001:10001
ENV HOSTNAME=0.0.0.0 PORT=3000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/api/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "server.js"]

FROM base AS worker
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/lib ./lib
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/prisma ./prisma
USER 10001:10001
STOPSIGNAL SIGTERM
# A worker listens on no port. /api/metrics and /admin/health show how many workers are running.
HEALTHCHECK NONE
CMD ["node", "--max-semi-space-size=4", "--conditions=react-server", "--disable-warning=ExperimentalWarning", "scripts/worker.ts"]
