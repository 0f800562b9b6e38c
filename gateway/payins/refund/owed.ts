import { accounts } from '../../ledger/journal/accounts.ts'
import { type Asset, BTC, sameAsset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'

/** Below one satoshi, in msat, many wallets can ask for nothing. */
const SATOSHI = 1_000n

/** What was put aside for a payer in all, what of it waits, and what is on its way. `isGone`: all has left that a wallet can ask for. */
export type Owed = Readonly<{ total: Money; left: Money; underWay: Money; isGone: boolean }>

/** What is kept under a receipt for its payer, in the first of these assets that anything was put aside in; undefined when nothing ever was. */
export function owedUnder(books: Pick<Books, 'balance'>, receipt: string, assets: readonly Asset[]): Owed | undefined {
  for (const asset of assets) {
    const { creditsPosted, debitsPosted, debitsPending } = books.balance(accounts.surplus(receipt), asset)
    // What its chain took back was not put aside.
    const takenBack = books.balance(accounts.takenBack(receipt), asset).creditsPosted
    const [total, paid] = [creditsPosted - takenBack, debitsPosted - takenBack]
    if (total === 0n) continue
    const left = total - paid - debitsPending
    const crumb = sameAsset(asset, BTC) && paid > 0n ? SATOSHI : 1n
    return {
      total: money(asset, total),
      left: money(asset, left),
      underWay: money(asset, debitsPending),
      isGone: left < crumb && debitsPending === 0n,
    }
  }
  return undefined
}
