import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Meter } from '../../gateway/seller/meter.ts'
import { usd } from '../../gateway/seller/price.ts'
import { permitPayment } from './badInput/permitRows.ts'
import { FACILITATOR } from './countedRails.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { type Accepted, x402Header } from './proofs.ts'

// Work that is paid by what it uses: a maximum is held, what was used is taken, the rest is free again.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
})

let key = 0
const byBalance = (url: string, name = `key-${++key}-of-this-test`) =>
  world.app.inject({ url, headers: { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': name } })
const paid = () => CUSTOMER_UNITS - world.has(accounts.party(world.customer.id), USDC)
const earned = () => world.has(accounts.party(world.seller), USDC)
const held = () => world.holds(accounts.party(world.customer.id), USDC)

test('a balance is charged what was used, at once, and holds nothing more', async () => {
  const answer = await byBalance('/metered?use=0.0123')
  expect([answer.statusCode, answer.body]).toEqual([200, 'metered 1, 37700 left'])
  expect([paid(), earned(), held()]).toEqual([12_300n, 12_300n, 0n])
  const [receipt] = world.receipts
  expect(receipt).toMatchObject({ upto: true, state: 'authorised', paid: { amount: '0.05' } })
  expect(world.updates(receipt!.id)).toMatchObject([{ state: 'settled', charged: { amount: '0.0123' } }])
})

test('the maximum is held while the work runs, so that two cannot spend one balance', async () => {
  await world.payOut(accounts.party(world.customer.id), 60_000n)
  const answers = await Promise.all([byBalance('/metered?use=0.05'), byBalance('/metered?use=0.05')])
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 402])
  expect([earned(), held()]).toEqual([50_000n, 0n])
})

test('a balance is charged the maximum and no more, and nothing for nothing or for what failed', async () => {
  expect((await byBalance('/metered?use=7')).statusCode).toBe(200)
  expect([paid(), earned()]).toEqual([50_000n, 50_000n])
  expect((await byBalance('/metered?use=0')).statusCode).toBe(200)
  expect((await byBalance('/metered?use=0.01&status=500')).statusCode).toBe(500)
  expect([paid(), earned(), held()]).toEqual([50_000n, 50_000n, 0n])
  expect(world.receipts.map(({ id }) => world.updates(id).map(({ state, reason }) => [state, reason]))).toEqual([
    [['settled', undefined]],
    [['settled', undefined]],
    [['failed', 'not_served']],
  ])
})

test('what is counted after the answer, or less than nothing, changes nothing', async () => {
  let late: Meter | undefined
  const sold = { price: { upto: usd('0.05') }, payee: world.seller }
  world.app.get('/late', { config: sold }, async (request) => {
    late = request.meter
    late.add(usd('0.01'))
    expect(() => request.meter.add(money(USD, -10_000n))).toThrow(expect.objectContaining({ code: 'invalid_amount' }))
    return 'late'
  })
  expect((await byBalance('/late')).statusCode).toBe(200)
  late!.add(usd('0.03'))
  expect([paid(), earned(), held()]).toEqual([10_000n, 10_000n, 0n])
})

test('what is no amount of dollars is refused, and not counted as one', async () => {
  const units = ['0x10', null, 1, 0.5, Number.NaN].map((one) => ({ asset: USD, units: one }))
  const wrong = [{ asset: 'BTC', amount: '0.01' }, { asset: 'USD', amount: '-1' }, { asset: 'USD', amount: '1e3' }, ...units]
  const sold = { price: { upto: usd('0.05') }, payee: world.seller }
  world.app.get('/wrong', { config: sold }, async ({ meter }) => {
    for (const used of wrong)
      expect(() => meter.add(used as Parameters<Meter['add']>[0])).toThrow(expect.objectContaining({ code: 'invalid_amount' }))
    return 'wrong'
  })
  expect((await byBalance('/wrong')).body).toBe('wrong')
  expect([paid(), earned(), held()]).toEqual([0n, 0n, 0n])
})

test('a table shares what was used, to the unit', async () => {
  await byBalance('/metered-duet?use=0.000003')
  const parts = world.duet.map((party) => world.has(accounts.party(party), USDC))
  expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(3n)
  expect(parts).toEqual([2n, 1n])
})

test('the same key again gets the same answer and is charged once', async () => {
  const [first, again] = [
    await byBalance('/metered?use=0.01', 'the-same-key-twice'),
    await byBalance('/metered?use=0.01', 'the-same-key-twice'),
  ]
  expect([first.body, again.body, again.headers['idempotent-replayed']]).toEqual(['metered 1, 40000 left', 'metered 1, 40000 left', 'true'])
  expect(paid()).toBe(10_000n)
})

test('a route of one price has no meter', async () => {
  const answer = await byBalance('/no-meter')
  expect([answer.statusCode, answer.json()]).toEqual([503, expect.objectContaining({ code: 'seller_misconfigured' })])
  expect(paid()).toBe(0n)
})

test('a maximum is not sold over Lightning, and no invoice is asked for', async () => {
  const asked = await world.app.inject({ url: '/metered' })
  expect(asked.headers['www-authenticate']).toBeUndefined()
  expect(world.lightning.asked).not.toContain('offer')
  expect(asked.json().offers.map(({ rail }: { rail: string }) => rail)).toEqual(['evm:31337', 'book'])
  expect(world.has(accounts.suspense('lightning'), BTC)).toBe(0n)
})

/** What a 402 of this route asks of chains. */
async function entryOf(url: string): Promise<Accepted> {
  const { headers } = await world.app.inject({ url })
  return JSON.parse(Buffer.from(String(headers['payment-required']), 'base64').toString()).accepts[0]
}
const bySignature = async (url: string) => {
  const payment = await permitPayment(await entryOf(url))
  return { payment, answer: await world.app.inject({ url, headers: x402Header(payment) }) }
}

test('a signature is collected for what was used, by the account that it names', async () => {
  const { answer } = await bySignature('/metered?use=0.0021')
  expect(answer.statusCode).toBe(200)
  await expect.poll(() => world.chain.collected).toHaveLength(1)
  expect(world.chain.collected[0]).toMatchObject({ kind: 'upto', value: 50_000n, charge: 2_100n, facilitator: FACILITATOR })
  expect(world.updates(world.receipts[0]!.id)).toMatchObject([{ state: 'held', charged: { amount: '0.0021' } }])
})

test('nothing is collected of a signature whose work used nothing or failed', async () => {
  expect((await bySignature('/metered?use=0')).answer.statusCode).toBe(200)
  expect((await bySignature('/metered?use=0.01&status=502')).answer.statusCode).toBe(502)
  expect(world.chain.asked).not.toContain('collect')
  expect(world.holds(accounts.transit('evm:31337'), USDC)).toBe(0n)
})

test('strangers whose maxima are not collected yet owe no more than new payers may, and nobody works for the next', async () => {
  // 1 USD for all new payers together, 0.05 each.
  for (let n = 0; n < 20; n++) expect((await bySignature('/metered?use=0.05')).answer.statusCode).toBe(200)
  const { answer } = await bySignature('/metered?use=0.05')
  expect([answer.statusCode, answer.json().code]).toEqual([402, 'credit_needed'])
  expect(world.ran()).toBe(20)
})

test('what can not be collected uses up what it cost, and not the maximum', async () => {
  world.chain.says({ kind: 'failed', reason: 'already_used' })
  await bySignature('/metered?use=0.01')
  await expect.poll(() => world.holds('exposure:new', USD)).toBe(0n)
  expect(world.has('exposure:new', USD)).toBe(1_000_000n - 10_000n)
})

test('what a seller gives back of a maximum is what was taken of it, and of nothing nothing', async () => {
  const give = (receipt: string) =>
    world.app.inject({
      method: 'POST',
      url: '/v1/refunds',
      headers: { authorization: `Bearer ${world.sellerKey}`, 'idempotency-key': `refund-of-${receipt}` },
      payload: { receipt },
    })
  await byBalance('/metered?use=0.05')
  await byBalance('/metered?use=0.0123')
  await byBalance('/metered?use=0')
  const [, used, free] = world.receipts
  expect((await give(used!.id)).statusCode).toBe(201)
  expect([paid(), earned()]).toEqual([50_000n, 50_000n])
  const refused = await give(free!.id)
  expect([refused.statusCode, refused.json().code]).toEqual([409, 'not_refundable'])
})
