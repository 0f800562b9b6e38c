import { expect, test } from 'vitest'
import { journalReads } from './journalReads.ts'

type Parts = Parameters<typeof journalReads>[0]

test('the last word on a payment is read, however often it was given back and tried', async () => {
  const said = Array.from({ length: 2_000 }, (_, n) => ({
    seq: n,
    n: 0,
    subject: 'rc_1',
    type: 'receipt.updated',
    id: 'rc_1',
    at: 1,
    data: `{"n":${n}}`,
  }))
  const reads = { facts: (_: string, limit: number) => said.slice(0, limit) }
  const projector = { readAfter: async () => undefined, reads } as unknown as Parts['projector'] // As much of it as is asked.
  const { factsOf, updates } = journalReads({ books: { head: () => ({ seq: 1 }) } as Parts['books'], projector, factsAt: async () => [] })
  expect([(await factsOf('rc_1')).at(-1)?.data, (await updates('rc_1')).at(-1)]).toEqual([{ n: 1_999 }, { n: 1_999 }])
})

test('where a chain stands is read off its newest entries, however much was said; one of before goes on behind its highest number', async () => {
  const entry = (n: number) => ({ receipt: 'rc_1', n, at: '', before: '', state: 'settled' })
  const said = Array.from({ length: 5_000 }, (_, i) => ({
    seq: i,
    n: 0,
    subject: 'rc_1',
    type: 'receipt.updated',
    id: 'rc_1',
    at: 1,
    data: JSON.stringify(entry(i < 4_999 ? i + 2 : 4_000)),
  }))
  let read = 0
  const reads = {
    newestFacts(_subject: string, type: string, limit: number) {
      read += limit
      return said
        .filter((fact) => fact.type === type)
        .toReversed()
        .slice(0, limit)
    },
  }
  const projector = { readAfter: async () => undefined, reads } as unknown as Parts['projector'] // As much of it as is asked.
  const { headOf } = journalReads({ books: { head: () => ({ seq: 1 }) } as Parts['books'], projector, factsAt: async () => [] })
  expect([await headOf('rc_1'), read]).toEqual([{ receipt: 'rc_1', n: 5_000, hash: expect.any(String) }, 8])
})
