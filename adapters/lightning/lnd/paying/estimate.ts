import type { Asset } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import type { Estimate } from '../../../../gateway/ports/sender.ts'
import { roomMsat } from '../../roomMsat.ts'
import type { Quote } from './quote.ts'

/** An HTLC that fails costs nothing. A payment takes part of a second; one that fails has tried other routes before. */
const SECONDS_TO_FUNDS = 1n
const SECONDS_TO_FAIL = 3n
/** Room above the quoted fee, for a route that was dearer than the one found first: half of it, and one base fee. */
const FEE_ROOM_DIVISOR = 2n
const FEE_ROOM_MSAT = 1_000n

/**
 * A quote as cost terms. Its chance is LND's own: how far that is to be believed the gateway learns from what payments met, by whose they were. Counted here
 * one payer would speak for all.
 */
export function estimateOf(quote: Quote, o: { amountMsat: bigint; asset: Asset }): Estimate {
  const { feeMsat, availableMsat } = quote
  const { amountMsat, asset } = o
  if (feeMsat === undefined) {
    const tooMuch = amountMsat > availableMsat
    const detail = tooMuch ? `${availableMsat} msat can leave now` : 'LND finds no route to the payee'
    if (!tooMuch) return { kind: 'impossible', reason: 'no_route', detail }
    return { kind: 'impossible', reason: 'insufficient_liquidity', detail, upTo: money(asset, roomMsat(availableMsat)) }
  }
  return {
    kind: 'possible',
    fee: money(asset, feeMsat),
    feeMax: money(asset, feeMsat + feeMsat / FEE_ROOM_DIVISOR + FEE_ROOM_MSAT),
    failureFee: money(asset, 0n),
    successPpm: quote.successPpm,
    secondsToFunds: SECONDS_TO_FUNDS,
    secondsToFail: SECONDS_TO_FAIL,
    available: money(asset, availableMsat),
  }
}
