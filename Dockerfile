# One image for the API and the worker; the command chooses. Build: docker build -t tenon .
FROM node:24.18.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# As `npm start` installs; see scripts/install.mjs.
RUN npm install --no-save --include=dev --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN node scripts/build.mjs && npm prune --omit=dev --no-audit --no-fund

FROM node:24.18.0-bookworm-slim
# The C library would keep a pool of memory for each of a dozen threads and more.
ENV NODE_ENV=production TENON_HOST=0.0.0.0 TENON_PORT=3000 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
# The program's own files are not writable for it.
USER node
EXPOSE 3000
# SIGTERM drains: the API finishes requests, the worker its steps, for TENON_STOP_SECONDS.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.TENON_PORT}/api/v1/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--heap-growing-percent=60", "dist/api/main.js"]
