import { expect, test } from 'vitest'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { InFlight, RailBalance } from '../../ports/statement.ts'
import { railRows } from './railRows.ts'

/** The books have 100 at the node; it says `held`, and of what is under way what `told` says. */
async function rowOf(held: bigint, told: RailBalance['inFlight'], under: readonly InFlight[]) {
  const books = createBooks({ journal: memoryJournal(), clock: { now: () => 0 } })
  await books.start()
  const legs = [{ kind: 'move', debit: 'rail:lightning:node', credit: 'capital:operator', asset: BTC, units: 100n }] as const
  await books.submit({ entry: { id: `en_${'1'.repeat(32)}`, payment: 'seed', legs } })
  const balance: RailBalance = { place: 'node', amount: money(BTC, held), at: 0, inFlight: told }
  const statement = { balances: async () => [balance] }
  const [row] = await railRows({ books, statements: [{ rail: 'lightning', statement }], inFlight: () => under })
  return { verdict: row?.verdict, named: row?.in_flight.map(({ what }) => what) }
}

const payout = (units: bigint, ...names: string[]): InFlight => ({
  rail: 'lightning',
  place: 'node',
  what: `payout ${names[0]}`,
  amount: money(BTC, units),
  names,
})
const htlcs = (units: bigint, ...payments: string[]) => ({ what: 'HTLCs', amount: money(BTC, units), payments })

test('a payment that the rail tells of is not counted again by our word, so what is missing beside it is an alarm', async () => {
  const under = [payout(50n, 'at_1', 'hash')]
  expect(await rowOf(50n, [htlcs(50n, 'hash')], under)).toEqual({ verdict: 'in_flight', named: ['HTLCs'] })
  expect(await rowOf(1n, [htlcs(50n, 'hash')], under)).toEqual({ verdict: 'break', named: ['HTLCs'] })
  expect(await rowOf(1n, [htlcs(50n, 'at_1')], under)).toEqual({ verdict: 'break', named: ['HTLCs'] })
})

test('a payment that the rail does not tell of counts by our word, and of one that it tells a part of the rest', async () => {
  const other = payout(30n, 'at_2')
  expect(await rowOf(20n, [htlcs(50n, 'at_1')], [payout(50n, 'at_1'), other])).toMatchObject({ verdict: 'in_flight' })
  expect(await rowOf(19n, [htlcs(50n, 'at_1')], [payout(50n, 'at_1'), other])).toMatchObject({ verdict: 'break' })
  expect(await rowOf(50n, [htlcs(20n, 'at_1')], [payout(50n, 'at_1')])).toMatchObject({ verdict: 'in_flight' })
  expect(await rowOf(49n, [htlcs(20n, 'at_1')], [payout(50n, 'at_1')])).toMatchObject({ verdict: 'break' })
})

test('what is under way explains a difference in its own direction only', async () => {
  const arriving = { what: 'arrived, not reported yet', amount: money(BTC, -50n) }
  // The rail may hold less by what leaves, and more by what has arrived.
  expect(await rowOf(50n, [], [payout(50n, 'at_1')])).toMatchObject({ verdict: 'in_flight' })
  expect(await rowOf(150n, [], [payout(50n, 'at_1')])).toMatchObject({ verdict: 'break' })
  expect(await rowOf(150n, [arriving], [])).toMatchObject({ verdict: 'in_flight' })
  expect(await rowOf(50n, [arriving], [])).toMatchObject({ verdict: 'break' })
  // What arrives does not hide that more is missing than leaves.
  expect(await rowOf(49n, [arriving], [payout(50n, 'at_1')])).toMatchObject({ verdict: 'break' })
  expect(await rowOf(151n, [arriving], [payout(50n, 'at_1')])).toMatchObject({ verdict: 'break' })
})
