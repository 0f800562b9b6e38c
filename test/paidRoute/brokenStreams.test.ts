import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { usd } from '../../gateway/seller/price.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// An answer that is a stream is known to be one when it has begun.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
})

const broken = () => new Error('The model fell over')
const web = (start: (to: ReadableStreamDefaultController<Uint8Array>) => void) => new ReadableStream<Uint8Array>({ start })

/** What a route answers, which is asked once by its use and once at one price; with what was paid for both. */
async function asked(answer: (reply: FastifyReply) => unknown) {
  const answers = []
  for (const [n, price] of [{ upto: usd('0.05') }, parseAmount('0.02', USD)].entries()) {
    world.app.get(`/stream/${n}`, { config: { price, payee: world.seller } }, async (request, reply) => {
      if (n === 0) request.meter.add(usd('0.01'))
      return answer(reply)
    })
  }
  for (const n of [0, 1]) {
    const headers = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': `stream-${n}-of-this-test` }
    const { statusCode, body } = await world.app.inject({ url: `/stream/${n}`, headers })
    answers.push([statusCode, body])
  }
  const from = accounts.party(world.customer.id)
  const paid = () => [CUSTOMER_UNITS - world.has(from, USDC), world.holds(from, USDC)]
  return { answers, paid }
}

test.each<[string, (reply: FastifyReply) => unknown]>([
  ['a stream that fails before it begins', (reply) => reply.send(new Readable({ construct: (done) => done(broken()) }))],
  ['a stream of the web that does', () => web((to) => to.error(broken()))],
  ['a Response that says so', () => new Response('no', { status: 503 })],
])('%s has failed, and nobody pays for it', async (_, answer) => {
  const { answers, paid } = await asked(answer)
  expect(answers.map(([status]) => Number(status) >= 500)).toEqual([true, true])
  await expect.poll(paid).toEqual([0n, 0n])
})

test.each<[string, (reply: FastifyReply) => unknown]>([
  ['a stream', (reply) => reply.send(Readable.from(['on', 'ce']))],
  ['a stream that is empty', (reply) => reply.send(Readable.from([]))],
  [
    'a stream of the web',
    () =>
      web((to) => {
        to.enqueue(Buffer.from('on'))
        to.enqueue(Buffer.from('ce'))
        to.close()
      }),
  ],
  ['a Response', () => new Response('once', { status: 201 })],
])('%s is answered whole, and paid', async (what, answer) => {
  const { answers, paid } = await asked(answer)
  const body = what.endsWith('empty') ? '' : 'once'
  expect(answers).toEqual(Array(2).fill([what === 'a Response' ? 201 : 200, body]))
  await expect.poll(paid).toEqual([30_000n, 0n])
})
