import type { Asset } from '../money/asset.ts'
import type { Money } from '../money/money.ts'
import type { RefundCreatedData, RefundEnd } from '../payins/refund/facts.ts'
import type { AccountPath } from '../ports/books.ts'
import type { PayoutId, ReceiptId, RefundId } from '../ports/ids.ts'
import type { Destination } from '../ports/sender.ts'

/** `idle` until money may have moved; then as the payout's own facts say. `returned`: it was paid, and came back. */
export type TryState = 'idle' | 'moving' | 'unknown' | 'settled' | 'failed' | 'returned'

/** One payout that was made for a refund. */
type RefundTry = Readonly<{ payout: PayoutId; to: Destination; state: TryState }>

/** What it was taken from: `units` of an asset, of which `share` at the rate of the payment. */
type Source = Readonly<{ from: AccountPath; amount: Money; share: bigint }>

/**
 * Money that goes back to a payer, as the journal's facts make it. `amount` is in the asset that was paid, `over` of it what had come above the price;
 * `refunded` and `left` stand as they did when it was made, this one included. `returned`: what was paid came back, and the books do not say so yet.
 */
export type GivenRefund = Readonly<{
  id: RefundId
  data: RefundCreatedData
  amount: Money
  over: bigint
  paid: Money
  refunded: Money
  left: Money
  sources: readonly Source[]
  createdAt: number
  expiresAt: number
  tries: readonly RefundTry[]
  end: Readonly<{ outcome: RefundEnd; at: number }> | undefined
  returned: boolean
}>

export type RefundStatus = 'pending' | 'needs_claim' | 'sending' | 'unknown' | RefundEnd

const OPEN_TRIES: ReadonlySet<TryState> = new Set(['idle', 'moving', 'unknown'])

/** The payout that has no end yet. */
export function openTry({ tries }: Pick<GivenRefund, 'tries'>): RefundTry | undefined {
  const last = tries.at(-1)
  return last && OPEN_TRIES.has(last.state) ? last : undefined
}

/** Where a refund stands, in one word. */
export function refundStatus(refund: GivenRefund): RefundStatus {
  if (refund.end) return refund.end.outcome
  const under = openTry(refund)
  if (under) return under.state === 'unknown' ? 'unknown' : 'sending'
  if (refund.tries.at(-1)?.state === 'settled') return 'sending'
  return refund.tries.length === 0 && refund.data.way.kind === 'to' ? 'pending' : 'needs_claim'
}

/** True while nothing was paid and nothing is on its way, so that another way can be chosen, or none. */
export function isFree(refund: GivenRefund): boolean {
  const status = refundStatus(refund)
  return status === 'pending' || status === 'needs_claim'
}

/** Where the money of a refund waits. */
export function refundAccount({ id }: Pick<GivenRefund, 'id'>): AccountPath {
  return `surplus:${id}`
}

/** Where what came above the price of a payment waits: by its intent, or by its receipt. */
export function overAccount({ request }: Pick<RefundCreatedData, 'request'>): AccountPath {
  return `surplus:${request}`
}

/** The names by which a refund's payment is found. */
export function paymentsOf({
  data: { request, receipt },
}: Pick<GivenRefund, 'data'>): readonly (ReceiptId | RefundCreatedData['request'])[] {
  return request === receipt ? [receipt] : [receipt, request]
}

export function isOf(refund: GivenRefund, party: string): boolean {
  return refund.data.by === party || refund.data.parties.includes(party)
}

export type AssetOf = (id: string) => Asset
