import type { Asset } from '../../money/asset.ts'
import type { Books } from '../../ports/books.ts'
import { type Withdrawal, withdrawalAfter } from './withdrawal.ts'

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
      if (!fact.type.startsWith('withdrawal.')) return
      const now = withdrawalAfter(all.get(fact.id), fact, assetOf)
      if (!now) return
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
