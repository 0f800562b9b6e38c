import type { ExchangeView } from '../../exchange/view.ts'
import { formatAmount, type Money } from '../../money/money.ts'
import type { Party } from '../../parties/party/parties.ts'
import type { Split } from '../../parties/party/splits.ts'
import type { Intent } from '../../payins/intent/intent.ts'
import type { OfferDecisionView } from '../../payins/intent/offerDecisionView.ts'
import type { OfferRefusal } from '../../payins/offer/refusalOf.ts'
import type { VoucherClaim } from '../../payins/vouchers/claimVouchers.ts'
import type { BatchView } from '../../payouts/batch/view.ts'
import type { DecisionView } from '../../payouts/deciding/decisionView.ts'
import type { Gain } from '../../payouts/netting/gain.ts'
import { type MemberView, viewGain } from '../../payouts/netting/view.ts'
import type { PayoutView } from '../../payouts/payoutState/view.ts'
import type { QuoteView } from '../../payouts/quotes/view.ts'
import type { AccountBalance } from '../../ports/books.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import { writeBitcoinUri } from '../../wallets/bitcoinUri/writeBitcoinUri.ts'
import { payView } from './payView.ts'

/** What callers see: snake_case, amounts as decimal strings of whole units, times in RFC 3339. */
export function moneyView(amount: Money): { asset: string; amount: string } {
  return { asset: amount.asset.id, amount: formatAmount(amount) }
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}

export function intentView(intent: Intent, refusals: readonly OfferRefusal[] = []) {
  return {
    id: intent.id,
    object: 'payment_intent',
    status: intent.status,
    exception: intent.exception,
    amount: moneyView(intent.amount),
    [intent.payee.kind]: intent.payee.id,
    seller: intent.about.seller ?? null,
    description: intent.about.description ?? null,
    order_id: intent.about.orderId ?? null,
    return_url: intent.about.returnUrl ?? null,
    embed_origins: intent.about.embedOrigins ?? [],
    origin: intent.origin ?? null,
    // Why these offers, in this order: GET /v1/decisions/:id.
    decision: intent.decision?.id ?? null,
    metadata: intent.metadata,
    created_at: time(intent.createdAt),
    expires_at: time(intent.expiresAt),
    offers: intent.offers.map((o) => ({
      id: o.id,
      rail: o.rail,
      amount: moneyView(o.amount),
      full_price: moneyView(o.fullPrice),
      rail_cost: moneyView(o.railCost),
      expires_at: time(o.expiresAt),
      pay: payView(o.wire),
    })),
    uri: uriOf(intent),
    // Where a person pays it: a path on this gateway.
    page: `/pay/${intent.id}`,
    ...(refusals.length > 0 ? { not_offered: refusals.map(({ rail, reason }) => ({ rail, reason })) } : {}),
    paid: intent.paid
      ? {
          rail: intent.paid.rail,
          amount: moneyView(intent.paid.amount),
          credited: moneyView(intent.paid.credited),
          at: time(intent.paid.at),
          receipt: intent.paid.receipt,
        }
      : null,
    surplus: intent.surplus.map((s) => ({ rail: s.rail, amount: moneyView(s.amount), reason: s.reason })),
  }
}

/** One `bitcoin:` URI for every wallet (BIP 321); null when the intent cannot be paid over Lightning. */
function uriOf({ offers }: Intent): string | null {
  const offer = offers.find(({ wire }) => wire.kind === 'bolt11')
  return offer?.wire.kind === 'bolt11' ? writeBitcoinUri({ amount: offer.amount, lightning: offer.wire.invoice }) : null
}

/** What a payer reads of an intent: what it costs, how it is paid and whether it is. Metadata, payee and troubles are the seller's. */
export function payableView(intent: Intent) {
  const { id, object, status, amount, seller, description, expires_at, offers, uri, page, paid } = intentView(intent)
  return { id, object, status, amount, seller, description, expires_at, offers, uri, page, paid }
}

/** Whether a split pays this party. */
export function isPayee({ payees }: Pick<Split, 'payees'>, party: string): boolean {
  return payees.some((p) => p.party === party)
}

export function splitView(split: Split) {
  return {
    id: split.key,
    object: 'split',
    split_id: split.splitId,
    root: split.tree.root,
    total_shares: split.tree.totalShares.toString(),
    metadata_hash: split.tree.metadataHash,
    metadata: split.metadata ?? {},
    payees: split.payees.map((p) => ({
      party: p.party,
      account: p.account,
      paid_by: p.inBooks ? ('books' as const) : ('contract' as const),
      shares: p.shares.toString(),
    })),
    created_at: time(split.createdAt),
  }
}

/** One transaction of vouchers. */
export function claimView(rail: EvmRailName, { closer, rows, value, cost, outcome }: VoucherClaim) {
  return {
    rail,
    closer,
    vouchers: rows,
    value: moneyView(value),
    expected_cost: moneyView(cost),
    outcome: outcome.kind,
    ...(outcome.kind === 'settled' ? { evidence: outcome.evidence.id, cost: moneyView(outcome.fee) } : {}),
    ...(outcome.kind === 'failed' ? { reason: outcome.reason } : {}),
  }
}

export function partyView(party: Party, balances: readonly AccountBalance[], netted?: Gain) {
  const netting = netted && viewGain(netted)
  return {
    id: party.id,
    object: 'party',
    name: party.name,
    metadata: party.metadata ?? {},
    top_up_reference: party.reference ?? null,
    balances: balances.map((b) => ({
      asset: b.asset.id,
      code: b.asset.code,
      available: formatAmount({ asset: b.asset, units: b.creditsPosted - b.debitsPosted - b.debitsPending }),
      held: formatAmount({ asset: b.asset, units: b.debitsPending }),
      coming: formatAmount({ asset: b.asset, units: b.creditsPending }),
    })),
    ...(netting && { netting }),
    created_at: time(party.createdAt),
  }
}

/** A payout in the API's spelling; the names in its metadata are its maker's own. */
export function payoutView(payout: PayoutView | MemberView) {
  const { metadata, ...rest } = payout
  return { object: 'payout', ...(snakeKeys(rest) as object), id: payout.id, metadata }
}

/** A batch of payouts in the API's spelling. */
export function batchView(batch: BatchView) {
  const { metadata, ...rest } = batch
  return { object: 'payout_batch', ...(snakeKeys(rest) as object), id: batch.id, metadata }
}

/** A quote in the API's spelling. */
export function quoteView(quote: QuoteView) {
  const { metadata, ...rest } = quote
  return { object: 'quote', ...(snakeKeys(rest) as object), id: quote.id, metadata }
}

/** An exchange in the API's spelling. */
export function exchangeView(exchange: ExchangeView) {
  const { metadata, ...rest } = exchange
  return { object: 'exchange', ...(snakeKeys(rest) as object), id: exchange.id, metadata }
}

/** A decision in the API's spelling. */
export function decisionView(decision: DecisionView) {
  return { object: 'decision', ...(snakeKeys(decision) as object), id: decision.id }
}

/** Why an intent offers what it does, in the API's spelling. */
export function offerDecisionView(decision: OfferDecisionView) {
  return { object: 'offer_decision', ...(snakeKeys(decision) as object), id: decision.id }
}

/** camelCase keys as snake_case, all the way down; values stay. */
export function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), snakeKeys(v)]))
}
