import type { FastifyReply, FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { factsAt } from '../../ledger/journal/factsAt.ts'
import type { Block } from '../../ports/journal.ts'
import { createIdempotency } from './idempotency.ts'

const operator = { kind: 'operator', name: 'operator', terms: {}, key: undefined, person: 'operator', role: 'admin' } as const

type Sent = { status: number; replayed: boolean; body: unknown }

/** What is called under a key: how often the work ran, and what was sent. */
async function open(answersKept: number) {
  const blocks: Block[] = []
  const journal = memoryJournal(blocks)
  const books = createBooks({ journal, clock: { now: () => 1 } })
  const reads: number[] = []
  const read = (seq: number) => {
    reads.push(seq)
    return factsAt(journal, seq)
  }
  const idempotent = createIdempotency({ books, clock: { now: () => 1 }, ids: uuidIds({ now: () => 1 }), factsAt: read, answersKept })
  await books.start()
  let runs = 0
  async function call(key: string, body: unknown): Promise<Sent> {
    const sent: Sent = { status: 0, replayed: false, body: undefined }
    const reply = {
      code(status: number) {
        sent.status = status
        return reply
      },
      header() {
        sent.replayed = true
        return reply
      },
      type: () => reply,
      send(text: string) {
        sent.body = JSON.parse(text)
        return reply
      },
    }
    const request = {
      headers: { 'idempotency-key': key },
      method: 'POST',
      url: '/v1/things?x=1',
      body,
      routeOptions: {},
      id: 'req_1',
      ip: '',
    }
    await idempotent(request as unknown as FastifyRequest, reply as unknown as FastifyReply, operator, async (record) => {
      const run = ++runs
      const { claims, facts } = record(201, { run })
      await books.submit({ claims, facts })
    })
    return sent
  }
  return { call, reads, runs: () => runs }
}

const keys = ['the-key-1', 'the-key-2', 'the-key-3', 'the-key-4']

test('the same request under its key gets the same answer, however old it is', async () => {
  const { call, reads, runs } = await open(2)
  for (const [i, key] of keys.entries()) expect(await call(key, { i })).toEqual({ status: 201, replayed: false, body: { run: i + 1 } })
  for (const [i, key] of keys.entries()) expect(await call(key, { i })).toEqual({ status: 201, replayed: true, body: { run: i + 1 } })
  expect(runs()).toBe(4)
  // The two newest are in memory.
  expect(reads).toEqual([1, 2])
})

test('another request under a key is refused, however old it is', async () => {
  const { call } = await open(1)
  for (const key of keys) await call(key, { amount: 1 })
  for (const key of keys) await expect(call(key, { amount: 2 })).rejects.toMatchObject({ code: 'idempotency_key_reused' })
})

test('a repeat while the first is under way is refused, and not answered with nothing', async () => {
  const { call } = await open(1)
  const [first, second] = await Promise.allSettled([call('the-key-1', {}), call('the-key-1', {})])
  expect(first).toMatchObject({ status: 'fulfilled' })
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'request_in_progress' } })
})
