import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { root: import.meta.dirname, include: ['**/*.full.ts'], exclude: ['lnd/**'], pool: 'forks', maxWorkers: 1, testTimeout: 60_000 },
})
