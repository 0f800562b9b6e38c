import type { Asset } from '../money/asset.ts'
import type { Splits } from '../parties/party/splits.ts'
import type { Intents } from '../payins/intent/intents.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { PayoutLog } from '../payouts/payoutState/context.ts'
import type { Books, Claim } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import type { HoldInvoices } from '../ports/holdInvoices.ts'
import type { ExchangeId } from '../ports/ids.ts'
import type { RateSource } from '../ports/rates.ts'
import type { ExchangeRecords } from './exchangeRecords.ts'
import type { HoldSecrets } from './holdSecrets.ts'
import type { ExchangePolicy } from './policy.ts'

/** What every step needs. `holds` is undefined where no backend can hold. */
export type ExchangeContext = Readonly<{
  books: Books
  holds: HoldInvoices | undefined
  secrets: HoldSecrets
  payouts: Pick<Payouts, 'create' | 'quote' | 'members'>
  intents: Pick<Intents, 'create'>
  splits: Pick<Splits, 'house'>
  rates: RateSource
  clock: Clock
  ids: IdSource
  usd: Asset
  /** The asset of balances. */
  bookAsset: Asset
  policy: ExchangePolicy
  log: PayoutLog
  records: ExchangeRecords
}>

/** A payment is taken into the books once, and an exchange is closed once, whatever comes in late. */
export function once(id: ExchangeId, what: 'held' | 'lost' | 'closed', as: string): Claim {
  return { key: `exchange:${id}:${what}`, fingerprint: as }
}
