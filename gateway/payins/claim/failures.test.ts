import { expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import type { Fact } from '../../ports/books.ts'
import { createCollections } from './collections.ts'
import { createRequestRecords } from './requestRecords.ts'

// Addresses are free, so whoever fails to pay can do so under as many as it likes.
const FAILED = 12_000
const clock = { now: () => 1_800_000_000_000 }

/** A request of this payer that was served, and whose authorization then failed. */
function failedRequest(n: number): Fact[] {
  const [payer, nonce, id] = [`0x${n.toString(16).padStart(40, '0')}`, n.toString(16).padStart(64, '0'), `rc_${n}`]
  const token = `0x${'c0'.repeat(20)}`
  const claimKey = `evm:1:${token}:${payer}:0x${nonce}`
  const terms = { value: '2000', validAfter: '0', validBefore: '1900000000' }
  const named = { kind: 'transfer', chainId: 1, token, from: payer, to: token, nonce: `0x${nonce}`, signature: '0x' }
  const claimed = { claimKey, fingerprint: 'request', rail: 'evm:1', payer, units: '2000', entry: `en_${n}`, settleFirst: 'no' }
  const at = clock.now() + n
  return [
    { type: 'request.claimed', id, at, data: { ...claimed, authorization: { ...named, ...terms } } },
    { type: 'request.answered', id, at, data: { claimKey, status: 200, contentType: 'text/plain' } },
    { type: 'collection.failed', id, at, data: { claimKey, payer, reason: 'insufficient_liquidity', units: '2000' } },
  ]
}

test('what is remembered of failed collections is bounded, however many payers fail', async () => {
  const books = createBooks({ journal: memoryJournal(), clock })
  const sizes: (() => number)[] = []
  const watched = {
    ...books,
    remember(memory: Parameters<typeof books.remember>[0]) {
      for (const table of Object.values(memory.tables)) sizes.push(() => [...table].length)
      books.remember(memory)
    },
  }
  const records = createRequestRecords(watched, { finishedKept: 100 })
  const nobody = () => undefined
  const collections = createCollections({ books: watched, records, collectorOf: nobody, clock, ids: uuidIds(clock), log: nobody })
  await books.start()
  for (let n = 0; n < FAILED; n += 100) {
    await books.submit({ facts: Array.from({ length: 100 }, (_, i) => failedRequest(n + i)).flat() })
  }
  expect(Math.max(...sizes.map((size) => size()))).toBeLessThanOrEqual(10_000)
  expect(collections.failures()).toHaveLength(1_000)
  expect(collections.failures().at(-1)).toMatchObject({ receipt: `rc_${FAILED - 1}`, units: 2_000n })
})

test('what is remembered of work that was not served and not given back is bounded, and the newest is kept', async () => {
  const books = createBooks({ journal: memoryJournal(), clock })
  const records = createRequestRecords(books)
  await books.start()
  const failed = (n: number): Fact => {
    const data = { claimKey: `key ${n}`, rail: 'evm:1', exception: 'it belongs to the payees of the split' }
    return { type: 'request.handler_failed', id: `rc_${n}`, at: n, data }
  }
  for (let n = 0; n < FAILED; n += 100) await books.submit({ facts: Array.from({ length: 100 }, (_, i) => failed(n + i)) })
  expect([records.exceptions().length, records.exceptions().at(-1)?.id]).toEqual([10_000, `rc_${FAILED - 1}`])
})
