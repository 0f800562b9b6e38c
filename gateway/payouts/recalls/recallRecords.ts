import { type Records, recordsOf } from '../../ledger/process/recordsOf.ts'
import type { Books, Fact } from '../../ports/books.ts'
import { readFact as readPayoutFact } from '../payoutState/facts.ts'
import { evolve, type HeardFact } from './evolve.ts'
import { readFact } from './facts.ts'
import { isOpen, type Recall } from './recall.ts'

/**
 * What the journal says of recalls, by their ids and by the payout and the attempt that they are about: of several the newest. Make it before the books start.
 * `endedKept`: see `createOrderedRecords`.
 */
export function createRecallRecords(books: Books, { endedKept }: { endedKept?: number } = {}): Records<Recall> {
  return recordsOf<Recall, HeardFact>({
    books,
    name: 'recall.store',
    form: 1,
    read,
    idOf: (fact, named) => (isOwn(fact) ? fact.id : named(fact.id)?.id),
    evolve,
    isOpen,
    names: (fact) => (fact.type === 'recall.asked' ? [fact.data.payout, fact.data.attempt] : []),
    endedKept,
  })
}

const isOwn = (fact: HeardFact) => fact.type.startsWith('recall.')

function read(fact: Fact): HeardFact | undefined {
  const known = readPayoutFact(fact)
  return known?.type === 'payout.returned' || known?.type === 'attempt.failed' ? known : readFact(fact)
}
