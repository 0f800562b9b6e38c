import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { commandRun } from './commandRun.ts'
import { type Lost, lossy } from './lossyServer.ts'

const BLOCKS_MAX = 64
/** Above the limit, and short enough to be here whole before any of it is written. */
const SHORT = 60_000
/** The JSON names a file of it. */
const LONG = 3_000_000

test.each([
  ['into a file', SHORT, ['--output', 'answer', '--json']],
  ['into a file, in words', LONG, ['--output', 'answer']],
  ['of the JSON', LONG, ['--json']],
])('an answer %s on a full disk is exit code 3, and the same words with room again pay nothing', async (_, bytes, where) => {
  const cwd = mkdtempSync(join(tmpdir(), 'switchyard-full-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  writeFileSync(join(cwd, 'wallet.json'), JSON.stringify({ evm: { key: `0x${'42'.repeat(32)}` } }), { mode: 0o600 })
  const lost: Lost = { proofs: [], answer: (__, response) => void response.end('x'.repeat(bytes)) }
  const { url, close } = await lossy(lost)
  onTestFinished(close)
  const words = ['pay', url, '--max', '0.01', '--wallet', 'wallet.json', ...where]
  const env = { TMPDIR: cwd }
  const before = readdirSync(cwd)
  const full = await commandRun(words, { cwd, env, blocksMax: BLOCKS_MAX })
  expect([full.code, full.out, full.err]).toEqual([3, '', expect.stringMatching(/could not be written.*Type the same again/s)])
  if (where.includes('--json')) expect(JSON.parse(full.err)).toMatchObject({ code: 'outcome_unknown', receipt: { rail: 'evm:84532' } })
  expect(readdirSync(cwd).filter((name) => !before.includes(name) && /answer/.test(name))).toEqual([])
  const again = await commandRun(words, { cwd, env })
  expect([again.code, lost.proofs.length, new Set(lost.proofs).size]).toEqual([0, 2, 1])
  const next = await commandRun([...words, '--output', 'next'], { cwd, env })
  expect([next.code, new Set(lost.proofs).size]).toEqual([0, 2])
})
