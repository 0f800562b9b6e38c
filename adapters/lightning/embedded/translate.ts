import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Asset } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { Outcome } from '../../../gateway/ports/outcome.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import type { Destination, Estimate } from '../../../gateway/ports/sender.ts'
import type { RailBalance } from '../../../gateway/ports/statement.ts'
import { roomMsat } from '../roomMsat.ts'
import type { NodeHoldings } from './coins/nodeHoldings.ts'
import type { AttemptRow } from './payments/attempts.ts'
import type { NodeEvent, NodePlace } from './payments/nodeEvents.ts'
import type { Payee } from './payments/paymentTerms.ts'
import type { NodeQuote } from './process/nodeCalls.ts'

const CHECK_AFTER_MS = 1_000
/** An HTLC that fails costs nothing. A payment takes part of a second; one that fails tries three more routes before it says so. */
const SECONDS_TO_FUNDS = 1n
const SECONDS_TO_FAIL = 3n
/** Room above the quoted fee, for a route that was dearer than the one found first: half of it, and one base fee. */
const FEE_ROOM_DIVISOR = 2n
const FEE_ROOM_MSAT = 1_000n
/** More than a closing may cost at regtest's fee rate, with all the dust that was in flight; what is dearer is an alarm. */
const CLOSING_COST_MSAT_MAX = 50_000_000n

/** An attempt as the node remembers it, in the domain's words. `carried` is false when LDK does not know a payment we think is pending. */
export function outcomeOf(attempt: AttemptRow, asset: Asset, carried = true): Outcome {
  const { state, paymentHash, preimage, reason, detail } = attempt
  if (state === 'settled') {
    const evidence = { rail: 'lightning', id: paymentHash, at: msOf(attempt.endedAt), ...(preimage ? { proof: preimage } : {}) } as const
    return { kind: 'settled', evidence, fee: money(asset, attempt.feeMsat) }
  }
  if (state === 'failed') return { kind: 'failed', reason: reason ?? 'rejected_by_rail', ...(detail ? { detail } : {}) }
  if (carried) return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail: 'the payment is under way' }
  return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, stuck: true, detail: 'the node does not carry a payment it should' }
}

/** What is not known because the node could not be asked, or not to the end: what it said before still holds. */
export function unknownOutcome(detail: string): Outcome {
  return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, silent: true, detail }
}

/** Money that came in, where the payment hash is its id, because a hash is claimed once; or that moved or was spent at another place. */
export function settlementOf(event: NodeEvent, asset: Asset): Settlement {
  const { kind, id, seq, place, toPlace, amountMsat, at, preimage } = event
  invariant(kind !== 'sent', 'a payment that we sent is told by its outcome')
  const moved = { kind, id, cursor: String(seq), rail: 'lightning', place, amount: money(asset, amountMsat), at: msOf(at) } as const
  if (kind === 'received' && place === 'node') {
    return { ...moved, reference: event.reference, proof: preimage, ...(event.records.length > 0 ? { records: event.records } : {}) }
  }
  return toPlace === undefined ? moved : { ...moved, toPlace }
}

/** Each place's balance, with what explains its difference to the ledger. */
export function railBalancesOf(holdings: NodeHoldings, asset: Asset, at: number): RailBalance[] {
  const { ownMsat, outgoingMsat, outgoingAttempts, claimedMsat, closing, walletMsat, seq } = holdings
  const place = (name: NodePlace, units: bigint, lines: readonly Line[]): RailBalance => ({
    place: name,
    amount: money(asset, units),
    at,
    cursor: String(seq),
    inFlight: lines.filter(({ units }) => units !== 0n).map(({ units, ...line }) => ({ ...line, amount: money(asset, units) })),
  })
  const { leavingMsat = 0n, leavingAttempts: payments = [] } = closing ?? {}
  const leaving = { what: 'of closed channels whose payments have not ended', units: leavingMsat, payments }
  const balances = [
    place('node', ownMsat, [
      { what: 'outgoing payments without an outcome, fees included', units: outgoingMsat, payments: outgoingAttempts },
      { what: 'received, its HTLC not yet removed from the channel', units: claimedMsat },
      leaving,
    ]),
  ]
  if (closing) {
    const allowed = closing.closings * CLOSING_COST_MSAT_MAX
    const cost = { what: 'costs of closing, booked when they are final', units: closing.costMsat < allowed ? closing.costMsat : allowed }
    balances.push(place('closing', closing.chainMsat, [{ ...leaving, units: -leavingMsat }, cost]))
  }
  if (walletMsat !== undefined) balances.push(place('wallet', walletMsat, []))
  return balances
}

type Line = Readonly<{ what: string; units: bigint; payments?: readonly string[] }>

/** A quote as cost terms. */
export function estimateOf(quote: NodeQuote, amountMsat: bigint, asset: Asset): Estimate {
  const { route, availableMsat, successPpm, refusal } = quote
  if (refusal !== undefined) return { kind: 'impossible', reason: 'rejected_by_rail', detail: refusal }
  if (route === undefined) {
    const tooMuch = amountMsat > availableMsat
    const detail = tooMuch ? `${availableMsat} msat can leave now` : 'the node finds no route to the payee'
    if (!tooMuch) return { kind: 'impossible', reason: 'no_route', detail }
    return { kind: 'impossible', reason: 'insufficient_liquidity', detail, upTo: money(asset, roomMsat(availableMsat)) }
  }
  return {
    kind: 'possible',
    fee: money(asset, route.feeMsat),
    feeMax: money(asset, route.feeMsat + route.feeMsat / FEE_ROOM_DIVISOR + FEE_ROOM_MSAT),
    failureFee: money(asset, 0n),
    successPpm,
    secondsToFunds: SECONDS_TO_FUNDS,
    secondsToFail: SECONDS_TO_FAIL,
    available: money(asset, availableMsat),
    route: { hops: route.hops, lockBlocks: route.cltvBlocks },
  }
}

/** The payee inside a destination this rail serves, or undefined. */
export function payeeOf(destination: Destination): Payee | undefined {
  if (destination.kind === 'lightning_invoice') return { kind: 'invoice', invoice: destination.invoice }
  if (destination.kind === 'lightning_offer') return { kind: 'offer', offer: destination.offer }
  if (destination.kind === 'lightning_node') {
    const { nodeId, records } = destination
    return { kind: 'node', nodeId, ...(records ? { records } : {}) }
  }
  return undefined
}

function msOf(at: bigint): number {
  return Number(at) // not money: a time in ms
}
