import { defineConfig } from 'vitest/config'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.full.ts'],
    exclude: ['lnd/**'],
    pool: 'forks',
    execArgv: [...NODE_FLAGS],
    maxWorkers: 1,
    testTimeout: 60_000,
  },
})
