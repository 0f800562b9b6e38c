import { Readable } from 'node:stream'
import type { RouteHandlerMethod } from 'fastify'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { usd } from '../../gateway/seller/price.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// A payer hangs up while the work that it has paid for runs: the work was done, and is paid as any other.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
})

const ENDS: readonly (readonly [string, RouteHandlerMethod])[] = [
  ['a stream', async (_, reply) => reply.type('text/event-stream').send(Readable.from(['one', 'two']))],
  ['a text', async () => 'done'],
  ['nothing', async () => undefined],
]

test.each(ENDS)('what ends with %s after its payer has left is paid, by its use and at one price', async (_, end) => {
  const { customer, seller: payee } = world
  const began = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const go = Promise.withResolvers<void>()
  let left = 0
  for (const [n, price] of [{ upto: usd('0.05') }, parseAmount('0.02', USD)].entries()) {
    world.app.get(`/left/${n}`, { config: { price, payee } }, async function (request, reply) {
      if (n === 0) request.meter.add(usd('0.01'))
      reply.raw.once('close', () => left++)
      began[n]!.resolve()
      await go.promise
      return end.call(this, request, reply)
    })
  }
  const { port } = new URL(await world.app.listen({ host: '127.0.0.1', port: 0 }))
  for (const [n, { promise }] of began.entries()) {
    const [leaves, headers] = [
      new AbortController(),
      { authorization: `Bearer ${customer.key}`, 'idempotency-key': `left-${n}-of-this-test` },
    ]
    const asked = fetch(`http://localhost:${port}/left/${n}`, { headers, signal: leaves.signal })
    await promise
    leaves.abort()
    await expect(asked).rejects.toThrow('aborted')
  }
  await expect.poll(() => left).toBe(2)
  go.resolve()
  const [from, to] = [customer.id, payee].map((party) => accounts.party(party)) as [string, string]
  await expect
    .poll(() => [CUSTOMER_UNITS - world.has(from, USDC), world.holds(from, USDC), world.has(to, USDC)])
    .toEqual([30_000n, 0n, 30_000n])
  const again = { authorization: `Bearer ${customer.key}`, 'idempotency-key': 'left-1-of-this-test' }
  expect((await world.app.inject({ url: '/left/1', headers: again })).statusCode).toBeOneOf([200, 410])
})
