import { defineConfig } from 'vitest/config'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.long.ts'],
    pool: 'forks',
    execArgv: [...NODE_FLAGS],
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 180_000,
  },
})
