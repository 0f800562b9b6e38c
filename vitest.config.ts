import { defineConfig } from 'vitest/config'
import { NODE_FLAGS } from './gateway/ports/nodeFlags.ts'

// Forks: Hardhat and the native addons do not like threads. Two workers, because CI has two cores.
/** Examples import packages by their names, as those do who have installed them. */
const alias = [{ find: /^switchyard-(\w+)$/, replacement: `${import.meta.dirname}/packages/$1/index.ts` }]

// Hundreds of processes are started, by the runner and by the tests, which would each strip and compile the same sources again.
process.env.NODE_COMPILE_CACHE ??= `${import.meta.dirname}/node_modules/.cache/compiled`

/** Unit tests, whose files may share a worker: they keep nothing in modules and leave no process, timer or spy behind. */
const UNITS = ['app/**/*.test.ts', 'gateway/**/*.test.ts', 'adapters/**/*.test.ts', 'world/**/*.test.ts', 'tools/**/*.test.ts']

export default defineConfig({
  resolve: { alias },
  test: {
    pool: 'forks',
    execArgv: [...NODE_FLAGS],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    projects: [
      // Its name is the first, for projects run in the order of their names: what takes long must not be what is left at the end.
      { extends: true, test: { name: 'house', include: ['test/**/*.test.ts'] } },
      { extends: true, test: { name: 'units', include: UNITS, isolate: false } },
    ],
  },
})
