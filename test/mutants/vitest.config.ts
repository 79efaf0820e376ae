import { defineConfig } from 'vitest/config'

/** The tests of Node for the code that `npm run mutation` changes; one process, no workerd. */
export default defineConfig({
  test: {
    include: [
      'test/{keys,ledger,exchange,upstream,anthropic,platform,catalog}/**/*.test.ts',
      'test/dialects/**/*.test.ts',
    ],
    testTimeout: 20_000,
  },
})
