import { expect, test } from 'vitest'
import { toReceiptFact } from '../../audit/receipt/facts.ts'
import type { Receipt } from '../../audit/receipt/receipt.ts'
import { headIn, nextWord } from '../../audit/receipt/receiptChain.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Fact } from '../../ports/books.ts'
import type { Settlement } from '../../ports/receiver.ts'
import type { BookingContext } from './bookingContext.ts'
import { bookOnce } from './bookOnce.ts'
import { move } from './legs.ts'
import { createSettlementRecords } from './settlementRecords.ts'

const [INTENT, RECEIPT] = [`pi_${'1'.repeat(32)}`, `rc_${'2'.repeat(32)}`] as const
const amount = money(BTC, 7n)
const seen = { cursor: '1', rail: 'evm:31337', place: 'receiver', amount, reference: 'r', at: 1 } as const

async function paidIntent(beside: () => Promise<unknown> = async () => undefined) {
  const books = createBooks({ journal: memoryJournal(), clock: { now: () => 1 } })
  const said: Fact[] = []
  books.listen((fact) => void said.push(fact))
  const settlements = createSettlementRecords(books, () => BTC)
  await books.start()
  const entry = { id: `en_${'1'.repeat(30)}00` as const, payment: INTENT, legs: [move('rail:evm:31337:receiver', 'party:pa_1', amount)] }
  const booked = {
    kind: 'received',
    rail: seen.rail,
    place: seen.place,
    cursor: '1',
    asset: BTC.id,
    units: '7',
    payment: INTENT,
    entry: entry.id,
  }
  const receipt = { id: RECEIPT, payment: INTENT } as Receipt // As much of it as a chain begins with.
  const facts = [
    { type: 'settlement.booked', id: 'evm:31337:received:a', at: 1, data: booked },
    toReceiptFact({ type: 'receipt.issued', id: RECEIPT, at: 1, data: receipt }),
  ]
  const claims = [{ key: 'settlement:evm:31337:received:a', fingerprint: 'a' }]
  expect(await books.submit({ claims, facts, entry })).toMatchObject({ kind: 'applied' })
  const block = [...said]
  let entries = 0x20
  const context = {
    settlements,
    splits: { bySplitId: () => undefined },
    async headOf() {
      const head = headIn(said, INTENT)
      await beside()
      return head
    },
  } as unknown as BookingContext // What goes and comes again asks nothing else of it.
  const ids = { entry: () => `en_${'1'.repeat(28)}${(entries++).toString(16)}00` } as unknown as Parameters<typeof bookOnce>[1]['ids']
  return {
    book: (s: Settlement) => bookOnce(s, { books, context, ids, factsAt: async () => block, log: () => undefined }),
    says: (reason: string) => books.submit(nextWord(headIn(said, INTENT), 1, { state: 'settled', reason })),
    has: (path: string) => books.balance(path, BTC).creditsPosted - books.balance(path, BTC).debitsPosted,
    chain: () => said.flatMap(({ type, data }) => (type === 'receipt.updated' ? [[data.n, data.reason ?? data.state]] : [])),
  }
}

test('the chain of an intent’s receipt has each number once, whatever is said before and after a chain takes its payment back', async () => {
  const { book, says, chain } = await paidIntent()
  await says('disputed')
  await book({ ...seen, kind: 'demoted', id: 'a:gone', takesBack: { kind: 'received', id: 'a' } })
  await says('dispute_won')
  await book({ ...seen, kind: 'received', id: 'b' })
  expect(chain()).toEqual([
    [2, 'disputed'],
    [3, 'reorganised'],
    [4, 'dispute_won'],
    [5, 'settled'],
  ])
})

test('a word that another process says between looking and booking makes no fork: the booking looks again', async () => {
  const pending = ['disputed', 'refund_canceled']
  const { book, says, chain } = await paidIntent(async () => {
    const reason = pending.shift()
    if (reason) await says(reason)
  })
  await book({ ...seen, kind: 'demoted', id: 'a:gone', takesBack: { kind: 'received', id: 'a' } })
  expect(chain()).toEqual([
    [2, 'disputed'],
    [3, 'refund_canceled'],
    [4, 'reorganised'],
  ])
})

test('what moved is booked also where each number of the chain is taken before it, and then its receipt says nothing of it', async () => {
  const { book, says, chain, has } = await paidIntent(() => says('disputed'))
  await book({ ...seen, kind: 'demoted', id: 'a:gone', takesBack: { kind: 'received', id: 'a' } })
  const numbers = chain().map(([n]) => n)
  expect([has('party:pa_1'), new Set(numbers).size, chain().filter(([, reason]) => reason === 'reorganised')]).toEqual([
    0n,
    numbers.length,
    [],
  ])
})
