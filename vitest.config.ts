import { defineConfig } from 'vitest/config'
import { NODE_FLAGS } from './gateway/ports/nodeFlags.ts'

// Forks: Hardhat and the native addons do not like threads. Three workers on two cores, because half of what tests do is to wait.
/** Examples import packages by their names, as those do who have installed them. */
const alias = [
  { find: /^switchyard-(\w+)\/(\w+)$/, replacement: `${import.meta.dirname}/packages/$1/$2.ts` },
  { find: /^switchyard-(\w+)$/, replacement: `${import.meta.dirname}/packages/$1/index.ts` },
]

// Hundreds of processes are started, by the runner and by the tests, which would each strip and compile the same sources again.
process.env.NODE_COMPILE_CACHE ??= `${import.meta.dirname}/node_modules/.cache/compiled`

/** Whose files may share a worker: they keep nothing in modules, mock none of Node's, and leave no process, timer or spy behind. */
const SHARING = [
  '{app,gateway,adapters,world,tools}/**/*.test.ts',
  'test/*.test.ts',
  'test/{admission,cli,client,contract,paidRoute,payout,sdk,split,tenants,tidy}/**/*.test.ts',
]

/** The same of files that start a chain or a gateway; they run in the step of the longest. */
const WORLDS = 'test/{events,evm,facilitator,mcp,merchant,proxy,rails,rates,seller,webhooks}/**/*.test.ts'

/** Their files share a world too, which is started with the first of them. */
const CLIENTS = 'test/clients/*.test.ts'

export default defineConfig({
  resolve: { alias },
  test: {
    pool: 'forks',
    execArgv: [...NODE_FLAGS],
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    projects: [
      // Projects run in the order of their names, and what takes long must not be what is left at the end.
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: [...SHARING, CLIENTS, WORLDS] } },
      { extends: true, test: { name: 'clients', include: [CLIENTS], globalSetup: './test/clients/startWorld.ts', isolate: false } },
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
      { extends: true, test: { name: 'worlds', include: [WORLDS], isolate: false } },
    ],
  },
})
