import { min } from '../../money/integers.ts'
import type { Authorization } from '../../ports/receiver.ts'
import type { Runner } from './runner.ts'

/** What is known so long before an authorization ends can be collected. */
const COLLECT_MS = 30_000
const MS_PER_S = 1_000

/** Until when (ms) it has to be known what is taken of an authorization that ends at `validBefore` (seconds). */
export function chargeBy(validBefore: bigint): number {
  return Number(validBefore) * MS_PER_S - COLLECT_MS // not money: a time
}

/** Who runs work that is collected afterwards has to say what it used while its authorization can still be collected. */
export function collectable(runner: Runner | undefined, { validBefore }: Authorization, now: number): Runner | undefined {
  return runner && { name: runner.name, withinMs: min(runner.withinMs, chargeBy(validBefore) - now) }
}
