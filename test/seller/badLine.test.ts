import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from '../paidRoute/paidRouteWorld.ts'
import { openLossyProxy } from './lossyProxy.ts'

// A seller whose line to the gateway is bad, or whose set-up is wrong: nobody works unpaid, nobody pays twice, and each is told what to do.
const PRICE_UNITS = 2_000n
const PRICE = { price: usd('0.002') }
const NOWHERE = 'http://127.0.0.1:9'

let world: PaidRouteWorld
let gateway: string
let lines: string[]
let ran: number
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
  gateway = await world.app.listen({ host: '127.0.0.1', port: 0 })
  lines = []
  ran = 0
})

const spent = () => CUSTOMER_UNITS - world.has(accounts.party(world.customer.id), USDC)
const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })
const request = (headers: Record<string, string> = {}) => new Request('http://shop.example/joke', { headers })
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code

function shop(o: { gateway: string; key?: string; work?: () => Promise<void> }) {
  const seller = createSeller({ gateway: o.gateway, key: o.key ?? world.sellerKey, log: (line) => lines.push(line) })
  const sell = seller.fetch(PRICE, async () => {
    ran++
    await o.work?.()
    return new Response(`joke ${ran}`)
  })
  return Object.assign(sell, { settled: seller.settled })
}

describe('a gateway that is away', () => {
  test('sells nothing: 503 with Retry-After, and a line for the seller', async () => {
    const answer = await shop({ gateway: NOWHERE })(request())
    expect([answer.status, answer.headers.get('retry-after'), await codeOf(answer)]).toEqual([503, '5', 'gateway_unreachable'])
    expect(lines).toEqual([expect.stringMatching(/The gateway at http:\/\/127\.0\.0\.1:9 does not answer/)])
    expect(ran).toBe(0)
  })

  test('tells who has paid to ask again, and not to pay again', async () => {
    const answer = await shop({ gateway: NOWHERE })(request(pays()))
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await answer.json()).toMatchObject({
      code: 'outcome_unknown',
      outcome: 'unknown',
      hint: expect.stringMatching(/Do not pay again/),
    })
    expect(ran).toBe(0)
  })
})

describe('a word that is lost', () => {
  async function badLine() {
    const proxy = await openLossyProxy(gateway)
    onTestFinished(() => proxy.close())
    return proxy
  }

  test('of a claim is asked for again, and the work runs once', async () => {
    const proxy = await badLine()
    proxy.fates.push('word lost', 'lost')
    const answer = await shop({ gateway: proxy.url })(request(pays()))
    expect([answer.status, await answer.text(), ran, spent()]).toEqual([200, 'joke 1', 1, PRICE_UNITS])
  })

  test('of a claim for good is found again by the same request, which runs and is paid once', async () => {
    const proxy = await badLine()
    const [sell, paid] = [shop({ gateway: proxy.url }), pays()]
    proxy.fates.push('word lost', 'lost', 'lost')
    expect((await sell(request(paid))).status).toBe(503)
    expect([ran, spent()]).toEqual([0, PRICE_UNITS])
    const answers = await Promise.all([sell(request(paid)), sell(request(paid))])
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['joke 1', 'joke 1'])
    expect([ran, spent()]).toEqual([1, PRICE_UNITS])
  })

  test('of a kept answer is asked for again', async () => {
    const proxy = await badLine()
    const [sell, paid] = [shop({ gateway: proxy.url }), pays()]
    proxy.fates.push('through', 'word lost', 'lost')
    const answer = await sell(request(paid))
    expect([answer.status, await answer.text()]).toEqual([200, 'joke 1'])
    expect((await sell(request(paid))).headers.get('idempotent-replayed')).toBe('true')
    expect([ran, spent()]).toEqual([1, PRICE_UNITS])
  })
})

test('an answer that comes after its time is not given, and the money is back', async () => {
  const paid = pays()
  const work = async () => {
    world.pass(130_000)
    while (spent() !== 0n) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const answer = await shop({ gateway, work })(request(paid))
  expect([answer.status, await codeOf(answer)]).toEqual([409, 'request_interrupted'])
  expect(spent()).toBe(0n)
})

describe('a set-up that is wrong', () => {
  test('by its key is said to the seller; the payer is told to come back', async () => {
    const answer = await shop({ gateway, key: 'sk_the_key_of_nobody' })(request())
    expect([answer.status, answer.headers.get('retry-after'), await codeOf(answer)]).toEqual([503, '30', 'seller_misconfigured'])
    expect(lines.join()).toMatch(/unauthorized.*API key of a party/s)
    expect(ran).toBe(0)
  })

  test.each([
    [{ gateway: 'localhost:8402', key: 'sk_right_enough' }, /gateway is "localhost:8402".*http:\/\/127\.0\.0\.1:8402/],
    [{ gateway: 'http://127.0.0.1:8402/v1', key: 'sk_right_enough' }, /without a path/],
    [{ gateway: NOWHERE, key: undefined }, /was given no key.*POST \/v1\/parties/],
    [{ gateway: NOWHERE, key: 'a password' }, /is no API key/],
    [{ gateway: NOWHERE, key: 'sk_right_enough', publicUrl: 'shop.example' }, /publicUrl is "shop.example"/],
  ])('by %j is said at once', (options, words) => {
    expect(() => createSeller(options)).toThrow(words)
  })

  test.each(['0', '-1', '1e3', '0.0000001', '', '1,5'])('by a price of "%s" is said at once', (amount) => {
    expect(() => usd(amount)).toThrow(/invalid_amount/)
  })

  test('by another framework than it is for is said with what to write', async () => {
    const seller = createSeller({ gateway: NOWHERE, key: 'sk_right_enough' })
    const nothing = {} as never
    await expect(seller.next(PRICE, () => new Response())(nothing)).rejects.toThrow(/route handler.*seller\.node/s)
    await expect(seller.hono(PRICE)(nothing, async () => {})).rejects.toThrow(/Hono 4/)
    await expect(seller.express(PRICE)(nothing, nothing, () => {})).rejects.toThrow(/seller\.node/)
    await expect(seller.node(PRICE, () => {})(nothing, nothing)).rejects.toThrow(/seller\.fetch/)
    await expect(seller.fastify({ version: '3.29.5', addHook: () => {} })).rejects.toThrow(/Fastify 3\.29\.5.*Install fastify 5/s)
  })
})
