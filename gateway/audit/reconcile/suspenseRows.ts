import { accounts } from '../../ledger/journal/accounts.ts'
import { type Money, money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import { type VerifyRow, verifyRow } from './verifyRow.ts'

/** What is compared: our accounts of suspense, with the list of what waits there; and what open disputes hold, with the account of each. */
export type SuspenseSides = Readonly<{
  books: Books
  waiting: () => readonly Readonly<{ rail: RailName; amount: Money }>[]
  reserved: () => readonly Readonly<{ dispute: string; amount: Money }>[]
}>

/** A row for each account of suspense and each open dispute: each unit in it belongs to something that an operator is shown. */
export function suspenseRows(sides: SuspenseSides): VerifyRow[] {
  return [...waitingRows(sides), ...reservedRows(sides)]
}

function waitingRows({ books, waiting }: SuspenseSides): VerifyRow[] {
  const items = waiting()
  return books.accounts('suspense').map(({ path, asset, creditsPosted, debitsPosted }) => {
    const here = items.filter((item) => accounts.suspense(item.rail) === path && item.amount.asset.id === asset.id)
    const listed = here.reduce((sum, { amount }) => sum + amount.units, 0n)
    return verifyRow(path, money(asset, creditsPosted - debitsPosted), money(asset, listed), [])
  })
}

/** Of those that are decided a row stands only where something is left, which is a break. */
function reservedRows({ books, reserved }: SuspenseSides): VerifyRow[] {
  const open = new Map(reserved().map(({ dispute, amount }) => [accounts.dispute(dispute), amount]))
  const here = books.accounts('dispute').flatMap(({ path, asset, creditsPosted, debitsPosted }): VerifyRow[] => {
    const held = open.get(path)?.asset.id === asset.id ? open.get(path)!.units : 0n
    const units = creditsPosted - debitsPosted
    return held === 0n && units === 0n ? [] : [verifyRow(path, money(asset, units), money(asset, held), [])]
  })
  const met = new Set(here.map(({ account }) => account))
  const without = [...open].filter(([path, { units }]) => units > 0n && !met.has(path))
  return [...here, ...without.map(([path, amount]) => verifyRow(path, money(amount.asset, 0n), amount, []))]
}
