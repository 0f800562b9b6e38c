import type { Asset } from '../money/asset.ts'
import type { Money } from '../money/money.ts'
import type { Parties } from '../parties/party/parties.ts'
import type { PayinsFace } from '../payins/openPayins.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { Books } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import type { RateSource } from '../ports/rates.ts'
import type { ActionRecords } from './actionRecords.ts'

/** What every step needs. `aloneMax`: what one operator does alone, in USD. */
export type SuspenseContext = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  rates: RateSource
  usd: Asset
  aloneMax: Money
  records: ActionRecords
  parties: Pick<Parties, 'get'>
  payouts: Pick<Payouts, 'create' | 'check' | 'ofAttempt' | 'byHand'>
  log: Readonly<Record<'warn' | 'error', (fields: object, text: string) => void>>
}> &
  Pick<PayinsFace, 'settlements' | 'intents' | 'givenToIntent'>
