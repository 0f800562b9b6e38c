import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { MUTANTS } from './ledgerMutants.ts'

// Needs nothing from outside npm, only time: each mutant is a run of the ledger's suites.
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = [
  'gateway',
  'adapters/journal/sqlite',
  'adapters/state',
  'test/behavior',
  'test/ledgerModel',
  'test/fixtures',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
]
const SUITES = ['gateway/ledger/machine/machine.test.ts', 'test/behavior/ledgerEngine.test.ts', 'test/behavior/ledgerFuzz.test.ts']
/** Not those on disk, which take most of the time and see the same machine. */
const NAMES = 'the pure machine|the machine|the embedded engine with|whatever is asked'

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'switchyard-mutants-'))
  for (const path of COPIED) {
    mkdirSync(join(copy, path, '..'), { recursive: true })
    cpSync(join(ROOT, path), join(copy, path), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true }))

/** Runs the suites in the copy until the first failure. */
function runSuites(): Readonly<{ passed: boolean; output: string }> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, vitest, 'run', '--bail=1', '-t', NAMES, ...SUITES], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined },
  })
  return { passed: status === 0, output: stdout + stderr }
}

test('the ledger as it is passes in the copy', () => {
  const { passed, output } = runSuites()
  expect(passed, output).toBe(true)
}, 240_000)

test.each(MUTANTS)(
  'it is caught that $name',
  ({ file, find, replace }) => {
    const path = join(copy, 'gateway/ledger', file)
    const sound = readFileSync(path, 'utf8')
    expect(sound.split(find), `what is replaced stands once in ${file}`).toHaveLength(2)
    writeFileSync(
      path,
      sound.replace(find, () => replace),
    )
    try {
      const { passed, output } = runSuites()
      expect(passed, 'no test failed').toBe(false)
      // Caught by an expectation, and not because the copy does not run at all.
      expect(output).toMatch(/AssertionError|invariant broken|Property failed/)
      expect(output).not.toMatch(/SyntaxError|Cannot find/)
    } finally {
      writeFileSync(path, sound)
    }
  },
  240_000,
)
