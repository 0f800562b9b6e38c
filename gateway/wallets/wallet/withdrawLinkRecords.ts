import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import { readWalletFact } from './facts.ts'
import type { WithdrawLink } from './withdrawLink.ts'

/** What the journal says of withdrawal links. */
export function createWithdrawLinkRecords(o: { books: Books; assetOf: (id: string) => Asset }) {
  const byId = new Map<string, WithdrawLink>()
  const canceled = new Set<string>()

  o.books.remember({
    name: 'wallet.withdrawLinks',
    form: 1,
    tables: { byId, canceled },
    apply(fact) {
      const own = readWalletFact(fact)
      if (own?.type === 'withdraw_link.canceled') canceled.add(own.id)
      if (own?.type !== 'withdraw_link.created') return
      const { asset, units, ...rest } = own.data
      byId.set(own.id, { ...rest, id: own.id, budget: money(o.assetOf(asset), BigInt(units)), createdAt: own.at })
    },
  })

  return {
    find: (id: string): WithdrawLink | undefined => byId.get(id),
    isCanceled: (id: string): boolean => canceled.has(id),
  }
}
