// `npm test`, `npm run test:full` and `npm run test:long`: the steps in order, one line each, stopping at the first that fails. The last line alone is the
// total.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NODE_FLAGS } from '../gateway/ports/nodeFlags.ts'
import { runStep, type Step, type StepResult } from './runStep.ts'
import { showTotal, tallyOfHardhat, tallyOfVitest } from './tally.ts'

/** Of all long tests together. */
const LONG_DEADLINE_MS = 3 * 3_600_000

const reports = mkdtempSync(join(tmpdir(), 'switchyard-tests-'))

function vitestStep(name: string, ...args: string[]): Step {
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`)
  const command = ['vitest', 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`] as const
  return { name, command, tally: () => tallyOfVitest(readFileSync(report, 'utf8')) }
}

/** Tests and mocks of contracts are left out: they break rules on purpose. */
const SHIPPED_CONTRACTS = ['contracts/*.sol', 'contracts/hub/*.sol', 'contracts/interfaces/*.sol'] as const

/** Steps that run at the same time. */
type SideBySide = readonly Step[]

/** Not through its link in .bin, which would start Node without our flags. */
const HARDHAT = 'node_modules/hardhat/dist/src/cli.js'

/**
 * Everything that needs npm only. The cheap ones first; the runners one after the other, because they share two cores. Vitest is two steps, each with its own
 * time: files with a process of their own, and those that share one.
 */
const STEPS: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings', '--colors=off', '.'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'solidity lint', command: ['solhint', '--disc', '--max-warnings', '0', '-c', 'contracts/.solhint.json', ...SHIPPED_CONTRACTS] },
  { name: 'solidity', command: ['node', ...NODE_FLAGS, HARDHAT, 'test', 'solidity'], tally: tallyOfHardhat },
  vitestStep('vitest', '--project', 'alone', '--project', 'clients', '--project', 'worlds'),
  vitestStep('vitest, sharing', '--project', 'sharing'),
]

/** The address of a TigerBeetle cluster, for the suite that npm can bring no server for. */
const TIGERBEETLE = process.env.SWITCHYARD_TIGERBEETLE

const BUILD_LND: Step = { name: 'build lnd', command: ['node', ...NODE_FLAGS, 'test/full/lnd/buildNodes.ts'], live: true }

/** At a time: most of what a file does is to wait for the programs that it started. */
const TWO_FILES = ['--maxWorkers', '2'] as const

/**
 * The first three run test/full: what takes minutes, and what needs programs from outside npm (its README says which); the last two of them install first.
 * LND is built once into the user's cache folder, which takes minutes of a processor; beside it npm waits for the registry, and one file runs at a time.
 */
const FULL_STEPS: readonly (Step | SideBySide)[] = [
  vitestStep('full, standing', '--config', 'test/full/vitest.config.ts', '--project', 'standing', ...TWO_FILES),
  vitestStep('full, foreign', '--config', 'test/full/vitest.config.ts', '--project', 'foreign', ...TWO_FILES),
  [BUILD_LND, vitestStep('full, installed', '--config', 'test/full/vitest.config.ts', '--project', 'installed')],
  vitestStep('lnd', '--config', 'test/full/lnd/vitest.config.ts'),
  ...(TIGERBEETLE ? [vitestStep('tigerbeetle', '--config', 'test/tigerbeetle/vitest.config.ts')] : []),
]

/** `vitest long` runs test/long: what takes more than five minutes by itself, and is run by hand. LND and aperture are built once into the user's cache. */
const LONG_STEPS: readonly Step[] = [
  BUILD_LND,
  { name: 'build aperture', command: ['node', ...NODE_FLAGS, 'test/long/aperture/buildAperture.ts'], live: true },
  { ...vitestStep('vitest long', '--config', 'test/long/vitest.config.ts'), deadlineMs: LONG_DEADLINE_MS },
]

/** What did not run, and what would make it run. */
const FULL_LEFT_OUT: readonly string[] = TIGERBEETLE
  ? []
  : ['tigerbeetle       did not run: SWITCHYARD_TIGERBEETLE names no server (host:port; see docs/ledger-engines.md)']

/** "ok    vitest             512 passed, 0 failed   93.1 s" */
function showStep({ step, ok, tally, seconds }: StepResult): string {
  const counts = step.tally ? showTotal([tally]) : ''
  return `${ok ? 'ok  ' : 'FAIL'}  ${step.name.padEnd(16)} ${counts.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s`
}

async function main(steps: readonly (Step | SideBySide)[], leftOut: readonly string[]): Promise<number> {
  const results: StepResult[] = []
  for (const next of steps) {
    const ended = await Promise.all([next].flat().map((step) => runStep(step)))
    results.push(...ended)
    for (const result of ended) {
      if (!result.ok) console.log(result.output)
      console.log(showStep(result))
    }
    if (!ended.every(({ ok }) => ok)) break
  }
  const left = steps.flat().length - results.length
  if (left > 0) console.log(`${left} step(s) after it did not run`)
  for (const line of leftOut) console.log(`--    ${line}`)
  console.log(showTotal(results.map(({ tally }) => tally)))
  return results.every(({ ok }) => ok) ? 0 : 1
}

try {
  process.exitCode = await (process.argv.includes('--full')
    ? main(FULL_STEPS, FULL_LEFT_OUT)
    : main(process.argv.includes('--long') ? LONG_STEPS : STEPS, []))
} finally {
  rmSync(reports, { recursive: true, force: true })
}
