import { GatewayError } from '../../errors/gatewayError.ts'
import { min } from '../../money/integers.ts'
import type { Authorization } from '../../ports/receiver.ts'
import { OFFER_LIFE_MS } from './replay.ts'
import type { Runner } from './runner.ts'

/** What is known so long before an authorization ends can be collected. */
const COLLECT_MS = 30_000
/** What a client that signs for the life of its offer may have lost of it until it is read, by its clock or its line. */
const LATE_MS = 60_000
const MS_PER_S = 1_000

/** Until when (ms) it has to be known what is taken of an authorization that ends at `validBefore` (seconds). */
export function chargeBy(validBefore: bigint): number {
  return Number(validBefore) * MS_PER_S - COLLECT_MS // not money: a time
}

/**
 * Who runs work that is collected afterwards has to say what it used while its authorization can still be collected. Throws `proof_expires_soon` where that
 * leaves less time than the work may take, as far as an offer's life has so much: a payer who signs for less would have it done for nothing.
 */
export function collectable(runner: Runner | undefined, { validBefore }: Authorization, now: number): Runner | undefined {
  if (!runner) return undefined
  const leftMs = chargeBy(validBefore) - now
  if (leftMs < min(runner.withinMs, OFFER_LIFE_MS - COLLECT_MS - LATE_MS))
    throw new GatewayError(
      'proof_expires_soon',
      `the authorization ends at ${validBefore}, and the work that it pays may take ${runner.withinMs / MS_PER_S} seconds`,
      { hint: 'Sign with the expiry of the offer.' },
    )
  return { name: runner.name, withinMs: min(runner.withinMs, leftMs) }
}
