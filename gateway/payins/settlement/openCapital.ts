import { isGatewayError } from '../../errors/gatewayError.ts'
import { accounts, CAPITAL } from '../../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Statement } from '../../ports/statement.ts'
import { toSettlementFact } from './facts.ts'
import { move } from './legs.ts'

type Opening = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  statements: readonly Readonly<{ rail: RailName; statement: Statement }>[]
  bookAsset: Asset
  /** Other assets that are converted to and from the asset of balances. */
  others: readonly Asset[]
}>

/**
 * Books what a rail holds when it is first seen, but for what its stream will tell of, as the operator's own money: liquidity to convert with, in the pairs
 * with the asset of balances, the rest as capital. From then on the rail and the ledger differ only by what happened, so every later difference is an alarm.
 * A rail that is added to a running gateway is opened the same way, at its first start.
 */
export async function openCapital(o: Opening): Promise<void> {
  for (const { rail } of o.statements) {
    // A rail that is closed is opened when its stream is first read.
    await openCapitalOf(rail, o).catch((error: unknown) => {
      if (!isGatewayError(error, 'rail_unavailable')) throw error
    })
  }
}

/** The same of one rail, which must stand before anything that its stream tells is booked. Throws `rail_unavailable`. */
export async function openCapitalOf(rail: RailName, o: Opening): Promise<void> {
  const named = o.statements.find((s) => s.rail === rail)
  if (named && !o.books.claim(openingKey(rail))) await openRail(o, rail, named.statement)
}

function openingKey(rail: RailName): string {
  return `capital:${rail}:opened`
}

async function openRail(o: Opening, rail: RailName, statement: Statement): Promise<void> {
  const balances = await statement.balances()
  const legs = balances.flatMap((b) => opening(accounts.rail(rail, b.place), b.amount.asset, b.amount.units - (b.told?.units ?? 0n), o))
  const at = o.clock.now()
  const facts = [toSettlementFact({ type: 'capital.opened', id: rail, at, data: { rail } })]
  const cursor = balances.find((b) => b.cursor !== undefined)?.cursor
  if (cursor !== undefined)
    facts.push(toSettlementFact({ type: 'settlement.booked', id: `${rail}:opening`, at, data: { rail, cursor, kind: 'opening' } }))
  await submitUntilKnown(o.books, {
    claims: [{ key: openingKey(rail), fingerprint: 'opened' }],
    facts,
    ...(legs.length > 0 ? { entry: { id: o.ids.entry(), payment: CAPITAL, legs } } : {}),
  })
}

function opening(path: string, asset: Asset, units: bigint, o: Pick<Opening, 'bookAsset' | 'others'>): Leg[] {
  // Less than nothing: more is told in than is left, since debits that nobody explains are not told. They are named to a person, and differ until then.
  if (units <= 0n) return []
  if (o.others.some((other) => sameAsset(other, asset))) return [move(path, accounts.fx(asset, o.bookAsset), money(asset, units))]
  if (!sameAsset(asset, o.bookAsset) || o.others.length === 0) return [move(path, accounts.capital('operator'), money(asset, units))]
  // The asset of balances is divided over its pairs; what does not divide goes to the first.
  const each = units / BigInt(o.others.length)
  return o.others.map((other, i) => {
    const part = i === 0 ? units - each * BigInt(o.others.length - 1) : each
    return move(path, accounts.fx(other, o.bookAsset), money(asset, part))
  })
}
