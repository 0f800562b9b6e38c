import type { Asset } from '../../money/asset.ts'
import type { Books } from '../../ports/books.ts'
import { evolve } from './evolve.ts'
import { readFact } from './facts.ts'
import type { Withdrawal } from './withdrawal.ts'

export type WithdrawalRecords = Readonly<{
  get: (id: string) => Withdrawal | undefined
  /** Without an end, in the order in which they began. */
  open: () => readonly Withdrawal[]
  /** The newest first. */
  newest: (limit: number) => readonly Withdrawal[]
}>

/** What the journal says of withdrawals. Make it before the books start. */
export function createWithdrawalRecords(books: Books, assetOf: (id: string) => Asset): WithdrawalRecords {
  const all = new Map<string, Withdrawal>()
  const open = new Map<string, Withdrawal>()

  function index(now: Withdrawal): void {
    if (now.status === 'begun') open.set(now.id, now)
    else open.delete(now.id)
  }

  books.remember({
    ...{ name: 'withdrawal.store', form: 1, tables: { all } },
    apply(fact) {
      const ours = readFact(fact)
      if (!ours) return
      const now = evolve(all.get(ours.id), ours, assetOf)
      all.set(now.id, now)
      index(now)
    },
    derive() {
      open.clear()
      for (const withdrawal of all.values()) index(withdrawal)
    },
  })

  return {
    get: (id) => all.get(id),
    open: () => [...open.values()],
    newest: (limit) => [...all.values()].slice(-limit).reverse(),
  }
}
