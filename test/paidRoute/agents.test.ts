import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createAgents } from '../../gateway/guard/agents/agents.ts'
import type { PublicHttp } from '../../gateway/ports/publicHttp.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { addressOf, openCreditWorld } from './creditWorld.ts'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { signed, signingAgent } from './signedRequests.ts'

const [CHOSEN, OTHER, STRANGER] = [
  signingAgent('https://chosen.test'),
  signingAgent('https://other.test'),
  signingAgent('https://stranger.test'),
]
/** As the priced routes of this world say that they are reached. */
const ORIGIN = 'http://127.0.0.1:1'
const CENT = 10_000n
const http: PublicHttp = {
  isLocal: () => false,
  get: async (url) => ({ status: 200, url, body: JSON.stringify({ keys: [OTHER.jwk] }) }),
}
const agents = () =>
  createAgents({
    settings: { directories: ['https://other.test'], keys: [{ name: 'chosen', jwk: CHOSEN.jwk, agent: 'https://chosen.test' }] },
    http,
    clock: { now: () => Date.now() - 2_000 },
    log: () => {},
  })

let world: PaidRouteWorld
let ran: number
beforeEach(async () => {
  ran = 0
  const opened = await openPaidRoute({ finishedKept: 10, agents: agents() })
  onTestFinished(() => opened.close())
  const sold = { price: usd('0.002'), payee: opened.seller }
  opened.app.get('/known', { config: { ...sold, agents: 'required' } }, async () => `known ${++ran}`)
  opened.app.get('/chosen', { config: { ...sold, agents: ['https://chosen.test/'] } }, async () => `chosen ${++ran}`)
  world = opened
})

const get = (url: string, headers: object = {}) => world.app.inject({ method: 'GET', url, headers: { ...headers } })
const by = (agent: typeof CHOSEN, url: string) => signed(agent, { origin: ORIGIN, url, at: Math.floor(Date.now() / 1_000) - 1 })
const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })

test('a route for agents tells nobody else its price, and how to ask', async () => {
  for (const url of ['/known', '/chosen']) {
    const answer = await get(url, pays())
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'agent_required'])
    expect(answer.headers['accept-signature']).toContain('tag="web-bot-auth"')
    expect(answer.headers['payment-required']).toBeUndefined()
  }
  expect(ran).toBe(0)
})

test('an agent that is known is told the price, and served for it', async () => {
  expect((await get('/known', by(OTHER, '/known'))).statusCode).toBe(402)
  expect(await get('/known', { ...by(OTHER, '/known'), ...pays() })).toMatchObject({ statusCode: 200, body: 'known 1' })
})

test('a route for some agents is for no other, though it is known', async () => {
  const other = await get('/chosen', by(OTHER, '/chosen'))
  expect([other.statusCode, other.json().code]).toEqual([403, 'agent_required'])
  expect(await get('/chosen', { ...by(CHOSEN, '/chosen'), ...pays() })).toMatchObject({ statusCode: 200 })
})

test.each<readonly [string, () => object]>([
  ['of a stranger', () => by(STRANGER, '/known')],
  ['of a stranger in another’s name', () => by({ ...STRANGER, address: 'https://other.test' }, '/known')],
  ['with another’s key', () => by({ ...OTHER, address: 'https://chosen.test' }, '/known')],
  ['for another path', () => by(OTHER, '/joke')],
  ['for another host', () => signed(OTHER, { origin: 'http://127.0.0.1:2', url: '/known' })],
])('a signature %s opens nothing', async (_, headers) => {
  const answer = await get('/known', { ...headers(), ...pays() })
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'agent_signature_invalid'])
  expect(ran).toBe(0)
})

test('a signature is good for one request, also among many at once', async () => {
  const headers = by(OTHER, '/known')
  const answers = await Promise.all(Array.from({ length: 20 }, () => get('/known', { ...headers, ...pays() })))
  const codes = answers.map(({ statusCode }) => statusCode)
  expect([codes.filter((code) => code === 200).length, codes.filter((code) => code === 403).length]).toEqual([1, 19])
  expect(ran).toBe(1)
})

