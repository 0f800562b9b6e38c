import type { DecisionData } from '../payoutState/facts.ts'
import { type Payout, triesOf } from '../payoutState/payout.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'

type Planned = Readonly<{ quoted: readonly QuotedCandidate[]; planned?: DecisionData['planned'] }>

/**
 * The candidates with what the plan of the payout's batch says of its first try: every other way costs so much more as its fellows lose when it takes one of
 * those. So the planned way is tried first as long as its price holds, and where it does not, or is shut, the payout goes the way that is best for it.
 */
export function asPlanned(payout: Payout, quoted: readonly QuotedCandidate[]): Planned {
  const { planned } = payout
  if (!planned || triesOf(payout) > 0) return { quoted }
  const { rail, destination, preferNano } = planned
  const judged = quoted.map((one): QuotedCandidate => {
    const { candidate } = one
    if (candidate.kind === 'impossible' || (candidate.rail === rail && candidate.destination === destination)) return one
    const preference = (candidate.beside?.preferenceNano ?? 0n) + preferNano
    return { ...one, candidate: { ...candidate, beside: { ...candidate.beside, preferenceNano: preference } } }
  })
  return { quoted: judged, planned: { rail, destination, preferNano: preferNano.toString() } }
}
