import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/mutants/runner/run-tests.ts'],
    allowOnly: true,
    reporters: [{}],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
