import type { Money } from '../../money/money.ts'
import type { ChallengeOffer } from '../../payins/challenge/challengeOffer.ts'
import type { Hex } from '../../ports/ids.ts'
import { railKind } from '../../ports/railName.ts'
import type { OfferTerms } from '../../ports/receiver.ts'
import type { PaidFaces } from './paidFaces.ts'

/** So long what chains cost and which of them answer is not asked again: a 402 more costs them nothing. */
const KEPT_MS = 1_000

type Route = Readonly<{
  price: Money
  ref: Hex
  description: string
  splitId: Hex
  upto?: true
  evm: () => Promise<readonly OfferTerms[]>
}>

/**
 * What chains offer for the price of a route: the one that costs all sides least first, and none that does not answer now. The terms are those that proofs
 * are checked with. They name nothing of a request, so they are asked for when a rate has changed, and else once a second at most.
 */
export function chainOffers(faces: PaidFaces, { evm, ...asked }: Route): () => Promise<readonly ChallengeOffer[]> {
  const { clock, rates, usd } = faces.ground
  const chains = faces.payins.receivers.filter((receiver) => railKind(receiver.rail) === 'evm')
  let kept: Readonly<{ at: number; rates: string; offers: Promise<readonly ChallengeOffer[]> }> | undefined

  function ratesNow(): string {
    return chains
      .map(({ asset }) => rates.rate(usd, asset))
      .map(({ num, den }) => `${num}/${den}`)
      .join()
  }

  async function ask(now: number): Promise<readonly ChallengeOffer[]> {
    const { offers } = await faces.payins.makeOffers({ ...asked, expiresAt: now, rails: ['evm'], inCompany: true })
    const known = await evm()
    return offers.flatMap(({ terms, value, collecting: { costNano } }) =>
      known.filter(({ rail }) => rail === terms.rail).map((one) => ({ ...one, price: value, costNano })),
    )
  }

  return () => {
    const now = clock.now()
    const current = ratesNow()
    if (kept && now < kept.at + KEPT_MS && kept.rates === current) return kept.offers
    kept = { at: now, rates: current, offers: ask(now) }
    return kept.offers
  }
}
