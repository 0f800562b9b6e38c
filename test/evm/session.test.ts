import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { paymentRoutes } from '../../gateway/api/routes/payments.ts'
import { openSession, type PayingSession, type SessionOptions } from '../../gateway/client/session/openSession.ts'
import { readSessionOffers } from '../../gateway/client/session/sessionOffer.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { usd } from '../../gateway/seller/price.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { tokenBalance } from './railOnChain.ts'

// Sessions of the Payment scheme on a chain: our payer and our gateway, over channels of the real hub.
const PRICE = 2_000n
const DEPOSIT = 4_000_000n
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let id: PartyId
let served = 0
let worked = 0
let slow: { begun: Promise<void>; end: () => void }
let stuck: typeof slow
const WAIT = { timeout: 30_000, interval: 50 }

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 })
  id = (await yard.party('seller')).id
  await open()
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

async function open(): Promise<void> {
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  app.register(paymentRoutes(yard.gateway()))
  const price = parseAmount('0.002', USD)
  app.get('/joke', { config: { price, payee: id, session: true } }, async () => `joke ${++served}`)
  app.get('/opera', { config: { price: parseAmount('1', USD), payee: id, session: true } }, async () => 'opera')
  app.get('/broken', { config: { price, payee: id, session: true } }, (_, reply) => reply.code(500).send('no joke'))
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  slow = { begun: begun.promise, end: end.resolve }
  app.get('/slow', { config: { price, payee: id, session: true } }, async () => {
    begun.resolve()
    await end.promise
    return 'slow'
  })
  const stop = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  stuck = { begun: stop[0].promise, end: stop[1].resolve }
  app.get('/stuck', { config: { price, payee: id, session: true } }, async () => {
    stop[0].resolve()
    await stop[1].promise
    return 'too late'
  })
  const metered = { price: { upto: parseAmount('0.05', USD) }, payee: id, session: { step: usd('0.01') } }
  app.post<{ Body: { events: number } }>('/stream', { config: metered }, async (request, reply) => {
    async function* tokens() {
      for (let n = 1; n <= request.body.events; n++) {
        request.meter.add(usd('0.004'))
        worked++
        yield `data: ${n}\n\n`
      }
    }
    return reply.type('text/event-stream').send(Readable.from(tokens(), { highWaterMark: 1 }))
  })
  // After a restart where it was, because a session ends where it began.
  url = await app.listen({ host: '127.0.0.1', port: !url ? 0 : Number(new URL(url).port) })
}

const signer = (customer: number) => privateKeyToAccount(chain.customers[customer]!.privateKey)
const session = (customer: number, path = '/joke', more: Partial<SessionOptions> = {}): Promise<PayingSession> =>
  openSession({ url: `${url}${path}`, signer: signer(customer), trusted: [chain], depositUnits: DEPOSIT, ...more })

/** What the books say of a channel: what its vouchers brought, and what of that is spent or held. */
function books(channelId: Hex) {
  const gateway = yard.gateway()
  const { debitsPosted, creditsPosted, creditsPending } = gateway.ledger.books.balance(
    accounts.session(evmRail(chain.chainId), channelId),
    gateway.ground.bookAsset,
  )
  return { brought: debitsPosted, spent: creditsPosted, held: creditsPending }
}

test('a 402 offers a session beside the charge, and our payer opens one and pays a request', async () => {
  const paying = await session(0)
  const before = served
  const response = await paying.fetch(`${url}/joke`)
  expect([response.status, await response.text()]).toEqual([200, `joke ${before + 1}`])
  const receipt = JSON.parse(Buffer.from(response.headers.get('payment-receipt')!, 'base64url').toString())
  expect(receipt).toMatchObject({
    method: 'evm',
    intent: 'session',
    status: 'success',
    reference: paying.channelId,
    acceptedCumulative: `${PRICE}`,
    spent: `${PRICE}`,
  })
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: PRICE, held: 0n })
  const status = await fetch(`${url}/v1/payments/${response.headers.get('switchyard-receipt')}`)
  expect(await status.json()).toMatchObject({ status: 'held' })
})

