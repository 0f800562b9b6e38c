// Needs npm only: `npm start` and `npm run demo` as a new user has them, in a folder of their own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

const ROOT = join(import.meta.dirname, '../..')
const LONG_MS = 600_000

let folder: string
let started: ChildProcess
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-demo-'))
  started = spawn(process.execPath, [...NODE_FLAGS, join(ROOT, 'app/cli/main.ts'), 'dev', '--port', '0'], { cwd: folder, stdio: 'ignore' })
})
afterAll(async () => {
  const ended = once(started, 'exit')
  if (started.exitCode === null && started.kill('SIGINT')) await ended
  rmSync(folder, { recursive: true, force: true })
}, LONG_MS)

test('the demo explains its payouts, verifies the ledger, ends with a refund and tells the story of that payment, an event a line', {
  timeout: LONG_MS,
}, async () => {
  await expect.poll(() => started.exitCode ?? existsSync(join(folder, '.switchyard/local.json')), { timeout: LONG_MS }).toBe(true)
  const program = join(ROOT, 'world/customers/demo.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, program], { cwd: folder, encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('demo:')])
  const [, intent] = /^intent (pi_[0-9a-f]{32}) is paid over lightning/m.exec(stdout) ?? []
  const [, refund] = /^giving back .*, refund (rf_[0-9a-f]{32}), out of:$/m.exec(stdout) ?? []
  const story = [...stdout.matchAll(/^ {2}(\d{4}-\S+Z) {2}(evt_[0-9a-f]{20}) {2}(\S+) +(\S+)/gm)].map(([, at, id, type, subject]) => ({
    at: at!,
    id: id!,
    told: `${type} ${subject}`,
  }))
  const told = story.map((one) => one.told)
  expect(story.map(({ id }) => id)).toEqual(story.map(({ id }) => id).toSorted())
  expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).toSorted())
  const steps = [
    `payment_intent.created ${intent}`,
    `payment_intent.settled ${intent}`,
    `refund.created ${refund}`,
    `refund.sent ${refund}`,
  ]
  const last = [`refund.succeeded ${refund}`, `payment.refunded ${intent}`]
  expect(told.filter((one) => [...steps, ...last].includes(one))).toEqual([...steps, ...last])
  expect(told.filter((one) => one.startsWith('payout.settled'))).toHaveLength(1)
  expect(stdout.match(/every balance agrees/g)).toHaveLength(2)
  // Each of the three payouts: its terms, its verdict, and what it came to; then what was learned.
  expect(stdout.match(/^ {2}1\. .*: the least full expected cost\.\n {5}chance 0\.\d+; in USD: .*unknown /gm)).toHaveLength(3)
  expect(stdout.match(/^ {2}came to: It cost /gm)).toHaveLength(3)
  expect(stdout).toMatch(/^ {2}lightning {2}BTC {2}\d+ tr(y|ies), chance of the next 0\.\d+/m)
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('verified again, with what was given back: every balance agrees')
})
