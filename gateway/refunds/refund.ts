import { BTC, sameAsset } from '../money/asset.ts'
import { ceilDiv } from '../money/integers.ts'
import type { Owed } from '../payins/refund/owed.ts'
import type { PayoutView } from '../payouts/payoutState/view.ts'
import type { Hex, PayoutId, ReceiptId } from '../ports/ids.ts'
import type { InvoiceReader } from '../ports/invoiceReader.ts'
import { type EvmRailName, type RailName, railKind } from '../ports/railName.ts'
import type { Destination } from '../ports/sender.ts'
import type { GivenRefund } from './givenRefund.ts'

const ID_DIGITS = 32
/** The milliseconds at the head of a UUIDv7, and its version. */
const TIME_DIGITS = 13

/**
 * `none`: the work was delivered, or its payees hold the money. `due`: something waits. `paying`: it is on its way, and nothing else waits. `unknown`: whether
 * it arrived is not known, and it is looked up, never paid again. `refunded`: it has left.
 */
type RefundState = 'none' | 'due' | 'paying' | 'unknown' | 'refunded'

/** The account that an authorization was signed by. What comes from there goes back there. */
type PaidFrom = Readonly<{ rail: EvmRailName; account: Hex }>

/** What the holder of a link is told. `id` and `k1` open it; `tries` are the payouts made for it, the first one first. */
export type Refund = Readonly<{
  id: string
  k1: string
  receipt: ReceiptId
  rail: RailName
  payee: string
  state: RefundState
  owed: Owed | undefined
  from: PaidFrom | undefined
  tries: readonly PayoutView[]
  /** What a payee gave back, where that is what the link opens; and what an invoice for it is over, in msat, when one can be paid now. */
  given?: GivenRefund
  invoiceMsat?: bigint | undefined
}>

/** `payment` is the claim of its proof: that of an authorization names chain, token or contract, account and nonce. */
export function paidFrom({ rail, payment }: Readonly<{ rail: RailName; payment: string }>): PaidFrom | undefined {
  const account = /^evm:\d+:[^:]+:(0x[0-9a-f]{40}):/i.exec(payment)?.[1]
  if (railKind(rail) !== 'evm' || account === undefined) return undefined
  return { rail: rail as EvmRailName, account: account as Hex } // Both were looked at.
}

export function refundState(owed: Owed | undefined, tries: readonly PayoutView[]): RefundState {
  if (!owed) return 'none'
  if (owed.isGone) return 'refunded'
  if (owed.underWay.units === 0n) return 'due'
  return tries.some(({ status }) => status === 'outcome_unknown') ? 'unknown' : 'paying'
}

/** What an invoice may be over at most, in msat; undefined when it cannot be fetched by one now. */
export function fetchableMsat({ rail, owed }: Pick<Refund, 'rail' | 'owed'>): bigint | undefined {
  if (rail !== 'lightning' || !owed || owed.isGone || owed.underWay.units > 0n || !sameAsset(owed.left.asset, BTC)) return undefined
  return owed.left.units > 0n ? owed.left.units : undefined
}

/** What is fetched of so much at once at least: half, so that few payments, each of which has its fee, fetch all of it. */
export function leastOf(left: bigint): bigint {
  return ceilDiv(left, 2n)
}

/** The try that has paid to it or may: the same invoice shown twice is paid once. `nameOf`: one word for one payee, however it is written. */
export function standingTry(
  tries: readonly PayoutView[],
  wanted: Destination,
  nameOf: (to: Destination) => string,
): PayoutView | undefined {
  const name = nameOf(wanted)
  return tries.find(({ status, destinations: [to] }) => status !== 'failed' && status !== 'returned' && to && nameOf(to) === name)
}

/** The name of a try, which it has before it is made, so that of two at once only one is: a payout's id, as old as its receipt. */
export function tryId(receipt: ReceiptId, digest: string): PayoutId {
  const time = receipt.slice('rc_'.length, 'rc_'.length + TIME_DIGITS)
  return `po_${time}${digest.slice(0, ID_DIGITS - TIME_DIGITS)}`
}

/** One word for one payment: that of an invoice is its hash, however the invoice is written. */
export function payeeName(to: Destination, readInvoice: InvoiceReader): string {
  if (to.kind !== 'lightning_invoice') return JSON.stringify(to)
  const read = readInvoice(to.invoice)
  return typeof read === 'string' ? to.invoice : `refund:invoice:${read.paymentHash}`
}
