import type { FailureReason } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'

/**
 * What two ways of one payout share: `rail`, to another destination; `payee`, the same destination by another rail, such as an address on two chains; `both`
 * is the same way, tried again with a change that speaks to why it failed.
 */
type Kinship = 'rail' | 'payee' | 'both'
type Way = Readonly<{ rail: RailName; destination: number }>

/**
 * What is left of the odds of a relative after a failure, in hundredths; what is not named stays as it was. A node that finds no way to one node of a payee
 * seldom finds one to another; a rail that refuses, or has nothing left, does so whoever is paid; an address that is frozen or refused on one chain mostly is
 * on the next. What speaks of one invoice alone says nothing of others.
 */
const ODDS_LEFT: Readonly<Partial<Record<FailureReason, Readonly<Partial<Record<Kinship, number>>>>>> = {
  no_route: { rail: 20, both: 20 },
  fee_above_limit: { rail: 50, both: 50 },
  insufficient_liquidity: { rail: 10, both: 20 },
  rejected_by_rail: { rail: 20 },
  reverted: { rail: 50, payee: 30 },
  rejected_by_payee: { payee: 50, both: 20 },
  invalid_destination: { payee: 30 },
}

function kinshipOf(a: Way, b: Way): Kinship | undefined {
  if (a.rail === b.rail) return a.destination === b.destination ? 'both' : 'rail'
  return a.destination === b.destination ? 'payee' : undefined
}

/** The factor of the odds of a way after one of the same payout has failed for this reason; 1 where that says nothing of it. */
export function oddsAfter(failed: Way & Readonly<{ reason: string }>, way: Way): number {
  const kinship = kinshipOf(failed, way)
  const left = kinship && ODDS_LEFT[failed.reason as FailureReason]?.[kinship] // Reasons of our own are in no row.
  return left === undefined ? 1 : left / 100
}

/** The chance whose odds are a factor of these. */
export function withOdds(chance: number, factor: number): number {
  return (chance * factor) / (1 - chance + chance * factor)
}
