import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openPaidRoute, type PaidRouteWorld, USDC } from '../../../test/paidRoute/paidRouteWorld.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { BTC } from '../../money/asset.ts'

/** So few requests stay in memory that one of these is old after as many more. */
const FINISHED_KEPT = 2

let world: PaidRouteWorld
beforeEach(async () => {
  const opened = await openPaidRoute({ finishedKept: FINISHED_KEPT })
  onTestFinished(() => opened.close())
  world = opened
})

const get = (authorization?: string, url = '/joke') =>
  world.app.inject({ method: 'GET', url, headers: authorization === undefined ? {} : { authorization } })

/** Asks for the price, pays it over Lightning, and answers the proof. */
async function buyProof(url = '/joke', moreMsat = 0n): Promise<string> {
  const { headers } = await get(undefined, url)
  const authenticate = [headers['www-authenticate']].flat().join('\n')
  const [, macaroon] = /L402 .*macaroon="([^"]*)"/.exec(authenticate)!
  const [, invoice] = /L402 .*invoice="lnbcrt([^"]*)"/.exec(authenticate)!
  return `L402 ${macaroon}:${world.lightning.pay(invoice!, moreMsat)}`
}

test('a 402 asks the Lightning node for invoices only, and a chain for nothing but what its rail knows by heart', async () => {
  await get()
  world.lightning.asked.length = 0
  world.chain.asked.length = 0
  const answer = await get()
  expect(answer.statusCode).toBe(402)
  expect(new Set(world.lightning.asked)).toEqual(new Set(['offer']))
  expect(world.chain.asked.filter((name) => name !== 'offer')).toEqual([])
  expect(answer.headers['payment-required']).toBeDefined()
  expect([answer.headers['www-authenticate']].flat().join()).toMatch(/L402/)
})

test('a 402 that says what is wrong with a proof asks for no more than one without', async () => {
  const [scheme] = (await buyProof()).split(':')
  world.lightning.asked.length = 0
  world.chain.asked.length = 0
  const answer = await get(`${scheme}:${'0'.repeat(64)}`)
  expect(answer.statusCode).toBe(402)
  expect(new Set(world.lightning.asked)).toEqual(new Set(['offer']))
  expect(world.chain.asked.filter((name) => name !== 'offer')).toEqual([])
})

test('a proof that is used at once reads nothing back from the journal', async () => {
  const proof = await buyProof()
  world.lightning.asked.length = 0
  expect(await get(proof)).toMatchObject({ statusCode: 200, body: 'joke 1' })
  expect(world.reads).toEqual([])
  expect(world.lightning.asked).toEqual([])
})

test('a proof that is sent again soon reads back only its answer', async () => {
  const proof = await buyProof()
  await get(proof)
  expect(await get(proof)).toMatchObject({ statusCode: 200, body: 'joke 1' })
  expect(world.reads).toEqual(['block of the answer'])
})

test('copies of a proof that are sent at the same time run the work once, and are all given its answer', async () => {
  const proof = await buyProof()
  const answers = await Promise.all(Array.from({ length: 5 }, () => get(proof)))
  expect(answers.map(({ statusCode, body }) => [statusCode, body])).toEqual(answers.map(() => [200, 'joke 1']))
  expect(world.ran()).toBe(1)
})

test('an old proof that is sent again is answered as it was, and its request is read back once', async () => {
  const old = await buyProof()
  expect(await get(old)).toMatchObject({ statusCode: 200, body: 'joke 1' })
  for (let n = 0; n < FINISHED_KEPT; n++) expect((await get(await buyProof())).statusCode).toBe(200)
  const before = world.ran()
  world.reads.length = 0
  const again = await get(old)
  expect(again).toMatchObject({ statusCode: 200, body: 'joke 1', headers: { 'idempotent-replayed': 'true' } })
  expect(world.ran()).toBe(before)
  expect(world.reads).toEqual(['block of the claim', 'facts of the receipt', 'block of the answer'])
})

/** Of one route a fifth: 10 requests at once. */
async function slowed(): Promise<void> {
  const rate = { perS: 5, burst: 50 }
  const limits = { line: rate, network: rate, caller: rate, lateMs: 60_000 }
  const opened = await openPaidRoute({ finishedKept: FINISHED_KEPT, limits })
  onTestFinished(() => opened.close())
  world = opened
}

