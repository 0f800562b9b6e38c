import type { Valuer } from '../../costs/valuer.ts'
import { max, min } from '../../money/integers.ts'
import { ownerOf } from '../fees/purses.ts'
import type { QuotedCandidate } from './candidates.ts'
import type { PayoutContext } from './context.ts'
import { wayOf } from './learnFromTries.ts'
import { worth } from './makeDecision.ts'
import type { Payout } from './payout.ts'

const PPM = 1_000_000
/** Whatever was learned, nothing is certain and nothing is hopeless: what is never tried again is never seen to be well again. */
const LEAST_PPM = 5_000
const MOST_PPM = 999_900

/** The candidates with the chances that earlier tries have taught, in whole millionths: where nothing was learned, and on the book rail, as they are. */
export function withLearned(
  { learned, clock }: Pick<PayoutContext, 'learned' | 'clock'>,
  payout: Payout,
  { quoted, valuer }: Readonly<{ quoted: readonly QuotedCandidate[]; valuer: Valuer }>,
): QuotedCandidate[] {
  const worthNano = worth(payout, valuer)
  const [owner, now] = [ownerOf(payout.behalf), clock.now()]
  return quoted.map((known) => {
    const { candidate, quote } = known
    if (candidate.kind === 'impossible' || candidate.rail === 'book' || !quote) return known
    const { rail, destination } = candidate
    const way = wayOf(payout, { rail, destination, to: quote.amount.asset.code }, worthNano)
    const said = Number(candidate.successPpm) // not money: a chance
    const { mean, weight } = learned.chance(way, { owner, now, word: said / PPM })
    if (weight === 0) return known
    const ppm = Math.round(max(LEAST_PPM, min(mean * PPM, MOST_PPM))) // not money: a chance
    return { candidate: { ...candidate, successPpm: BigInt(ppm) }, quote, railPpm: candidate.successPpm }
  })
}
