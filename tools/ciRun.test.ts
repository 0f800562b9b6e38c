import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-ci-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs .ci/run with an npm that does what the script says; the real one would install and test for minutes. */
function runCi(npm: string): { status: number | null; lines: string[] } {
  const program = join(folder, 'npm')
  writeFileSync(program, `#!/usr/bin/env bash\necho "ran npm $*"\ncase "$*" in\n${npm}\nesac\n`)
  chmodSync(program, 0o755)
  const path = [folder, process.env.PATH].join(delimiter)
  const run = spawnSync('bash', ['.ci/run'], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  })
  return { status: run.status, lines: run.stdout.trimEnd().split('\n') }
}

const ran = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('ran npm'))

test('the totals of all stages are added up on the last line', () => {
  const { status, lines } = runCi(`test) echo '7 passed, 0 failed';; 'run test:full') echo '3 passed, 0 failed';;`)
  expect(status).toBe(0)
  expect(ran(lines)).toEqual(['ran npm ci', 'ran npm test', 'ran npm run test:full'])
  expect(lines.at(-1)).toBe('10 passed, 0 failed')
})

test('the first stage that fails ends the run, with its total', () => {
  const { status, lines } = runCi(`test) echo '7 passed, 2 failed'; echo 'npm said more'; exit 1;;`)
  expect(status).toBe(1)
  expect(ran(lines)).toEqual(['ran npm ci', 'ran npm test'])
  expect(lines.at(-1)).toBe('7 passed, 2 failed')
})

test('an install that fails is one failure', () => {
  const { status, lines } = runCi('ci) exit 5;;')
  expect(status).toBe(5)
  expect(ran(lines)).toEqual(['ran npm ci'])
  expect(lines.at(-1)).toBe('0 passed, 1 failed')
})

test('a stage that ends well but says no total has failed', () => {
  const { status, lines } = runCi(`test) echo 'nothing to do';;`)
  expect(status).toBe(1)
  expect(lines.at(-1)).toBe('0 passed, 1 failed')
})

test('a stage that died after a clean total has failed', () => {
  const { status, lines } = runCi(`test) echo '7 passed, 0 failed'; exit 9;;`)
  expect(status).toBe(9)
  expect(lines.at(-1)).toBe('7 passed, 1 failed')
})
