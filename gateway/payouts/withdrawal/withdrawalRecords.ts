import { type Records, recordsOf } from '../../ledger/process/recordsOf.ts'
import type { Asset } from '../../money/asset.ts'
import type { Books } from '../../ports/books.ts'
import { evolve } from './evolve.ts'
import { readFact, type WithdrawalFact } from './facts.ts'
import type { Withdrawal } from './withdrawal.ts'

type WithdrawalRecords = Records<Withdrawal>

/** What the journal says of withdrawals. Make it before the books start. `endedKept`: see `createOrderedRecords`. */
export function createWithdrawalRecords(
  books: Books,
  assetOf: (id: string) => Asset,
  { endedKept }: { endedKept?: number } = {},
): WithdrawalRecords {
  return recordsOf<Withdrawal, WithdrawalFact>({
    books,
    name: 'withdrawal.store',
    form: 2,
    read: readFact,
    idOf: ({ id }) => id,
    evolve: (known, fact) => evolve(known, fact, assetOf),
    isOpen: ({ status }) => status === 'begun',
    endedKept,
  })
}
