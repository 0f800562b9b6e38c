import type { AccountPath } from '../../ports/books.ts'
import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { EntryId, IntentId, PayoutId, ReceiptId, RefundId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'

/** `units` of what was paid, `left` what can still be given back; `by` whose key asked for it; `metadata` is the seller's own. */
type GivenData = Readonly<{
  units: string
  left: string
  entry: EntryId
  reason: string
  by: string
  metadata: Readonly<Record<string, string>>
}>

/** Until refunds were things of their own: a seller gave back what a served request had paid. Read for ever, and written no more. */
type GivenFact = FactOf<'refund.given', ReceiptId, GivenData>

/** How it goes back: to the balance that paid, to a place that is known, or to where its payer says by the link. */
export type Way =
  | Readonly<{ kind: 'balance'; account: AccountPath }>
  | Readonly<{ kind: 'to'; to: Destination }>
  | Readonly<{ kind: 'link' }>

/** `units` of an asset that were taken from there; `share` of them at the rate of the payment, which what the payee had of it is less by. */
type SourceData = Readonly<{ from: AccountPath; asset: string; units: string; share: string }>

/**
 * `request`: the receipt of a paid request, or the intent. `units` of `asset` go back; `over` of them had come above the price, and waited. `place`:
 * how many refunds the payment had before.
 */
export type RefundCreatedData = Readonly<{
  request: ReceiptId | IntentId
  receipt: ReceiptId
  place: number
  rail: RailName
  payee: string
  parties: readonly string[]
  asset: string
  units: string
  over: string
  paid: string
  refunded: string
  left: string
  sources: readonly SourceData[]
  way: Way
  entry: EntryId
  expiresAt: number
  reason: string
  by: string
  metadata: Readonly<Record<string, string>>
  dispute?: string
}>

export type RefundEnd = 'succeeded' | 'failed' | 'expired' | 'canceled'

/** What becomes of a refund, by its id. `refund.sent`: a payout was made for it. `refund.reopened`: what had been paid came back. */
export type RefundFact =
  | FactOf<'refund.created', RefundId, RefundCreatedData>
  | FactOf<'refund.sent', RefundId, Readonly<{ request: string; try: PayoutId; to: Destination }>>
  | FactOf<'refund.reopened', RefundId, Readonly<{ request: string }>>
  | FactOf<'refund.ended', RefundId, Readonly<{ request: string; outcome: RefundEnd; returned: string; by: string }>>

const kinds = factKinds<GivenFact | RefundFact>({
  'refund.given': true,
  'refund.created': true,
  'refund.sent': true,
  'refund.reopened': true,
  'refund.ended': true,
})

export const toRefundFact = kinds.write

/** Undefined for what is told of an earlier way to give back, too. */
export function readRefundFact(fact: Parameters<typeof kinds.read>[0]): RefundFact | undefined {
  const known = kinds.read(fact)
  return known?.type === 'refund.given' ? undefined : known
}

export function readGivenFact(fact: Parameters<typeof kinds.read>[0]): GivenFact | undefined {
  const known = kinds.read(fact)
  return known?.type === 'refund.given' ? known : undefined
}
