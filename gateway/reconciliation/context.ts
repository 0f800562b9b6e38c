import type { RowKind } from '../audit/matching/rows.ts'
import type { Asset } from '../money/asset.ts'
import type { Money } from '../money/money.ts'
import type { Books } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import type { RailName } from '../ports/railName.ts'
import type { ClosedDays } from '../ports/statement.ts'
import type { BreakRecords } from './breakRecords.ts'
import type { ExpectedRows } from './expected.ts'

/** What may differ at a rail without anybody looking: the books follow it by an entry of its own. */
export type RailTolerance = Readonly<{ rail: RailName; kind: RowKind; amount: Money }>

/** A rail that closes its days. */
export type ClosingRail = Readonly<{ rail: RailName; days: ClosedDays }>

/** What every run needs. */
export type ReconciliationContext = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  assetOf: (id: string) => Asset
  records: BreakRecords
  expected: ExpectedRows
  closing: readonly ClosingRail[]
  tolerances: readonly RailTolerance[]
  log: Readonly<Record<'warn' | 'error', (fields: object, text: string) => void>>
  /** Until a line that nothing explains is looked at again: the ledger may be about to book it. */
  lookAgainMs: number
}>
