import { invariant } from '../../errors/invariant.ts'
import { parseAmount } from '../../money/money.ts'
import { PLAIN_ASSETS } from '../../money/plainAssets.ts'
import type { Fact } from '../../ports/books.ts'
import type { ListedChange } from '../../ports/readLists.ts'
import type { EventSubject } from '../../ports/readModel.ts'
import type { ListBlock } from '../projection/follower.ts'
import type { MoneyText } from '../receipt/moneyText.ts'

/** What a lister may ask about what came before, as events have noted it. */
type ListScene = Readonly<{
  recall: (id: string) => EventSubject | undefined
  /** The parties behind the name of a payee: itself, or those of a split. */
  partiesOf: (payee: string) => readonly string[]
  /** An amount of the API in units of its asset. */
  units: (amount: MoneyText) => NonNullable<ListedChange['amount']>
}>

/** A mapping: what a fact of its rooms changes in lists; nothing for any other fact. It follows from the facts before alone. */
export type Lister = (fact: Fact, scene: ListScene) => readonly ListedChange[]

/** What a block changes in lists: the same blocks give the same changes, however they are batched. */
export function blockLister(listers: readonly Lister[]): ListBlock {
  return (submissions, behind) => {
    const scene: ListScene = {
      recall: behind.subject,
      partiesOf: (payee) => (payee.startsWith('pa_') ? [payee] : (behind.subject(payee.toLowerCase())?.parties ?? [])),
      units({ asset: id, amount }) {
        const asset = PLAIN_ASSETS.get(id) ?? behind.asset(id)
        invariant(asset, `the asset ${id} of a price has an account`)
        return { asset: id, units: parseAmount(amount, asset).units }
      },
    }
    return submissions.flatMap(({ facts = [] }) => inOrder(facts.flatMap((fact) => listers.flatMap((list) => list(fact, scene)))))
  }
}

/** What is said along with a beginning is said of what has begun, whichever fact comes first. */
function inOrder(changes: readonly ListedChange[]): ListedChange[] {
  return [...changes.filter(({ begins }) => begins), ...changes.filter(({ begins }) => !begins)]
}

/** The party of an account of the books, where it is one's. */
export function partyOf(account: string): readonly string[] {
  return account.startsWith('party:') ? [account.slice('party:'.length)] : []
}
