import { defineConfig } from 'vitest/config'

/** `npm run test:setup`: the setup with the real Wrangler, a process for each of its steps. */
export default defineConfig({
  test: {
    name: 'setup',
    include: ['test/setup/*.test.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
  },
})
