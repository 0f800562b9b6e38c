import type { Money } from '../money/money.ts'
import type { EntryId, ExchangeId, IntentId, PartyId, PayoutId } from '../ports/ids.ts'
import type { Metadata } from '../ports/metadata.ts'
import type { Destination } from '../ports/sender.ts'

/**
 * Paid by an invoice whose payment waits at our node. `amount` is what the payer is asked for in the rail's asset, `fee` the part of it that covers the
 * payout's cost. `holdableMs` is how long the node was asked to be able to wait.
 */
export type HeldPay = Readonly<{
  kind: 'hold'
  hash: string
  invoice: string
  network: string
  amount: Money
  fee: Money
  expiresAt: number
  holdableMs: number
}>

/** Paid by a payment intent, whose payment is final when it is booked. `refundTo`: where it goes back to; the party's balance when it is empty. */
export type IntentPay = Readonly<{
  kind: 'intent'
  intent: IntentId
  amount: Money
  expiresAt: number
  refundTo: readonly Destination[]
  refund: PayoutId
}>

/** The payout that the payment is for. `worstMs`: how long its slowest way may take to be certain. */
export type ExchangeLeg = Readonly<{
  payout: PayoutId
  amount: Money
  destinations: readonly Destination[]
  reference: string
  worstMs: number
}>

/** `none` until the payout is made; then as the payout's own facts say. `moving`: a try has no outcome yet, so money may have moved. */
export type LegState = 'none' | 'idle' | 'moving' | 'settled' | 'failed'

/** The payment that waits, as it was taken into the books. `excess` is what came above the amount. */
type Held = Readonly<{ at: number; decideBy: number; entry: EntryId; excess: Money }>

export type ReturnReason = 'too_late' | 'insufficient_liquidity' | 'payout_failed' | 'no_key'

/**
 * What a person should look at.
 * - `taken_in_doubt`: the time to decide ran out while the payout had no outcome, so the payment was taken.
 * - `payout_failed_after`: the payment was taken, and the payout failed: its amount stands on the party's balance.
 * - `payment_lost`: the node gave the payment back although the payout was made: the operator's capital bears it.
 * - `paid_after_end`: a payment came after the exchange had ended; it stands on the party's balance.
 */
export type ExchangeException = 'taken_in_doubt' | 'payout_failed_after' | 'payment_lost' | 'paid_after_end'

/**
 * An exchange as the journal's facts make it. `paid`: the payment is ours (taken, or an intent's settlement booked). `released`: the payment went back, or
 * was never made. `credited`: the payout's amount went to the party's balance instead. `covered`: the operator's capital bore the payout.
 */
export type Exchange = Readonly<{
  id: ExchangeId
  party: PartyId
  createdBy: string
  createdAt: number
  metadata?: Metadata
  pay: HeldPay | IntentPay
  leg: ExchangeLeg
  held: Held | undefined
  legState: LegState
  paid: boolean
  doubted: boolean
  lost: boolean
  released: ReturnReason | 'unpaid' | undefined
  credited: boolean
  covered: boolean
  refund: 'none' | 'open' | 'settled' | 'failed'
  exceptions: readonly ExchangeException[]
}>

export type ExchangeStatus =
  | 'awaiting_payment'
  | 'held'
  | 'paying_out'
  | 'taking_payment'
  | 'returning_payment'
  | 'completed'
  | 'returned'
  | 'credited'
  | 'expired'

const ENDS: ReadonlySet<ExchangeStatus> = new Set(['completed', 'returned', 'credited', 'expired'])

/** Where an exchange stands, in one word. */
export function statusOf(x: Exchange): ExchangeStatus {
  if (x.released === 'unpaid') return 'expired'
  if (x.released || x.refund === 'settled') return 'returned'
  if (x.credited || x.refund === 'failed') return 'credited'
  if (x.covered) return 'completed'
  if (x.legState === 'settled' && x.paid) return 'completed'
  if (x.legState === 'settled') return x.lost ? 'paying_out' : 'taking_payment'
  if (x.legState === 'failed') return x.pay.kind === 'intent' && !hasRefund(x.pay) ? 'credited' : 'returning_payment'
  if (x.legState !== 'none') return 'paying_out'
  return x.held || x.paid ? 'held' : 'awaiting_payment'
}

/** True when nothing is left to be done. */
export function isEnded(x: Exchange): boolean {
  return ENDS.has(statusOf(x))
}

export function hasRefund(pay: IntentPay): boolean {
  return pay.refundTo.length > 0
}
