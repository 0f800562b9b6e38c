import { accounts } from '../../ledger/journal/accounts.ts'
import { type Money, money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import { type VerifyRow, verifyRow } from './verifyRow.ts'

/** What is compared: our accounts of suspense, with the list of what waits there. */
export type SuspenseSides = Readonly<{ books: Books; waiting: () => readonly Readonly<{ rail: RailName; amount: Money }>[] }>

/** A row for each account of suspense: each unit in it belongs to something that an operator is shown. */
export function suspenseRows({ books, waiting }: SuspenseSides): VerifyRow[] {
  const items = waiting()
  return books.accounts('suspense').map(({ path, asset, creditsPosted, debitsPosted }) => {
    const here = items.filter((item) => accounts.suspense(item.rail) === path && item.amount.asset.id === asset.id)
    const listed = here.reduce((sum, { amount }) => sum + amount.units, 0n)
    return verifyRow(path, money(asset, creditsPosted - debitsPosted), money(asset, listed), [])
  })
}