test('20 parallel requests on one channel are all served, each once', async () => {
  const paying = await session(1)
  const before = served
  const answers = await Promise.all(Array.from({ length: 20 }, () => paying.fetch(`${url}/joke`)))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
  expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(20)
  expect(served).toBe(before + 20)
  expect(books(paying.channelId)).toEqual({ brought: 20n * PRICE, spent: 20n * PRICE, held: 0n })
})

test('work that fails is not spent, and pays for the next request', async () => {
  const paying = await session(2, '/broken')
  const failed = await paying.fetch(`${url}/broken`)
  expect([failed.status, failed.headers.get('payment-receipt')]).toEqual([500, null])
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: 0n, held: 0n })
  const status = await fetch(`${url}/v1/payments/${failed.headers.get('switchyard-receipt')}`)
  expect(await status.json()).toMatchObject({ status: 'failed' })
  await paying.fetch(`${url}/joke`)
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: PRICE, held: 0n })
})

const post = (events: number) => ({ method: 'POST', body: JSON.stringify({ events }), headers: { 'content-type': 'application/json' } })

test('a stream is paid step by step, by vouchers sent while it is read, for exactly what it uses', async () => {
  const paying = await session(3, '/stream', { method: 'POST' })
  const seen: string[] = []
  let most = 0n
  for await (const { data } of paying.events(`${url}/stream`, post(9))) {
    seen.push(data)
    const { owed } = paying.state()
    // What was read is vouched for, and beside it a step at most and the two parts that the stream has made ahead.
    expect(owed).toBeGreaterThanOrEqual(BigInt(seen.length) * 4_000n)
    expect(owed).toBeLessThanOrEqual(BigInt(seen.length + 2) * 4_000n + 10_000n)
    most = owed
  }
  expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
  expect(most).toBe(40_000n)
  expect(books(paying.channelId)).toEqual({ brought: 40_000n, spent: 36_000n, held: 0n })
  expect(paying.state()).toMatchObject({ owed: 36_000n, signed: 40_000n })
})

test('a payer that vouches for no more gets no more, and the work stands still', async () => {
  const paying = await session(4, '/stream', { method: 'POST' })
  const before = worked
  const events = paying.events(`${url}/stream`, post(12))
  for (let n = 0; n < 2; n++) await events.next()
  await events.return(undefined)
  await expect.poll(() => books(paying.channelId).held).toBe(0n)
  // Two steps pay for five parts, and the stream has made two ahead.
  expect(worked - before).toBeLessThanOrEqual(7)
  const { brought, spent } = books(paying.channelId)
  expect(brought).toBeLessThanOrEqual(20_000n)
  expect(spent).toBeLessThanOrEqual(brought)
})

test('a stream never costs more than its maximum', async () => {
  const paying = await session(5, '/stream', { method: 'POST' })
  const seen: string[] = []
  for await (const { data } of paying.events(`${url}/stream`, post(20))) seen.push(data)
  expect(seen.length).toBe(20)
  expect(books(paying.channelId)).toEqual({ brought: 50_000n, spent: 50_000n, held: 0n })
})