test('a route for everybody is so also for whose signature does not hold', async () => {
  expect((await get('/joke', by(STRANGER, '/joke'))).statusCode).toBe(402)
  expect((await get('/joke', { ...by(STRANGER, '/joke'), ...pays() })).statusCode).toBe(200)
  expect((await get('/joke', { 'signature-input': 'nonsense', signature: 'x' })).statusCode).toBe(402)
})

test('a seller elsewhere has routes for agents by its gateway', async () => {
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = world.app.server.address() as AddressInfo // It listens on a port.
  const seller = createSeller({
    gateway: `http://127.0.0.1:${port}`,
    key: world.sellerKey,
    publicUrl: 'https://shop.example',
    log: () => {},
  })
  const app = express()
  app.get('/book', seller.express({ price: usd('0.002'), agents: ['https://chosen.test'] }), (_, res) => void res.send('a book'))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/book`
  const bySeller = (agent: typeof CHOSEN) =>
    signed(agent, { origin: 'https://shop.example', url: '/book', at: Math.floor(Date.now() / 1_000) - 1 })
  const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code]
  expect(await codeOf(await fetch(url))).toEqual([403, 'agent_required'])
  expect(await codeOf(await fetch(url, { headers: bySeller(OTHER) }))).toEqual([403, 'agent_required'])
  expect(await codeOf(await fetch(url, { headers: bySeller(CHOSEN) }))).toEqual([402, 'payment_required'])
  const paid = { ...bySeller(CHOSEN), ...pays() }
  expect(await (await fetch(url, { headers: paid })).text()).toBe('a book')
  expect(await codeOf(await fetch(url, { headers: paid }))).toEqual([403, 'agent_signature_invalid'])
})

test('new payers of a known agent share a limit of their own, and leave that of strangers alone', async () => {
  const credit = await openCreditWorld({ limits: { newPayersUnits: 2n * CENT, agentUnits: 3n * CENT } })
  onTestFinished(credit.close)
  credit.chain.stop()
  const payers = Array.from({ length: 12 }, (_, n) => addressOf(n + 1))
  for (const payer of payers) credit.chain.fill(payer, 100n * CENT)
  const agent = 'https://chosen.test'
  const how = Promise.all(payers.map((payer, n) => credit.serve({ payer, units: CENT, ...(n < 6 ? { agent } : {}) })))
  await expect.poll(() => credit.requestRecords.heldKeys().length).toBe(12)
  expect(credit.has('exposure:agent:https;//chosen.test')).toEqual({ is: 3n * CENT, held: 3n * CENT })
  expect(credit.has('exposure:new')).toEqual({ is: 2n * CENT, held: 2n * CENT })
  credit.chain.goOn()
  const served = await how
  expect([served.slice(0, 6), served.slice(6)].map((some) => some.filter((one) => one === 'deferred').length)).toEqual([3, 2])
  await credit.settled()
  expect(credit.has('exposure:agent:https;//chosen.test')).toEqual({ is: 3n * CENT, held: 0n })
})

test('an agent has no limit of its own unless the operator gives it one', async () => {
  const credit = await openCreditWorld({ limits: { newPayersUnits: CENT } })
  onTestFinished(credit.close)
  const payers = [addressOf(1), addressOf(2)]
  for (const payer of payers) credit.chain.fill(payer, 100n * CENT)
  credit.chain.stop()
  const how = Promise.all(payers.map((payer) => credit.serve({ payer, units: CENT, agent: 'https://chosen.test' })))
  await expect.poll(() => credit.requestRecords.heldKeys().length).toBe(2)
  credit.chain.goOn()
  expect((await how).sort()).toEqual(['deferred', 'paid first'])
  expect(credit.books.accounts('exposure:agent')).toEqual([])
})

test('the documents say of a route for agents that it is one', async () => {
  const { '403': refused, '402': unpaid } = (await get('/openapi.json')).json().paths['/known'].get.responses
  expect([refused.description, unpaid.description]).toEqual([expect.stringMatching(/not signed/), expect.stringMatching(/What it costs/)])
  const { body } = await get('/llms.txt')
  expect(body).toContain('/known: 0.002 USD. Only for programs that sign')
  expect(body).toMatch(/joke: 0.002 USD$/m)
})
