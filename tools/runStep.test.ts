import { expect, test } from 'vitest'
import { runStep } from './runStep.ts'
import { tallyOfHardhat } from './tally.ts'

const node = (script: string): [string, ...string[]] => ['node', '-e', script]

test('a check that ends with 0 has passed and counts nothing', async () => {
  const result = await runStep({ name: 'check', command: node('process.exit(0)') })
  expect(result).toMatchObject({ ok: true, tally: { passed: 0, failed: 0, skipped: 0 } })
})

test('a check that fails counts as one failure and keeps what it said, on both streams', async () => {
  const result = await runStep({ name: 'check', command: node("console.log('one'); console.error('two'); process.exit(3)") })
  expect(result).toMatchObject({ ok: false, tally: { failed: 1 } })
  expect(result.output).toContain('one')
  expect(result.output).toContain('two')
})

test('a program that is not there has failed', async () => {
  const result = await runStep({ name: 'check', command: ['switchyard-has-no-such-program'] })
  expect(result.ok).toBe(false)
  expect(result.output).toContain('could not be started')
})

test('a runner’s count is read from its output, and its exit code is not forgotten', async () => {
  const runner = { name: 'runner', tally: tallyOfHardhat }
  expect(await runStep({ ...runner, command: node("console.log('  7 passing')") })).toMatchObject({
    ok: true,
    tally: { passed: 7, failed: 0 },
  })
  expect(await runStep({ ...runner, command: node("console.log('  7 passing'); process.exit(1)") })).toMatchObject({
    ok: false,
    tally: { failed: 1 },
  })
})

test('a runner that leaves no report has failed', async () => {
  const tally = (): never => {
    throw new Error('no report')
  }
  expect(await runStep({ name: 'runner', command: node(''), tally })).toMatchObject({ ok: false, tally: { passed: 0, failed: 1 } })
})

test('a step that does not end is stopped at its deadline, with what it started', async () => {
  const script =
    "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)"
  // The grandchild holds the pipe open: without its end this would not resolve.
  const result = await runStep({ name: 'hangs', command: node(script) }, { deadlineMs: 500 })
  expect(result.ok).toBe(false)
  expect(result.output).toContain('did not end within')
})
