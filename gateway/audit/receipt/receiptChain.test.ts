import { expect, test } from 'vitest'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import type { Submitted } from '../../ledger/process/submit.ts'
import type { Fact } from '../../ports/books.ts'
import { toReceiptFact } from './facts.ts'
import type { Receipt } from './receipt.ts'
import { headIn, nextWord, SAY_TRIES_MAX, unlessSpokenOver, untilSaid } from './receiptChain.ts'
import { headOf, updateAfter } from './receiptUpdate.ts'

const RECEIPT = `rc_${'2'.repeat(32)}` as const
const issued = toReceiptFact({ type: 'receipt.issued', id: RECEIPT, at: 1, data: { id: RECEIPT, payment: RECEIPT } as Receipt }) // As much as a chain begins with.

async function chainOf() {
  const books = createBooks({ journal: memoryJournal(), clock: { now: () => 1 } })
  const said: Fact[] = []
  books.listen((fact) => void said.push(fact))
  await books.start()
  await books.submit({ facts: [issued] })
  const head = () => headIn(said, RECEIPT)
  const say = async (reason: string, from = head()) => (await books.submit(nextWord(from, 1, { state: 'settled', reason }))) as Submitted // Embedded.
  return { books, head, say, chain: () => said.flatMap(({ data }) => ('n' in data ? [[data.n, data.reason]] : [])) }
}

test('of two that read the same head one is written, and the other goes on behind it', async () => {
  const { head, say, chain } = await chainOf()
  const read = head()
  expect(await Promise.all([say('disputed', read), say('reorganised', read)])).toMatchObject([{ kind: 'applied' }, { kind: 'conflict' }])
  await untilSaid(async () => unlessSpokenOver(await say('reorganised')))
  expect(chain()).toEqual([
    [2, 'disputed'],
    [3, 'reorganised'],
  ])
})

test('a resubmission of the same word is a replay, and adds nothing', async () => {
  const { head, say, chain } = await chainOf()
  const read = head()
  expect([await say('disputed', read), await say('disputed', read)]).toMatchObject([{ kind: 'applied' }, { kind: 'replayed' }])
  expect(chain()).toEqual([[2, 'disputed']])
})

test('who is spoken over each time gives up after so many times, and nothing of it stands', async () => {
  const { head, say, chain } = await chainOf()
  let tries = 0
  const late = untilSaid(async () => {
    tries++
    const read = head()
    await say('another')
    return unlessSpokenOver(await say('mine', read))
  })
  await expect(late).rejects.toMatchObject({ code: 'request_in_progress' })
  expect([tries, chain().filter(([, reason]) => reason === 'mine')]).toEqual([SAY_TRIES_MAX, []])
})

test('a chain that an old journal has forked goes on behind its highest number', () => {
  const words = (n: number, reason: string) => updateAfter({ receipt: RECEIPT, n: n - 1, hash: 'before' }, 1, { state: 'settled', reason })
  const facts = [words(2, 'disputed'), words(3, 'reorganised'), words(2, 'refund_canceled')].map((data) =>
    toReceiptFact({ type: 'receipt.updated', id: RECEIPT, at: 1, data }),
  )
  expect(headIn([issued, ...facts], RECEIPT)).toEqual(headOf(words(3, 'reorganised')))
})
