import { GatewayError } from '../../errors/gatewayError.ts'
import { USD } from '../../money/asset.ts'
import { max, min } from '../../money/integers.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import { type ChallengeOffer, evmOffers, type SessionOffer } from '../../payins/challenge/challengeOffer.ts'
import { depositMin } from '../../payins/vouchers/openVoucherChannel.ts'
import type { Price } from '../../seller/price.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { PricedRoute } from './pricedRoute.ts'

/**
 * Requests of a route may be paid by vouchers of one channel. `step`: of a route that is paid by its use, how much of a stream is paid for at a time, in USD; its
 * whole maximum unless said.
 */
export type SessionOption = true | Readonly<{ step?: Money | Price }>

/** In USD; none where the whole price is one step. */
export type SessionTerms = Readonly<{ step: Money | undefined }>

/** A session's challenge is for a whole conversation; what a request costs is looked up each time, and is never more than it says. */
const SESSION_LIFE_MS = 86_400_000
/** What is suggested as a deposit covers so many requests. */
const REQUESTS_DEPOSITED = 100n

/** Throws `seller_misconfigured` for what is no session of a route. */
export function sessionTermsOf(option: SessionOption | undefined, upto: boolean): SessionTerms | undefined {
  if (option === undefined) return undefined
  const stated = option === true ? undefined : option.step
  if (stated && !upto) throw new GatewayError('seller_misconfigured', 'A route with one price has no steps', { hint: HINT })
  const step = stated === undefined || 'units' in stated ? stated : parseAmount(stated.amount, USD)
  if (step && step.units <= 0n) throw new GatewayError('seller_misconfigured', 'A step is more than nothing', { hint: HINT })
  return { step }
}

const HINT = "Write session: true, or with price: { upto: usd('0.50') } session: { step: usd('0.01') }."

/** The sessions that a 402 of this route offers, on the chains that it shows. */
export function sessionOffers(faces: PaidFaces, route: PricedRoute, offers: readonly ChallengeOffer[]): readonly SessionOffer[] {
  const { session, passDigest, upto } = route
  const { chains } = faces.payins
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
