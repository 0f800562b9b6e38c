import { GatewayError } from '../../errors/gatewayError.ts'
import { USD } from '../../money/asset.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { Price } from '../../seller/price.ts'

/**
 * Requests of a route may be paid by vouchers of one channel. `step`: of a route that is paid by its use, how much of a stream is paid for at a time, in USD;
 * its whole maximum unless said.
 */
export type SessionOption = true | Readonly<{ step?: Money | Price }>

/** In USD; none where the whole price is one step. */
export type SessionTerms = Readonly<{ step: Money | undefined }>

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
