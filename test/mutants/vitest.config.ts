import { defineConfig } from 'vitest/config'

/** The tests of the code that `npm run mutation` changes, in Node; without those that measure time. */
export default defineConfig({
  test: {
    include: [
      'test/{keys,ledger,exchange,upstream,platform,catalog}/**/*.test.ts',
      'test/anthropic/signature.test.ts',
      'test/dialects/{gemini,openai-chat,shared/errors}/**/*.test.ts',
    ],
    testTimeout: 120_000,
  },
})
