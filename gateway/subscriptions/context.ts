import type { ReceiptSigner } from '../audit/receipt/receipt.ts'
import type { Asset } from '../money/asset.ts'
import type { Splits } from '../parties/party/splits.ts'
import type { Intents } from '../payins/intent/intents.ts'
import type { Books, Claim } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import type { RateSource } from '../ports/rates.ts'
import type { PlanRecords, SubscriptionRecords } from './records.ts'
import type { Subscription } from './subscription.ts'

/** Fields first, then a sentence, as pino takes them. */
type Log = Readonly<Record<'warn' | 'error', (fields: object, text: string) => void>>

/** What every step needs. */
export type SubscriptionContext = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  usd: Asset
  rates: RateSource
  receipts: ReceiptSigner
  splits: Splits
  intents: Pick<Intents, 'create' | 'get' | 'cancel'>
  plans: PlanRecords
  records: SubscriptionRecords
  log: Log
}>

/** Each fact of a subscription takes the next turn, so that a step and an order at once, in whatever processes, are one after the other. */
export function turnOf({ id, turn }: Subscription, as: string): Claim {
  return { key: `subscription:${id}:turn:${turn}`, fingerprint: as }
}
