import { defineConfig } from 'vitest/config'
import { NODE_FLAGS } from './gateway/ports/nodeFlags.ts'

// Forks: Hardhat and the native addons do not like threads. Two workers, because CI has two cores.
/** Examples import packages by their names, as those do who have installed them. */
const alias = [
  { find: /^switchyard-(\w+)\/(\w+)$/, replacement: `${import.meta.dirname}/packages/$1/$2.ts` },
  { find: /^switchyard-(\w+)$/, replacement: `${import.meta.dirname}/packages/$1/index.ts` },
]

export default defineConfig({
  resolve: { alias },
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
