import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

/** Browsers and clients that others wrote, which are installed first. */
const FOREIGN = ['{browser,clients}/**/*.full.ts']
/** What installs our packages into an empty folder first. */
const INSTALLED = ['{next,packages,python,runtimes}/**/*.full.ts', '{commandPackages,yardInTests}.full.ts']

/** The slowest file begins first, so that it is not alone at the end. */
const SLOWEST = 'ledgerKill.full.ts'

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = (await super.sort(files)).filter(({ moduleId }) => !moduleId.endsWith(SLOWEST))
    return [...files.filter(({ moduleId }) => moduleId.endsWith(SLOWEST)), ...rest]
  }
}

export default defineConfig({
  test: {
    root: import.meta.dirname,
    pool: 'forks',
    execArgv: [...NODE_FLAGS],
    maxWorkers: 1,
    globalSetup: './emptyBuild.ts',
    sequence: { sequencer: SlowestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each is a step of its own, with its own time.
    projects: [
      { extends: true, test: { name: 'foreign', include: FOREIGN } },
      { extends: true, test: { name: 'installed', include: INSTALLED } },
      { extends: true, test: { name: 'standing', include: ['**/*.full.ts'], exclude: ['lnd/**', ...FOREIGN, ...INSTALLED] } },
    ],
  },
})
