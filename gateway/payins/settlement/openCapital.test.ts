import { expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { rates } from '../../../test/payout/payoutWorld.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { openLedger } from '../../ledger/openLedger.ts'
import { EUR, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { RailBalance } from '../../ports/statement.ts'
import { openCapital } from './openCapital.ts'

const clock = { now: () => 1_800_000_000_000 }
const PATH = 'rail:bank:account'

/** What the books have of a rail that holds `amount` when it is first seen, of which its stream will tell `told`: at the rail, and as capital. */
async function opened(amount: bigint, told?: bigint) {
  const ids = uuidIds(clock)
  const { books } = openLedger(
    { clock, ids, rates, usd: USD, bookAsset: USD, assets: [EUR, USD], assetOf: () => EUR },
    { journal: memoryJournal() },
  )
  await books.start()
  const balance: RailBalance = { place: 'account', amount: money(EUR, amount), at: clock.now(), inFlight: [] }
  const balances = [told === undefined ? balance : { ...balance, told: money(EUR, told) }]
  const statements = [{ rail: 'bank' as const, statement: { balances: async () => balances } }]
  await openCapital({ books, clock, ids, statements, bookAsset: USD, others: [] })
  const capital = books.balance('capital:operator', EUR)
  const rail = books.balance(PATH, EUR)
  return [rail.debitsPosted - rail.creditsPosted, capital.creditsPosted - capital.debitsPosted]
}

test.each<[string, bigint, bigint | undefined, bigint]>([
  ['all that a rail holds, where its stream tells nothing of it', 100n, undefined, 100n],
  ['what was there before the first of what it tells', 100n, 30n, 70n],
  ['nothing, where it tells of all', 30n, 30n, 0n],
  ['nothing, where more is told in than is left', 10n, 50n, 0n],
])('is opened with %s', async (_, amount, told, own) => {
  expect(await opened(amount, told)).toEqual([own, own])
})
