import { defineConfig } from 'vitest/config'
import { NODE_FLAGS } from './gateway/ports/nodeFlags.ts'

// Forks: Hardhat and the native addons do not like threads. Two workers, because CI has two cores.
export default defineConfig({
  test: {
    include: [
      'app/**/*.test.ts',
      'gateway/**/*.test.ts',
      'adapters/**/*.test.ts',
      'world/**/*.test.ts',
      'test/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    pool: 'forks',
    execArgv: [...NODE_FLAGS],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
})
