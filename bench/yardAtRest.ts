// What the local world with its gateway takes until it is ready, and what all its processes take of a core while nobody asks them anything.
import { setTimeout as sleep } from 'node:timers/promises'
import { startYard } from '../packages/dev/testing.ts'
import { childrenOf, processCpu, totalOf } from './processCpu.ts'

/** Longer than the chains stay awake after their last transaction. */
const SETTLE_MS = 40_000
const REST_MS = 60_000

export async function run(): Promise<void> {
  const begun = performance.now()
  const yard = await startYard({ onStep: (line) => console.log(`  ${seconds(begun)} s  ${line}`) })
  const readyMs = descendants(process.pid).reduce((sum, pid) => sum + totalOf(processCpu(pid)), 0)
  console.log(`the yard is ready                     ${seconds(begun)} s, for which its processes worked ${(readyMs / 1_000).toFixed(1)} s`)
  try {
    await sleep(SETTLE_MS)
    const pids = descendants(process.pid)
    const before = pids.map((pid) => totalOf(processCpu(pid)))
    await sleep(REST_MS)
    const used = pids.map((pid, i) => totalOf(processCpu(pid)) - before[i]!)
    const percent = (used.reduce((sum, ms) => sum + ms, 0) / REST_MS) * 100
    console.log(`the yard at rest, ${pids.length} processes          ${percent.toFixed(2)} % of a core over ${REST_MS / 1_000} s`)
  } finally {
    await yard.stop()
  }
}

function descendants(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendants(child)])
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1_000).toFixed(1)
}

if (import.meta.main) await run()
