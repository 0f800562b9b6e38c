import type { Money } from '../money/money.ts'
import type { Fact } from '../ports/books.ts'
import type { RefundContext } from '../refunds/refundContext.ts'
import type { DisputeRecords } from './disputeRecords.ts'

/** What becomes of a dispute whose time passes without evidence: it is lost, or waits for an operator's word. */
export type Unanswered = 'lost' | 'operator'

/** What was counted of what may go without another person; `done` when that stands or never will. */
type Spared = Readonly<{ facts: readonly Fact[]; done: () => void }>

/** What disputes are opened and decided with. `refunds`: what refunds of the same payments are made with. */
export type DisputeContext = Readonly<{
  refunds: RefundContext
  records: DisputeRecords
  unanswered: Unanswered
  /** Undefined where another person has to agree that so much goes. */
  spare: (payee: string, amount: Money) => Spared | undefined
}>
