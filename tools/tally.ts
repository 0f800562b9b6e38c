/** What a runner counted. A skipped test is a failure: in this repository every test runs, or the step says what it lacks. */
export type Tally = Readonly<{ passed: number; failed: number; skipped: number }>

/** Hardhat's own summary lines: "12 passing", "1 failing", "2 skipped". */
export function tallyOfHardhat(output: string): Tally {
  const count = (word: string): number => Number(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'm').exec(withoutColour(output))?.[1] ?? 0)
  return { passed: count('passing'), failed: count('failing'), skipped: count('skipped') }
}

type VitestReport = Readonly<{
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
}>

/** The report of vitest's json reporter. A run that failed without a failed test (a file that does not load) counts as one failure. */
export function tallyOfVitest(json: string): Tally {
  const report = JSON.parse(json) as VitestReport // Vitest's documented shape; a missing number would show as NaN in the total.
  const failed = report.numFailedTests === 0 && !report.success ? 1 : report.numFailedTests
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests }
}

/**
 * A runner's tally once its exit code is known: a runner that fails without saying of which test, that skips, or that finds nothing to run
 * has failed.
 */
export function judge(tally: Tally, exitCode: number | null): Tally {
  const failed = tally.failed + tally.skipped
  const silent = failed === 0 && (exitCode !== 0 || tally.passed === 0)
  return { ...tally, failed: silent ? 1 : failed }
}

/** "12 passed, 0 failed": the last line of every run, and what .ci/run adds up. */
export function showTotal(tallies: readonly Tally[]): string {
  const sum = (key: 'passed' | 'failed'): number => tallies.reduce((total, tally) => total + tally[key], 0)
  return `${sum('passed')} passed, ${sum('failed')} failed`
}

function withoutColour(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '')
}
