import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { permitPayment } from './badInput/permitRows.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { type Accepted, x402Header } from './proofs.ts'

// The words of a seller elsewhere about what its work has used of a maximum of 0.05 USD: while an answer goes out, and at its end.
const WAIT = { timeout: 15_000, interval: 20 }
const SHOP = 'https://shop.example'
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
})

type Reply = { kind: string; claim: string; receipt: string; answer_by: number; headers: [string, string][] }
type Run = Readonly<{ claim: string; attempt: string }>

const post = (url: string, payload: object) =>
  world.app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${world.sellerKey}` } })
const fromBalance = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })
const asked = (headers: object, more: object, attempt: string = crypto.randomUUID()) => ({
  attempt,
  request: { method: 'GET', url: `${SHOP}/tokens`, route: '/tokens', headers },
  price: { amount: '0.05', upto: true },
  ...more,
})

/** A run that is paid from a balance. */
async function run(more: object = {}): Promise<Run> {
  const call = asked(fromBalance(), more)
  const { kind, claim } = (await post('/v1/admissions', call)).json<Reply>()
  expect(kind).toBe('run')
  return { claim, attempt: call.attempt }
}

async function say(run: Run, amount: string | undefined, more: object = {}): Promise<[number, string?]> {
  const used = amount === undefined ? {} : { used: { amount } }
  const answer = await post('/v1/admissions/answers', { ...run, status: 200, ...used, ...more })
  const { code } = answer.json<{ code?: string }>()
  return code === undefined ? [answer.statusCode] : [answer.statusCode, code]
}
const tell = (run: Run, amount: string, more: object = {}) => say(run, amount, { open: true, ...more })

const balance = (party: string) => world.has(accounts.party(party), USDC)
const held = () => world.holds(accounts.party(world.customer.id), USDC)
const books = () => [CUSTOMER_UNITS - balance(world.customer.id), balance(world.seller), held()]

test('what is said with the answer is taken, and the same word again changes nothing', async () => {
  const work = await run()
  expect(books()).toEqual([0n, 0n, 50_000n])
  expect(await say(work, '0.0123', { body: 'work' })).toEqual([200])
  expect(await say(work, '0.0123', { body: 'work' })).toEqual([200])
  expect(books()).toEqual([12_300n, 12_300n, 0n])
})

test.each(['0.04', '0.001', undefined])('a use that was charged is not charged again as %s', async (amount) => {
  const work = await run()
  await say(work, '0.0123')
  expect(await say(work, amount)).toEqual([409, 'already_charged'])
  expect(books()).toEqual([12_300n, 12_300n, 0n])
})

test('nothing is taken where it says nothing, or nothing in time', async () => {
  expect(await say(await run(), undefined, { body: 'work' })).toEqual([200])
  await run({ answer_within_s: 1 })
  world.pass(60_000)
  await expect.poll(books, WAIT).toEqual([0n, 0n, 0n])
})

test('a stream says what it has used as it goes, and its end what it costs', async () => {
  const work = await run()
  expect(await tell(work, '0')).toEqual([200])
  expect(await tell(work, '0.01')).toEqual([200])
  // Sent again, or late: what was said stands.
  expect(await tell(work, '0.01')).toEqual([200])
  expect(await tell(work, '0.005')).toEqual([200])
  expect(books()).toEqual([0n, 0n, 50_000n])
  expect(await say(work, '0.0234')).toEqual([200])
  expect(await tell(work, '0.01')).toEqual([200])
  expect(books()).toEqual([23_400n, 23_400n, 0n])
})

test('of a stream whose end is never told so much is taken as was, and what comes later changes nothing', async () => {
  const work = await run({ answer_within_s: 1 })
  await tell(work, '0.02')
  world.pass(60_000)
  await expect.poll(books, WAIT).toEqual([20_000n, 20_000n, 0n])
  expect(await say(work, '0.03')).toEqual([409, 'already_charged'])
  expect(await tell(work, '0.03')).toEqual([409, 'already_charged'])
  expect(await say(work, '0.02')).toEqual([200])
  expect(books()).toEqual([20_000n, 20_000n, 0n])
})

test('a stream that has failed gives everything back', async () => {
  const work = await run()
  await tell(work, '0.02')
  expect(await say(work, undefined, { status: 500 })).toEqual([200])
  expect(books()).toEqual([0n, 0n, 0n])
})

test.each<[string, boolean]>([
  ['said', true],
  ['never said', false],
])('of work that has failed, as is %s, its payment says for good that nothing was taken', async (_, isSaid) => {
  const call = asked(fromBalance(), { answer_within_s: 1 })
  const { claim, receipt } = (await post('/v1/admissions', call)).json<Reply>()
  const status = async () => (await world.app.inject({ url: `/v1/payments/${receipt}` })).json()
  expect(await status()).toMatchObject({ status: 'held', final: false })
  if (isSaid) await say({ claim, attempt: call.attempt }, undefined, { status: 500 })
  else world.pass(60_000)
  await expect.poll(status, WAIT).toMatchObject({ status: 'failed', reason: 'not_served', final: true })
  expect(world.updates(receipt)).toMatchObject([{ state: 'failed', reason: 'not_served' }])
})

test.each<[string, string, object, string]>([
  ['more than the maximum', '0.050001', {}, 'invalid_amount'],
  ['more than the maximum so far', '0.050001', { open: true }, 'invalid_amount'],
  ['less than was told before', '0.0199', {}, 'invalid_amount'],
  ['too little more to be a word of its own', '0.0204', { open: true }, 'invalid_amount'],
  ['less than nothing', '-0.01', {}, 'invalid_amount'],
  ['parts of a unit', '0.0200001', {}, 'invalid_amount'],
  ['no amount', '2e-2', {}, 'invalid_amount'],
  ['an answer that has failed and goes on', '0.03', { open: true, status: 500 }, 'invalid_request'],
  ['an answer that is whole and goes on', '0.03', { open: true, body: 'work' }, 'invalid_request'],
  ['open as a word', '0.03', { open: 'yes' }, 'invalid_request'],
])('%s is refused, and the use goes on', async (_, amount, more, code) => {
  const work = await run()
  await tell(work, '0.02')
  expect(await say(work, amount, more)).toEqual([400, code])
  expect(books()).toEqual([0n, 0n, 50_000n])
  expect(await say(work, '0.021')).toEqual([200])
  expect(books()).toEqual([21_000n, 21_000n, 0n])
})

test.each<[string, object]>([
  ['used', { used: { amount: '0.001' } }],
  ['open', { open: true }],
])('a claim of one price takes no word of what was used: %s', async (_, more) => {
  const work = await run({ price: { amount: '0.05' } })
  expect(await say(work, undefined, more)).toEqual([400, 'invalid_request'])
})

test('another attempt, and another seller, say nothing of it', async () => {
  const work = await run()
  expect(await tell({ ...work, attempt: crypto.randomUUID() }, '0.05')).toEqual([404, 'not_found'])
  const headers = { authorization: `Bearer ${world.customer.key}` }
  const payload = { ...work, status: 200, used: { amount: '0.05' } }
  expect((await world.app.inject({ method: 'POST', url: '/v1/admissions/answers', payload, headers })).statusCode).toBe(404)
  expect(books()).toEqual([0n, 0n, 50_000n])
})

test('words that come at once are as few as those that come one by one', async () => {
  const work = await run()
  const amounts = Array.from({ length: 200 }, (_, n) => `0.02${String(n).padStart(4, '0')}`)
  const answers = await Promise.all(amounts.map((amount) => tell(work, amount)))
  expect(answers.filter(([status]) => status === 200)).toHaveLength(1)
  expect(await say(work, '0.03')).toEqual([200])
  expect(books()).toEqual([30_000n, 30_000n, 0n])
})

test('a word after work that has failed is told that nothing is paid for more', async () => {
  const work = await run()
  await tell(work, '0.02')
  expect(await say(work, undefined, { status: 500 })).toEqual([200])
  expect(await tell(work, '0.03')).toEqual([409, 'request_interrupted'])
  expect(await say(work, '0.03')).toEqual([409, 'request_interrupted'])
  // The word of its failure, sent again.
  expect(await say(work, undefined, { status: 500 })).toEqual([200])
  expect(books()).toEqual([0n, 0n, 0n])
})

test('twenty streams at once are charged what each has used', async () => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => run()))
  expect(held()).toBe(1_000_000n)
  await Promise.all(
    streams.map(async (work, n) => {
      for (const amount of ['0.01', '0.02', '0.03']) expect(await tell(work, amount)).toEqual([200])
      expect(await say(work, `0.0300${String(n).padStart(2, '0')}`)).toEqual([200])
    }),
  )
  expect(books()).toEqual([600_190n, 600_190n, 0n])
})

test('a signature is collected for what was told of a stream whose seller is gone, before it ends', async () => {
  const { headers } = (await post('/v1/admissions', asked({}, {}))).json<Reply>()
  const { accepts } = JSON.parse(Buffer.from(Object.fromEntries(headers)['payment-required']!, 'base64').toString())
  const payment = await permitPayment(accepts[0] as Accepted)
  const call = asked(x402Header(payment), { answer_within_s: 600 })
  const { kind, claim, answer_by: answerBy } = (await post('/v1/admissions', call)).json<Reply>()
  expect(kind).toBe('run')
  const endsAt = Number(payment.payload.permit2Authorization.deadline) * 1_000 // not money: a time
  // Half a minute, less what the admission took.
  expect(endsAt - answerBy).toBeGreaterThan(20_000)
  expect(endsAt - answerBy).toBeLessThanOrEqual(30_000)
  expect(await tell({ claim, attempt: call.attempt }, '0.0021')).toEqual([200])
  world.pass(answerBy - Date.now())
  await expect.poll(() => world.chain.collected, WAIT).toMatchObject([{ value: 50_000n, charge: 2_100n }])
})

test.each([
  [120, 145, 'unpaid'],
  [120, 170, 'run'],
  [600, 235, 'unpaid'],
  [600, 260, 'run'],
])('work that may take %i s is not begun for a signature that ends in %i s before it can be paid: %s', async (within, endsInS, kind) => {
  const { headers } = (await post('/v1/admissions', asked({}, {}))).json<Reply>()
  const { accepts } = JSON.parse(Buffer.from(Object.fromEntries(headers)['payment-required']!, 'base64').toString())
  const validBefore = BigInt(Math.floor(Date.now() / 1_000) + endsInS) // not money: a time
  const payment = await permitPayment(accepts[0] as Accepted, { validBefore })
  const answer = (await post('/v1/admissions', asked(x402Header(payment), { answer_within_s: within }))).json<Reply & { body?: string }>()
  expect(answer.kind).toBe(kind)
  if (kind === 'unpaid') expect(JSON.parse(answer.body!).code).toBe('proof_expires_soon')
})