test('a close takes what was spent and gives the rest of the deposit back, also what was vouched for beyond it', async () => {
  const before = await tokenBalance(chain, chain.customers[6]!.address)
  const paying = await session(6, '/stream', { method: 'POST' })
  await expect(paying.close()).rejects.toThrow('is worth its gas from')
  for (let n = 0; n < 3; n++) for await (const _ of paying.events(`${url}/stream`, post(9)));
  const { owed, signed } = paying.state()
  expect(owed).toBe(108_000n)
  expect(signed).toBeGreaterThan(owed)
  const told = await paying.close()
  expect(told).toMatchObject({ acceptedCumulative: '108000', spent: '108000', txHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  await expect.poll(() => tokenBalance(chain, chain.customers[6]!.address), WAIT).toBe(before - 108_000n)
  expect(await paying.close()).toMatchObject({ spent: '108000' })
  expect((await paying.fetch(`${url}/stream`, post(1))).status).toBe(410)
  await expect.poll(async () => (await yard.gateway().audit.verify()).ok, WAIT).toBe(true)
})

test('a close while work runs waits for it, and takes what it costs', async () => {
  const paying = await session(7)
  await Promise.all(Array.from({ length: 40 }, () => paying.fetch(`${url}/joke`)))
  const running = paying.fetch(`${url}/slow`)
  await slow.begun
  const closed = paying.close()
  slow.end()
  expect((await running).status).toBe(200)
  expect(await closed).toMatchObject({ acceptedCumulative: `${41n * PRICE}`, spent: `${41n * PRICE}` })
})

test('a channel is topped up when it is used up, within what its payer allows', async () => {
  const deposits = { depositUnits: 2_000_000n, depositUnitsMax: 4_000_000n }
  const paying = await session(0, '/opera', deposits)
  for (let n = 0; n < 4; n++) expect((await paying.fetch(`${url}/opera`)).status).toBe(200)
  expect(paying.state()).toMatchObject({ deposit: 4_000_000n, owed: 4_000_000n })
  await expect(paying.fetch(`${url}/opera`)).rejects.toThrow('0 of 4000000 are left')
  expect(books(paying.channelId)).toEqual({ brought: 4_000_000n, spent: 4_000_000n, held: 0n })
})

test('a voucher that a claim has shown to everybody buys nothing and closes nothing, and its payer goes on', async () => {
  const paying = await session(4)
  for (let n = 0; n < 50; n++) expect((await paying.fetch(`${url}/joke`)).status).toBe(200)
  await paying.fetch(`${url}/broken`)
  const signed = paying.state().signed
  const { payins, parties } = yard.gateway()
  const rail = evmRail(chain.chainId)
  await payins.channels.claim(rail, (await parties.splits.house(id)).splitId)
  // What the chain shows of it: sum and signature.
  const { signature } = payins.channels.records.of(rail, paying.channelId)!.voucher!
  const [before, told] = [books(paying.channelId), await fetch(`${url}/joke`)]
  const offer = readSessionOffers(told.headers.get('www-authenticate')!)[0]!
  for (const action of ['voucher', 'close']) {
    const payload = { action, channelId: paying.channelId, cumulativeAmount: `${signed}`, signature }
    const credential = Buffer.from(JSON.stringify({ challenge: offer.challenge, payload })).toString('base64url')
    const refused = await fetch(`${url}/joke`, { headers: { authorization: `Payment ${credential}` } })
    expect([refused.status, (await refused.json()).code]).toEqual([402, 'session_delta_small'])
  }
  expect(books(paying.channelId)).toEqual(before)
  expect((await paying.fetch(`${url}/joke`)).status).toBe(200)
  expect(paying.state().signed).toBe(signed + 1n)
  expect(await paying.close()).toMatchObject({ status: 'success' })
})

test('5 channels with 20 requests each at once lose none', async () => {
  const all = await Promise.all([0, 1, 2, 3, 4].map((customer) => session(customer)))
  const before = served
  const answers = await Promise.all(all.flatMap((paying) => Array.from({ length: 20 }, () => paying.fetch(`${url}/joke`))))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(100)
  expect(served).toBe(before + 100)
  for (const { channelId } of all) expect(books(channelId)).toEqual({ brought: 20n * PRICE, spent: 20n * PRICE, held: 0n })
})

test('a restart in the middle of work lets go of what that held, and what was vouched for pays for the next', async () => {
  const paying = await session(1)
  const running = paying.fetch(`${url}/stuck`)
  await stuck.begun
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: 0n, held: PRICE })
  await yard.down()
  stuck.end()
  expect((await running).status).toBeGreaterThanOrEqual(500)
  await app.close()
  await yard.up()
  await open()
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: 0n, held: 0n })
  expect((await paying.fetch(`${url}/joke`)).status).toBe(200)
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: PRICE, held: 0n })
})

test('what a restart let go of is not paid for at the close', async () => {
  const before = await tokenBalance(chain, chain.customers[3]!.address)
  const paying = await session(3)
  await Promise.all(Array.from({ length: 40 }, () => paying.fetch(`${url}/joke`)))
  const running = paying.fetch(`${url}/stuck`)
  await stuck.begun
  await yard.down()
  stuck.end()
  expect((await running).status).toBeGreaterThanOrEqual(500)
  await app.close()
  await yard.up()
  await open()
  expect(books(paying.channelId)).toEqual({ brought: 41n * PRICE, spent: 40n * PRICE, held: 0n })
  expect(await paying.close()).toMatchObject({ status: 'success', spent: `${40n * PRICE}` })
  await expect.poll(() => tokenBalance(chain, chain.customers[3]!.address), WAIT).toBe(before - 40n * PRICE)
})
