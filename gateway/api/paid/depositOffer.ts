import { max, min } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import { type DepositOffer, lightningOffer } from '../../payins/challenge/challengeOffer.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import { mayAskForInvoice } from './invoicing.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'

/** A deposit covers so many of what is paid for at a time, as the draft recommends, and one request at least. */
const UNITS_DEPOSITED = 20n
const MS_PER_S = 1_000

/** The session over Lightning that a 402 of this route offers: an invoice of its own, for who may have one. */
export async function depositOffer(faces: PaidFaces, route: PricedRoute, request: AskedRequest): Promise<DepositOffer | undefined> {
  const { session, price, upto, digest, payee, description, passDigest } = route
  const { passes, makeOffers } = faces.payins
  const { rates, usd, clock } = faces.ground
  if (!session || !faces.returns || !passes.hasRoom(route.seller) || !mayAskForInvoice(faces, route, request)) return undefined
  const step = upto && session.step ? money(usd, min(session.step.units, price.units)) : undefined
  const unit = step ?? price
  const whole = money(usd, max(price.units, unit.units * UNITS_DEPOSITED))
  const wanted = {
    price: whole,
    ref: refOf(digest),
    splitId: payee.split.splitId,
    expiresAt: clock.now(),
    description,
    asker: request.asker,
  }
  const { offers } = await makeOffers({ ...wanted, rails: ['lightning'], fromPool: true })
  const offer = lightningOffer(offers.map(({ terms }) => terms))
  if (!offer) return undefined
  const inMsat = (units: bigint) => convert(money(usd, units), rates.rate(usd, offer.amount.asset), 'up').units
  const costs = { unit: step ? ('step' as const) : ('request' as const), perUnit: inMsat(unit.units), most: inMsat(price.units) }
  return { ...offer, ...costs, route: passDigest, price, idleS: passes.deposits.idleMs / MS_PER_S }
}
