import { defineConfig } from 'vitest/config'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.server.ts'],
    pool: 'forks',
    execArgv: [...NODE_FLAGS],
    maxWorkers: 1,
    testTimeout: 600_000,
  },
})
