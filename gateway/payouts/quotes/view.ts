import { NANO_USD } from '../../costs/nanoUsd.ts'
import { add, formatAmount, type Money } from '../../money/money.ts'
import type { PayoutId, QuoteId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Destination } from '../../ports/sender.ts'
import { type RateData, readMoneyData } from '../payoutState/facts.ts'
import { type MoneyView, viewMoney } from '../payoutState/view.ts'
import type { QuoteBearer, QuoteData, QuoteSide } from './facts.ts'
import { type LockedQuote, statusAt } from './quote.ts'

/** What was converted, and by what: `num` smallest units of `to` for `den` of `from`, as the market said it. */
type RateView = Readonly<{ from: string; to: string; num: string; den: string; observedAt: string; source: string }>
type WayView = Readonly<{ rail: string; destination: number; rank?: number; costUsd?: string; reason?: string; detail?: string }>

/** A quote as the API shows it: JSON-ready, amounts as decimal strings, times in ISO 8601. */
export type QuoteView = Readonly<{
  id: QuoteId
  status: LockedQuote['status']
  party: string
  side: QuoteSide
  /** All that leaves the balance: `amount` for the payee, and `fee`. */
  send: MoneyView
  amount: MoneyView
  fee: MoneyView
  receive: MoneyView
  feeBearer: QuoteBearer
  railCost: MoneyView
  gas: MoneyView
  spread: MoneyView
  spreadPpm: string
  rate?: RateView
  rail: string
  destination: number
  ways: readonly WayView[]
  destinations: readonly Destination[]
  metadata: Metadata
  createdBy: string
  createdAt: string
  expiresAt: string
  sendBy: string
  payout?: PayoutId
}>

export function viewQuote(quote: LockedQuote, now: number): QuoteView {
  const { id, party, side, feeBearer, rail, destination, destinations, metadata = {}, createdBy, rate, payout } = quote
  const shown = (data: QuoteData['amount']) => viewMoney(readMoneyData(data))
  return {
    id,
    status: statusAt(quote, now),
    party,
    side,
    send: viewMoney(sentOf(quote)),
    amount: shown(quote.amount),
    fee: shown(quote.fee),
    receive: shown(quote.receive),
    feeBearer,
    railCost: shown(quote.railCost),
    gas: shown(quote.gas),
    spread: shown(quote.spread),
    spreadPpm: quote.spreadPpm,
    ...(rate && { rate: viewRate(rate) }),
    rail,
    destination,
    ways: quote.ways.map(viewWay),
    destinations,
    metadata,
    createdBy,
    createdAt: time(quote.createdAt),
    expiresAt: time(quote.expiresAt),
    sendBy: time(quote.sendBy),
    ...(payout && { payout }),
  }
}

/** All that leaves the balance when the quote is used and paid. */
export function sentOf({ amount, fee }: Pick<QuoteData, 'amount' | 'fee'>): Money {
  return add(readMoneyData(amount), readMoneyData(fee))
}

function viewRate({ observedAt, ...rate }: RateData): RateView {
  return { ...rate, observedAt: time(observedAt) }
}

function viewWay({ costNano, ...way }: QuoteData['ways'][number]): WayView {
  return costNano === undefined ? way : { ...way, costUsd: formatAmount({ asset: NANO_USD, units: BigInt(costNano) }) }
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}
