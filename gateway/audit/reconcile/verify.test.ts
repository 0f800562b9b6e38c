import { expect, test } from 'vitest'
import { entryId } from '../../../test/projection/bookTraffic.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { EUR } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { RailName } from '../../ports/railName.ts'
import { createVerifier } from './verify.ts'

const clock = { now: () => 1_800_000_000_000 }
const TEN = money(EUR, 10_000_000n)

async function booksWithSuspense(rails: readonly RailName[]) {
  const books = createBooks({ journal: memoryJournal(), clock })
  await books.start()
  for (const [n, rail] of rails.entries()) {
    const legs = [{ kind: 'move', debit: `rail:${rail}:account`, credit: `suspense:${rail}`, asset: EUR, units: TEN.units }] as const
    const booked = await books.submit({ entry: { id: entryId(n + 1), payment: rail, legs } })
    expect(booked).toMatchObject({ kind: 'applied' })
  }
  return books
}

/** Each look at the two rails finds another of them in the middle of a payment. */
function waitingByTurns(rails: readonly [RailName, RailName]) {
  let looks = 0
  return () => [{ rail: rails[looks++ % 2]!, amount: TEN }]
}

test('what a dispute holds is what its open dispute says, and of one that is decided nothing is left', async () => {
  const books = await booksWithSuspense(['bank'])
  const held = [{ kind: 'move', debit: 'rail:bank:account', credit: 'dispute:dp_1', asset: EUR, units: TEN.units }] as const
  await books.submit({ entry: { id: entryId(2), payment: 'held', legs: held } })
  const sides = { books, statements: [], chains: [], tables: () => [], inFlight: () => [], now: clock.now }
  const journal = { run: () => books.verify(), progress: () => undefined }
  const rowsOf = async (reserved: readonly { dispute: string; amount: Money }[]) => {
    const { verify } = createVerifier({ ...sides, journal, waiting: () => [{ rail: 'bank', amount: TEN }], reserved: () => reserved })
    const { ok, suspense } = await verify()
    return [ok, suspense.slice(1).map(({ account, verdict }) => [account, verdict])]
  }
  expect(await rowsOf([{ dispute: 'dp_1', amount: TEN }])).toEqual([true, [['dispute:dp_1', 'equal']]])
  expect(await rowsOf([])).toEqual([false, [['dispute:dp_1', 'break']]])
  const both = [
    { dispute: 'dp_1', amount: TEN },
    { dispute: 'dp_2', amount: TEN },
  ]
  expect(await rowsOf(both)).toEqual([
    false,
    [
      ['dispute:dp_1', 'equal'],
      ['dispute:dp_2', 'break'],
    ],
  ])
  await books.close()
})

test('accounts that agree one after the other agree, though traffic never lets them agree at once', async () => {
  const books = await booksWithSuspense(['bank', 'lightning'])
  const journal = { run: () => books.verify(), progress: () => undefined }
  const sides = { books, statements: [], chains: [], tables: () => [], inFlight: () => [], reserved: () => [] }
  const byTurns = createVerifier({ ...sides, waiting: waitingByTurns(['bank', 'lightning']), journal, now: clock.now })
  expect(await byTurns.verify()).toMatchObject({ ok: true, suspense: [{ verdict: 'equal' }, { verdict: 'equal' }] })
  const never = createVerifier({ ...sides, waiting: () => [{ rail: 'bank', amount: TEN }], journal, now: clock.now })
  expect(await never.verify()).toMatchObject({ ok: false, suspense: [{ verdict: 'equal' }, { verdict: 'break' }] })
  await books.close()
})
