import { randomUUID } from 'node:crypto'
import { evm, Mppx } from 'mppx/client'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LIMITS } from '../../gateway/guard/openGuard.ts'
import { exampleChallenge } from '../challenge/exampleChallenge.ts'
import { x402Headers, x402Payment } from '../challenge/exampleProofs.ts'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'

/** The rates of the real gateway; however busy this machine is, nothing is too late. */
async function opened(): Promise<PaidRouteWorld> {
  const world = await openPaidRoute({ finishedKept: 1_000, limits: { ...LIMITS, lateMs: 600_000 } })
  onTestFinished(() => world.close())
  return world
}

type Headers = Record<string, string>
const ask = async ({ app }: PaidRouteWorld, remoteAddress: string, headers: Headers = {}) => {
  const answer = await app.inject({ url: '/joke', remoteAddress, headers })
  const authenticate = [answer.headers['www-authenticate']].flat().join('\n')
  const [, macaroon] = /L402 .*macaroon="([^"]*)"/.exec(authenticate) ?? []
  const [, invoice] = /L402 .*invoice="lnbcrt([^"]*)"/.exec(authenticate) ?? []
  return { answer, macaroon, invoice, body: answer.json<Body>() }
}
type Body = { offers: { rail: string; expires_at: string }[]; lightning?: { how: string; retry_after_s: number } }
const railsOf = ({ offers }: Body) => offers.map(({ rail }) => rail)

/** How often a payer asks again that is told to: this machine may be busy. */
const TRIES_MAX = 5
const NAMED = { 'accept-payment': 'lightning/charge' }

/** What it was answered in the end: 200 when an invoice could be had, at once or by what the 402 says, and paid. */
async function buy(world: PaidRouteWorld, address: string): Promise<number> {
  let had = await ask(world, address)
  for (let tries = 0; !had.invoice && had.body.lightning && tries < TRIES_MAX; tries++) had = await ask(world, address, NAMED)
  const { answer, macaroon, invoice } = had
  if (!invoice) return answer.statusCode
  const authorization = `L402 ${macaroon}:${world.lightning.pay(invoice)}`
  return (await world.app.inject({ url: '/joke', remoteAddress: address, headers: { authorization } })).statusCode
}

/** Asks so often that invoices are made ahead. */
async function warm(world: PaidRouteWorld): Promise<void> {
  for (let round = 0; round < 3; round++) await Promise.all([1, 2, 3, 4].map((net) => ask(world, `192.0.${net}.1`)))
}

test('six hundred unpaid requests of one network take Lightning from none of a hundred payers of others', async () => {
  const world = await opened()
  world.lightning.slow(5)
  const unpaid = Array.from({ length: 600 }, (_, i) => ask(world, `198.51.100.${i % 200}`))
  const statuses = await Promise.all(Array.from({ length: 100 }, (_, i) => buy(world, `203.0.${i}.7`)))
  expect(statuses.filter((status) => status !== 200)).toEqual([])
  await Promise.all(unpaid)
})

test('who does not pay gets no more invoices for a while, and is offered the other rails; its neighbours elsewhere get theirs', async () => {
  const world = await opened()
  const had = []
  for (let i = 0; i < 40; i++) had.push(await ask(world, `198.51.100.${i}`))
  expect(had.filter(({ invoice }) => invoice !== undefined).length).toBeLessThan(20)
  const { answer, body } = had.at(-1)!
  expect([answer.statusCode, railsOf(body)]).toEqual([402, ['evm:31337', 'book']])
  expect(body.lightning?.how).toContain('Accept-Payment: lightning/charge')
  expect(await buy(world, '203.0.113.9')).toBe(200)
  world.pass(600_000)
  expect(await buy(world, '198.51.100.1')).toBe(200)
})

test('who pays what it asks for gets an invoice each time', async () => {
  const world = await opened()
  for (let i = 0; i < 60; i++) expect(await buy(world, '198.51.100.1')).toBe(200)
})

test('a 402 waits for no node where invoices are asked for often, and hands each out once', async () => {
  const world = await opened()
  await warm(world)
  world.lightning.slow(Number.POSITIVE_INFINITY)
  const made = await Promise.all([1, 2, 3].map((i) => ask(world, `203.0.113.${i}`)))
  expect(new Set(made.map(({ invoice }) => invoice)).size).toBe(3)
  expect(made.flatMap(({ body }) => railsOf(body))).toContain('lightning')
})