test('who pays each time is never slowed down, and a proof that is sent again gives nothing back', async () => {
  await slowed()
  for (let i = 0; i < 12; i++) expect((await get(await buyProof())).statusCode).toBe(200)
  const old = await buyProof()
  await get(old)
  const asked: number[] = []
  for (let i = 0; i < 30; i++) {
    await get(old)
    asked.push((await get()).statusCode)
  }
  expect(asked[0]).toBe(402)
  expect(asked).toContain(429)
})

test('a payment that goes back gives nothing back', async () => {
  await slowed()
  for (let i = 0; i < 4; i++) expect((await get(await buyProof('/broken'), '/broken')).statusCode).toBe(500)
  const asked: number[] = []
  for (let i = 0; i < 10; i++) asked.push((await get(undefined, '/broken')).statusCode)
  expect(asked).toContain(429)
})

test('a receipt of what was overpaid has the rate at which the price was converted, and the rest is a surplus', async () => {
  const { headers } = await get(await buyProof('/joke', 500n))
  expect(world.receipts.find(({ id }) => id === headers['switchyard-receipt'])).toMatchObject({
    paid: { amount: '0.000000025', asset: 'BTC' },
    rate: `0.00000002 BTC = 0.002 ${USDC.id}`,
  })
  expect(world.has(accounts.surplus(String(headers['switchyard-receipt'])), BTC)).toBe(500n)
})

describe('where the pair has too little to convert what was paid over Lightning', () => {
  /** 0.002 USD at 100,000 USD for a bitcoin. */
  const PAID = 2_000n
  const [suspense, balanceOf] = [accounts.suspense('lightning'), accounts.party]

  beforeEach(async () => {
    const opened = await openPaidRoute({ finishedKept: FINISHED_KEPT, liquidity: 1_999n })
    onTestFinished(() => opened.close())
    world = opened
  })

  test('the payer is served once, the payee has what came, and the receipt says so', async () => {
    const proof = await buyProof()
    const served = await get(proof)
    expect(served).toMatchObject({ statusCode: 200, body: 'joke 1' })
    expect(await get(proof)).toMatchObject({ statusCode: 200, body: 'joke 1', headers: { 'idempotent-replayed': 'true' } })
    const { has, seller } = world
    expect([has(balanceOf(seller), USDC), has(balanceOf(seller), BTC), has(suspense, BTC)]).toEqual([0n, PAID, 0n])
    expect(world.receipts.find(({ id }) => id === served.headers['switchyard-receipt'])).toMatchObject({
      price: { amount: '0.002', asset: 'USD' },
      paid: { amount: '0.00000002', asset: 'BTC' },
      rate: '0.00000002 BTC = 0.00000002 BTC',
      parts: [{ to: seller, amount: '0.00000002' }],
    })
  })

  test('the payees of a table have their shares of what came', async () => {
    const proof = await buyProof('/duet')
    expect(await get(proof, '/duet')).toMatchObject({ statusCode: 200, body: 'duet 1' })
    expect(world.duet.map((party) => world.has(balanceOf(party), BTC))).toEqual([PAID / 2n, PAID / 2n])
    expect(world.has(suspense, BTC)).toBe(0n)
  })

  test('what came goes back whole when the work fails', async () => {
    const proof = await buyProof('/broken')
    const failed = await get(proof, '/broken')
    expect(failed.statusCode).toBe(500)
    const receipt = String(failed.headers['switchyard-receipt'])
    const { has, seller } = world
    expect([has(balanceOf(seller), BTC), has(accounts.surplus(receipt), BTC), has(suspense, BTC)]).toEqual([0n, PAID, 0n])
  })
})

test.each([
  ['a text', '0.002'],
  ['a function', () => '0.002'],
])('a price that is %s is told when its route is made', async (_, price) => {
  const make = () => world.app.get('/other', { config: { price: price as never, payee: 'pa_1' } }, async () => 'joke')
  expect(make).toThrow(expect.objectContaining({ code: 'seller_misconfigured' }))
})
