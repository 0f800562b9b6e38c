import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { root: import.meta.dirname, include: ['**/*.server.ts'], pool: 'forks', maxWorkers: 1, testTimeout: 600_000 },
})
