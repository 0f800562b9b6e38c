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
/** LND's figure counts like so many outcomes of ours: it is what it believes of the route before anything was tried. */
const PRIOR_WEIGHT = 20n

/** What was paid and what failed of late, which teaches how far LND's own figure is to be believed. */
type Outcomes = Readonly<{ ended: bigint; settled: bigint }>

/** A quote as cost terms. */
export function estimateOf(quote: Quote, o: { amountMsat: bigint; outcomes: Outcomes; asset: Asset }): Estimate {
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
    successPpm: learnedPpm(quote.successPpm, o.outcomes),
    secondsToFunds: SECONDS_TO_FUNDS,
    secondsToFail: SECONDS_TO_FAIL,
    available: money(asset, availableMsat),
  }
}

/** LND's chance of success in millionths, drawn towards what our own payments met. */
export function learnedPpm(lndPpm: bigint, { ended, settled }: Outcomes): bigint {
  return (settled * 1_000_000n + lndPpm * PRIOR_WEIGHT) / (ended + PRIOR_WEIGHT)
}
