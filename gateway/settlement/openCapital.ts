import type { Asset } from '../money/asset.ts'
import { sameAsset } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Books, Fact, Leg } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import type { EntryId } from '../ports/ids.ts'
import type { RailName } from '../ports/outcome.ts'
import type { Statement } from '../ports/statement.ts'
import { accounts } from './accounts.ts'
import { move } from './legs.ts'

/**
 * Books what each rail holds on the very first start as the operator's own money: liquidity to convert with, in the pairs with the asset of balances,
 * the rest as capital. From then on a rail and the ledger differ only by what happened, so every later difference is an alarm.
 */
export async function openCapital(o: {
  books: Books
  clock: Clock
  ids: IdSource
  statements: readonly Readonly<{ rail: RailName; statement: Statement }>[]
  bookAsset: Asset
  /** Other assets that are converted to and from the asset of balances. */
  others: readonly Asset[]
}): Promise<void> {
  if (o.books.claim('capital:opened')) return
  const legs: Leg[] = []
  const facts: Fact[] = []
  const at = o.clock.now()
  for (const { rail, statement } of o.statements) {
    const balances = await statement.balances()
    for (const b of balances) legs.push(...opening(accounts.rail(rail, b.place), b.amount.asset, b.amount.units, o))
    const cursor = balances.find((b) => b.cursor !== undefined)?.cursor
    if (cursor !== undefined) facts.push({ type: 'settlement.booked', id: `${rail}:opening`, at, data: { rail, cursor, kind: 'opening' } })
  }
  await o.books.submit({
    claims: [{ key: 'capital:opened', fingerprint: 'opened' }],
    facts,
    ...(legs.length > 0 ? { entry: { id: o.ids.next('en_') as EntryId, payment: 'capital', legs } } : {}),
  })
}

function opening(path: string, asset: Asset, units: bigint, o: { bookAsset: Asset; others: readonly Asset[] }): Leg[] {
  if (units === 0n) return []
  if (o.others.some((other) => sameAsset(other, asset))) return [move(path, accounts.fx(asset, o.bookAsset), money(asset, units))]
  if (!sameAsset(asset, o.bookAsset) || o.others.length === 0) return [move(path, accounts.capital('operator'), money(asset, units))]
  // The asset of balances is divided over its pairs; what does not divide goes to the first.
  const each = units / BigInt(o.others.length)
  return o.others.map((other, i) => {
    const part = i === 0 ? units - each * BigInt(o.others.length - 1) : each
    return move(path, accounts.fx(other, o.bookAsset), money(asset, part))
  })
}
