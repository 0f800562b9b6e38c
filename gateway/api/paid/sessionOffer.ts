import { max, min } from '../../money/integers.ts'
import { convert } from '../../money/rate.ts'
import { type ChallengeOffer, evmOffers, type SessionOffer } from '../../payins/challenge/challengeOffer.ts'
import { depositMin } from '../../payins/vouchers/openVoucherChannel.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { PricedRoute } from './pricedRoute.ts'

/** A session's challenge is for a whole conversation; what a request costs is looked up each time, and is never more than it says. */
const SESSION_LIFE_MS = 86_400_000
/** What is suggested as a deposit covers so many requests. */
const REQUESTS_DEPOSITED = 100n

/** The sessions that a 402 of this route offers, on the chains that it shows. */
export function sessionOffers(faces: PaidFaces, route: PricedRoute, offers: readonly ChallengeOffer[]): readonly SessionOffer[] {
  const { session, passDigest, upto } = route
  const chains = faces.payins.channels?.chains
  const { clock, rates, usd } = faces.ground
  if (!session || !chains) return []
  return evmOffers(offers).flatMap((offer) => {
    const chain = chains.find(({ rail }) => rail === offer.rail)
    if (!chain) return []
    const { units } = offer.amount
    const step = session.step && convert(session.step, rates.rate(usd, chain.asset), 'up').units
    const least = depositMin(chain, rates).units
    const whole = { depositMin: least, suggestedDeposit: max(least, units * REQUESTS_DEPOSITED) }
    const [stepUnits, last] = step === undefined ? [units, 0n] : [min(step, units), units % step]
    // The last step of a maximum may be smaller.
    const deltaMin = last > 0n ? last : stepUnits
    const expiresAt = clock.now() + SESSION_LIFE_MS
    return [{ ...offer, ...whole, expiresAt, route: passDigest, closer: chain.place.closer, step: stepUnits, deltaMin, metered: upto }]
  })
}
