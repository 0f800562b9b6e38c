import { defineConfig } from 'vitest/config'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'

// Apart from the other fuller tests: each file starts a network of its own, one after the other.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.full.ts'],
    pool: 'forks',
    execArgv: [...NODE_FLAGS],
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
