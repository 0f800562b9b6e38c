import { describe, expect, test } from 'vitest'
import { judge, showTotal, tallyOfHardhat, tallyOfVitest } from './tally.ts'

test('Hardhat’s summary is read, with colours and without', () => {
  expect(tallyOfHardhat('Running\n\n  12 passing\n  1 failing\n  2 skipped\n')).toEqual({ passed: 12, failed: 1, skipped: 2 })
  expect(tallyOfHardhat('\u001b[32m  3 passing\u001b[39m\n')).toEqual({ passed: 3, failed: 0, skipped: 0 })
  expect(tallyOfHardhat('  \u001b[32m3 passing\u001b[39m\n').passed).toBe(3)
  expect(tallyOfHardhat('HHE27')).toEqual({ passed: 0, failed: 0, skipped: 0 })
})

test('vitest’s report is read, and a file that does not load is a failure', () => {
  const report = { success: false, numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 2 }
  expect(tallyOfVitest(JSON.stringify(report))).toEqual({ passed: 5, failed: 1, skipped: 3 })
  expect(tallyOfVitest(JSON.stringify({ ...report, numFailedTests: 4 })).failed).toBe(4)
  expect(tallyOfVitest(JSON.stringify({ ...report, success: true })).failed).toBe(0)
})

describe('a runner has failed when', () => {
  test.each([
    ['a test failed', { passed: 9, failed: 2, skipped: 0 }, 1, 2],
    ['a test was skipped', { passed: 9, failed: 0, skipped: 1 }, 0, 1],
    ['it found nothing to run', { passed: 0, failed: 0, skipped: 0 }, 0, 1],
    ['it says nothing and its exit code does', { passed: 9, failed: 0, skipped: 0 }, 1, 1],
    ['it was killed', { passed: 9, failed: 0, skipped: 0 }, null, 1],
  ])('%s', (_, tally, exitCode, failed) => {
    expect(judge(tally, exitCode).failed).toBe(failed)
  })

  test('and not when all that ran passed', () => {
    expect(judge({ passed: 9, failed: 0, skipped: 0 }, 0).failed).toBe(0)
  })
})

test('the total is one line over all runners', () => {
  const tally = { passed: 2, failed: 1, skipped: 0 }
  expect(showTotal([tally, tally])).toBe('4 passed, 2 failed')
  expect(showTotal([])).toBe('0 passed, 0 failed')
})
