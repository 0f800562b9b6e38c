import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { paymentRoutes } from '../../gateway/api/routes/payments.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { type AnvilChain, startAnvil } from './anvilChain.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { x402Pay } from './x402Pay.ts'

// What is held is collected when that is cheapest: by the price of gas, by who waits with it, and by its end.
const PRICE = 20_000n
const DEAR = 200_000n
const DUST = 2_000n
/** Wei: gas of a payment then costs a half of what it brings, or a hundredth. */
const [HIGH, LOW] = [50_000_000n, 1_000n]
const OFTEN = 24
/** So near its end an authorization is on its way: a margin of two minutes, and some seconds of this test. */
const ENDS_SOON_S = 128
const ENDS_LATER_S = 140
const WAIT = { timeout: 60_000, interval: 100 }
let chain: AnvilChain
let yard: GatewayOnChain
let app: FastifyInstance
let seller: string

beforeAll(async () => {
  chain = await startAnvil()
  yard = await startGateway(chain, { depth: 0 }, { collect: { holdS: 600, sharePpm: 200_000, dustUsd: '0.02' } })
  const { id, path } = await yard.party('seller')
  seller = path
  await yard.gateway().parties.splits.house(id)
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  app.get('/cheap', { config: { price: parseAmount('0.02', USD), payee: id } }, async () => ({ served: true }))
  app.get('/dust', { config: { price: parseAmount('0.002', USD), payee: id } }, async () => ({ served: true }))
  app.get('/fails', { config: { price: parseAmount('0.002', USD), payee: id } }, async (_, reply) => reply.code(400).send({}))
  app.get('/dear', { config: { price: parseAmount('0.2', USD), payee: id } }, async () => ({ served: true }))
  app.register(paymentRoutes(yard.gateway()))
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

type Payment = Readonly<{
  status: string
  evidence: Readonly<{ transaction: string | null }>
  collection?: Readonly<{ state: string; because: string; together: number; share_ppm: number }>
}>

/** Sets what gas costs from the next block on, and waits until the gateway knows. */
async function gasCosts(baseFee: bigint): Promise<void> {
  await chain.call('anvil_setNextBlockBaseFeePerGas', [`0x${baseFee.toString(16)}`])
  await chain.mine(1)
  const isHigh = () => yard.gateway().payins.chains[0]!.collectionCost!(1n).units > HIGH * 50_000n
  await expect.poll(isHigh, WAIT).toBe(baseFee === HIGH)
}

/** Pays and answers with the address that says what becomes of it. */
async function buy(customer: number, o: Readonly<{ url?: string; validForSeconds?: number }> = {}): Promise<string> {
  const answer = await x402Pay(app, chain, { url: '/cheap', customer, ...o })
  expect(answer.statusCode, answer.body).toBe(200)
  return new URL(String(answer.headers['switchyard-status'])).pathname
}

const paymentAt = async (url: string): Promise<Payment> => (await app.inject({ url })).json<Payment>()
const paymentsAt = (urls: readonly string[]): Promise<Payment[]> => Promise.all(urls.map(paymentAt))
const becauseOf = (payments: readonly Payment[]) => [
  ...new Set(payments.map(({ collection }) => `${collection?.state} ${collection?.because}`)),
]
const transactionsOf = (payments: readonly Payment[]) => [...new Set(payments.map(({ evidence }) => evidence.transaction))]

async function settled(urls: readonly string[]): Promise<Payment[]> {
  await expect.poll(async () => [...new Set((await paymentsAt(urls)).map(({ status }) => status))], WAIT).toEqual(['settled'])
  return paymentsAt(urls)
}

describe('what was paid by signature', () => {
  let credited = 0n

  test('waits while gas would cost more than its share, and goes in one transaction when the price has fallen', async () => {
    await gasCosts(HIGH)
    const urls: string[] = []
    for (let n = 0; n < OFTEN; n++) urls.push(await buy(1))
    urls.push(await buy(2))
    const waiting = await paymentsAt(urls)
    expect(becauseOf(waiting)).toEqual(['waits too_dear'])
    expect(waiting[0]?.collection?.share_ppm).toBeGreaterThan(200_000)
    expect(transactionsOf(waiting)).toEqual([null])
    await gasCosts(LOW)
    const done = await settled(urls)
    expect(becauseOf(done)).toEqual(['went waiting_costs_more'])
    expect(done[0]?.collection?.together).toBe(OFTEN + 1)
    expect(transactionsOf(done)).toHaveLength(1)
    credited += PRICE * BigInt(urls.length)
  }, 90_000)

  test('waits for company that may come, and goes along with what is collected at once', async () => {
    await gasCosts(LOW)
    const urls = [await buy(1), await buy(2)]
    expect(becauseOf(await paymentsAt(urls))).toEqual(['waits company_may_come'])
    const dear = await buy(2, { url: '/dear' })
    const done = await settled(urls)
    expect(becauseOf(done)).toEqual(['went company'])
    expect((await settled([dear]))[0]?.collection).toBeUndefined()
    credited += PRICE * 2n + DEAR
  }, 90_000)

  test('uses nothing of the day where its work fails and nothing is collected, however often', async () => {
    await gasCosts(HIGH)
    const { books } = yard.gateway().ledger
    const lost = () => books.balance('exposure:dust', USD)
    const statuses = []
    for (let n = 0; n < 12; n++) statuses.push((await x402Pay(app, chain, { url: '/fails', customer: 1 })).statusCode)
    expect(new Set(statuses)).toEqual(new Set([400]))
    await expect.poll(() => lost().creditsPosted - lost().debitsPosted, WAIT).toBe(20_000n)
  }, 60_000)

  test('is refused before the work where gas costs more than it brings, as soon as the day has taken its loss', async () => {
    await gasCosts(HIGH)
    const { books } = yard.gateway().ledger
    const left = () => books.balance('exposure:dust', USD).creditsPosted - books.balance('exposure:dust', USD).debitsPosted
    let [seq, taken] = [0, 0]
    const pay = () => {
      seq = books.head().seq
      return x402Pay(app, chain, { url: '/dust', customer: 1 })
    }
    let answer = await pay()
    for (; answer.statusCode === 200 && taken < 20; answer = await pay()) taken += 1
    expect([answer.statusCode, answer.json<{ code: string }>().code, books.head().seq]).toEqual([402, 'collection_too_dear', seq])
    expect(taken).toBeGreaterThan(0)
    expect(left()).toBeLessThan(20_000n)
    expect(left()).toBeGreaterThanOrEqual(0n)
    credited += DUST * BigInt(taken)
  }, 60_000)

  test('is collected at any price before it ends', async () => {
    await gasCosts(HIGH)
    const urls = [await buy(1), await buy(2), await buy(1, { validForSeconds: ENDS_SOON_S })]
    expect(becauseOf(await paymentsAt(urls))).toEqual(['waits too_dear'])
    const done = await settled(urls)
    expect(becauseOf(done)).toEqual(['went ends_soon'])
    expect(transactionsOf(done)).toHaveLength(1)
    credited += PRICE * 3n
  }, 90_000)

  test('waits again after a restart, and the books say what the chain says', async () => {
    await gasCosts(HIGH)
    const url = await buy(1, { validForSeconds: ENDS_LATER_S })
    await yard.down()
    await yard.up()
    expect(yard.credit(seller)).toBe(credited)
    const { payins } = yard.gateway()
    const claim = (await payins.findPayment(url.split('/').at(-1)!))!.receipt.payment
    await expect.poll(() => payins.collections.stepOf(claim)?.because, WAIT).toBe('too_dear')
    await expect.poll(async () => (await payins.findPayment(url.split('/').at(-1)!))?.status.state, WAIT).toBe('settled')
    expect(yard.credit(seller)).toBe(credited + PRICE)
    expect((await yard.gateway().audit.verify()).ok).toBe(true)
  }, 120_000)
})
