import { expect, test } from 'vitest'
import { entryId } from '../../../test/projection/bookTraffic.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { EUR } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
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
