import { GroundError } from '../errors/groundError.ts'
import type { PaidBid } from './wallet.ts'

/**
 * What counts beside the price. `only` forces ways to pay, by rail (`lightning`, `evm`, `evm:8453`, `book`) or protocol (`x402`, `mpp`, `l402`, `balance`).
 * `scarcityPpm` is what it costs to take all that a wallet holds, in millionths of the amount, and less in proportion: 1,000 unless it is said.
 */
export type PayPolicy = Readonly<{ only?: readonly string[]; scarcityPpm?: bigint }>

/** As the gateway's own router reckons for its rails. */
export const SCARCITY_PPM = 1_000n

/** Throws `unsafe_configuration` for one that cannot be meant. */
export function checkPolicy({ only, scarcityPpm = 0n }: PayPolicy): void {
  if (only?.length !== 0 && scarcityPpm >= 0n) return
  throw new GroundError('unsafe_configuration', 'The policy allows nothing, or calls scarce money cheap', {
    hint: "Name what policy.only allows, such as ['lightning'], or leave it out; policy.scarcityPpm is 0n or more.",
  })
}

/** True where the policy lets this way be taken. */
export function allowsWay({ only }: PayPolicy, { rail, offer }: Pick<PaidBid, 'rail' | 'offer'>): boolean {
  const names = [rail, rail.split(':')[0], offer.split(' ')[0]]
  return only === undefined || names.some((name) => name !== undefined && only.includes(name))
}
