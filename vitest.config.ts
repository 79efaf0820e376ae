import { cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { defineConfig } from 'vitest/config'

import { consoleAssetsForTests } from './src/cli/platform/bundle/console-assets.ts'

/** `pure` runs in Node and is fast; `workers` runs in workerd, as in production. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/http/**',
            'test/contract/**',
            'test/clients/**',
            'test/bench/**',
            'test/faults/**',
            'test/setup/**',
          ],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          maxConcurrency: 32,
          testTimeout: 15_000,
        },
      },
      {
        plugins: [
          consoleAssetsForTests,
          cloudflareTest({
            main: './src/index.ts',
            wrangler: { configPath: './wrangler.toml' },
            // AI is bound, but cannot be called: it is never local, and needs an account.
            remoteBindings: false,
            // wrangler.toml has them in a comment. No consumer: tests run the slices.
            miniflare: { r2Buckets: ['STORE'], queueProducers: { BATCH_QUEUE: 'batches' } },
          }),
        ],
        test: {
          name: 'workers',
          deps: { optimizer: { ssr: { enabled: true, include: ['@smithy/core/event-streams'] } } },
          isolate: false,
          testTimeout: 20_000,
          include: ['test/http/**/*.test.ts', 'test/contract/**/*.test.ts'],
        },
      },
    ],
  },
})