test('an invoice that was made ahead is not handed out when most of its life is over', async () => {
  const world = await opened()
  await warm(world)
  world.pass(200_000)
  const { body } = await ask(world, '203.0.113.1')
  const { expires_at } = body.offers.find(({ rail }) => rail === 'lightning')!
  expect(Date.parse(expires_at) - Date.now() - 200_000).toBeGreaterThan(240_000)
})

test('while the node answers nothing, a 402 goes out with the other rails, and says how to have an invoice later', async () => {
  const world = await opened()
  world.lightning.slow(Number.POSITIVE_INFINITY)
  const { answer, body } = await ask(world, '203.0.113.1')
  expect([answer.statusCode, railsOf(body)]).toEqual([402, ['evm:31337', 'book']])
  expect(answer.headers['payment-required']).toBeDefined()
  expect(body.lightning?.how).toContain('Accept-Payment: lightning/charge')
  world.lightning.slow(0)
  await vi.waitFor(async () => expect((await ask(world, '203.0.113.1', NAMED)).invoice).toBeDefined(), { timeout: 60_000 })
})

test.each([
  ['by Accept-Payment that it pays on a chain', { 'accept-payment': 'evm/charge, lightning/charge;q=0' }],
  ['by Accept-Payment other things only', { 'accept-payment': 'evm/charge' }],
  ['by the proof that it sends that it speaks x402', x402Headers(await x402Payment(exampleChallenge().input))],
])('no invoice is made for a client that says %s', async (_, headers) => {
  const world = await opened()
  const { answer, body } = await ask(world, '203.0.113.1', headers as Headers)
  expect(answer.headers['payment-required']).toBeDefined()
  expect(world.lightning.asked.filter((name) => name === 'offer')).toEqual([])
  expect(body.lightning?.how).toContain('Accept-Payment: lightning/charge')
})

test.each([['*/*'], ['lightning/charge, evm/charge;q=0.5'], ['what nobody can read']])('%s brings an invoice', async (accept) => {
  expect((await ask(await opened(), '203.0.113.1', { 'accept-payment': accept })).invoice).toBeDefined()
})

test('who uses up what it is offered unasked can still ask for Lightning by its name, but not without end', async () => {
  const world = await opened()
  for (let i = 0; i < 40; i++) await ask(world, '198.51.100.1')
  expect((await ask(world, '198.51.100.2')).invoice).toBeUndefined()
  const asked = []
  for (let i = 0; i < 40; i++) asked.push(await ask(world, '198.51.100.2', NAMED))
  expect(asked[0]!.invoice).toBeDefined()
  expect(asked.at(-1)!.invoice).toBeUndefined()
  expect(asked.at(-1)!.body.lightning?.retry_after_s).toBeGreaterThan(0)
})

test('mppx says by itself that it pays on a chain, so it costs no invoice', async () => {
  const world = await opened()
  const account = privateKeyToAccount(generatePrivateKey())
  const base = await world.app.listen({ host: '127.0.0.1', port: 0 })
  const mppx = Mppx.create({ polyfill: false, methods: [evm({ account, authorization: { name: 'USD Coin', version: '2' } })] })
  expect((await mppx.fetch(`${base}/joke`)).status).toBe(200)
  expect(world.lightning.asked.filter((name) => name === 'offer')).toEqual([])
})

/** How many of forty unpaid requests of a seller elsewhere were answered with an invoice. */
async function soldElsewhere({ app, sellerKey }: PaidRouteWorld, from: object): Promise<number> {
  const request = { method: 'GET', url: 'https://shop.example/book?page=1', route: '/book', headers: {}, ...from }
  const answers = []
  for (let i = 0; i < 40; i++) {
    const payload = { attempt: randomUUID(), request, price: { amount: '0.002' } }
    answers.push(await app.inject({ method: 'POST', url: '/v1/admissions', headers: { authorization: `Bearer ${sellerKey}` }, payload }))
  }
  expect(answers.filter((answer) => answer.json<{ kind: string }>().kind !== 'unpaid')).toEqual([])
  return answers.filter(({ body }) => body.includes('L402 macaroon')).length
}

test('a seller elsewhere that says who asks has its networks counted; one that does not say has none', async () => {
  const world = await opened()
  expect(await soldElsewhere(world, { from: '198.51.100.1' })).toBeLessThan(20)
  expect(await soldElsewhere(world, { from: '203.0.113.1' })).toBeGreaterThanOrEqual(10)
  expect(await soldElsewhere(world, {})).toBe(40)
})
