import type { Money } from '../../money/money.ts'
import type { AttemptId, PayoutId } from '../../ports/ids.ts'
import { accountRail, type RailName } from '../../ports/railName.ts'
import { railPlace } from '../payoutState/entries.ts'
import { type AttemptState, openAttempt, type Payout } from '../payoutState/payout.ts'

/**
 * Money that a rail may have sent and the books still show there: what explains a difference between the two. `feeMax` bounds what the fee may add;
 * it is zero when fees come by the rail's own stream.
 */
export type OpenTry = Readonly<{
  rail: RailName
  place: string
  what: string
  amount: Money
  feeMax: Money
  names: readonly string[]
  payout: PayoutId
  attempt: AttemptId
  since: number
  stuck: boolean
}>

/** Every try without an outcome, and every settled one that could not be booked. */
export function inFlightOf(payouts: readonly Payout[]): OpenTry[] {
  return payouts.flatMap((payout): OpenTry[] => {
    const open = openAttempt(payout)
    if (open) return named(payout, open, 'sent, outcome not known yet')
    const settled = payout.attempts.at(-1)
    return settled && payout.exceptions.includes('not_booked') ? named(payout, settled, 'settled, not booked') : []
  })
}

function named(payout: Payout, attempt: AttemptState, what: string): OpenTry[] {
  const { rail, amount, id, sentAt, stuck, feeMax, railKey } = attempt
  if (rail === 'book') return []
  const fee = attempt.feesComeBy === 'outcome' ? feeMax : { asset: feeMax.asset, units: 0n }
  const names = railKey === undefined ? [id] : [id, railKey]
  const about = { names, payout: payout.id, attempt: id, since: sentAt, stuck }
  return [{ rail: accountRail(rail), place: railPlace(rail), what: `payout ${payout.id}: ${what}`, amount, feeMax: fee, ...about }]
}
