import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { openPaidRoute } from './paidRouteWorld.ts'

// One who pays for something cheap and sends the proof with a request that is dear. What makes it dear is not always in the challenge: a header, or a body
// whose length is not told before.
let world: Awaited<ReturnType<typeof openPaidRoute>>
let sell: (request: Request) => Promise<Response>
const done: string[] = []
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = world.app.server.address() as AddressInfo // It listens on TCP.
  const seller = createSeller({ gateway: `http://127.0.0.1:${port}`, key: world.sellerKey })
  const model = async (request: Request) => request.headers.get('x-model') ?? (await request.clone().text()).trim()
  sell = seller.fetch({ price: async (request) => usd((await model(request)) === 'big' ? '50' : '0.001') }, async (request) => {
    done.push(await model(request))
    return new Response('done')
  })
})
afterAll(() => world.close())

type Asking = (model: string, headers: Record<string, string>) => RequestInit
const post = (body: BodyInit, headers: Record<string, string>): RequestInit =>
  ({ method: 'POST', body, headers, duplex: 'half' }) as RequestInit
const streamed = (text: string) => new Blob([text]).stream()

test.each<[string, Asking]>([
  ['a header', (model, headers) => ({ headers: { ...headers, 'x-model': model } })],
  ['a body of a stated length', (model, headers) => post(model, { ...headers, 'content-length': `${model.length}` })],
  ['a body of no stated length', (model, headers) => post(streamed(model), headers)],
  [
    'a body that is too long to be digested',
    (model, headers) => post(model.padEnd(1_048_577), { ...headers, 'content-length': '1048577' }),
  ],
])('a proof that paid for something cheap buys nothing dear: told by %s', async (_, asking) => {
  const ask = (model: string, headers: Record<string, string> = {}) => sell(new Request('http://shop.example/chat', asking(model, headers)))
  const [, macaroon, invoice] = /L402 macaroon="([^"]*)", invoice="lnbcrt([^"]*)"/.exec(
    (await ask('small')).headers.get('www-authenticate')!,
  )!
  const authorization = `L402 ${macaroon}:${world.lightning.pay(invoice!)}`
  expect((await ask('big', { authorization })).status).toBe(402)
  expect(done.splice(0)).toEqual([])
  // It still buys what it was paid for, and again gets that.
  expect((await ask('small', { authorization })).status).toBe(200)
  expect((await ask('small', { authorization })).status).toBe(200)
  expect(done.splice(0)).toEqual(['small'])
})

test('the Idempotency-Key of a proof goes with it: its answer is given again when the offer has ended, and to no other name', async () => {
  const ask = (headers: Record<string, string> = {}) =>
    sell(new Request('http://shop.example/chat', { headers: { ...headers, 'x-model': 'small' } }))
  const [, macaroon, invoice] = /L402 macaroon="([^"]*)", invoice="lnbcrt([^"]*)"/.exec((await ask()).headers.get('www-authenticate')!)!
  const named = { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice!)}`, 'idempotency-key': 'the-first-of-its-name' }
  expect((await ask(named)).status).toBe(200)
  world.pass(600_000)
  expect((await ask(named)).headers.get('idempotent-replayed')).toBe('true')
  expect((await ask({ ...named, 'idempotency-key': 'the-second-of-its-name' })).status).toBe(402)
  expect(done.splice(0)).toEqual(['small'])
})
