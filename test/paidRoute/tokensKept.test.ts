import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { headersOfPairs, paidToken } from './tokens.ts'

// Clients of L402 keep a token and show it until a 402 tells them that it buys nothing; any other refusal is the end of the matter for them.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
})

const DAY_MS = 86_400_000
type Headers = Readonly<Record<string, string>>
type Reply = Readonly<{
  kind: string
  headers: readonly (readonly [string, string])[]
  body: string
  claim: string
  receipt: string
}>
const post = async (url: string, payload: object) =>
  (await world.app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${world.sellerKey}` } })).json<Reply>()
const admit = (more: object, headers: Headers = {}, attempt: string = crypto.randomUUID()) =>
  post('/v1/admissions', {
    attempt,
    request: { method: 'GET', url: 'https://shop.example/books/1', route: '/books/:id', headers },
    price: { amount: '0.002' },
    ...more,
  })
const paid = async (more: object = {}) => paidToken(world, headersOfPairs((await admit(more)).headers)).shown
const problemOf = ({ body }: Reply) => JSON.parse(body)
const refundOf = ({ headers }: Reply) => headers.find(([name]) => name === 'switchyard-refund')?.[1]

/** Lets the time of a run pass in which it was to be answered. */
async function cutOff(receipt: string): Promise<void> {
  world.pass(2_000)
  const reason = async () => (await world.app.inject({ method: 'GET', url: `/v1/payments/${receipt}` })).json().reason
  await expect.poll(reason, { timeout: 5_000 }).toBe('not_served')
}

describe('a token of one request', () => {
  test.each([0, 3 * DAY_MS])('whose work was cut off gets a fresh 402 with the link to its money, also %i ms later', async (later) => {
    const shown = await paid()
    const { receipt } = await admit({ answer_within_s: 1 }, shown)
    await cutOff(receipt)
    world.pass(later)
    const told = await admit({}, shown)
    expect([told.kind, problemOf(told).code, problemOf(told).offers.length > 0]).toEqual(['unpaid', 'proof_used', true])
    expect(refundOf(told)).toContain('/v1/refunds/')
    expect((await admit({}, paidToken(world, headersOfPairs(told.headers)).shown)).kind).toBe('run')
  })

  test('whose answer was not kept gets a fresh 402 that names the receipt, and no link to money', async () => {
    const shown = await paid()
    const attempt = crypto.randomUUID()
    const run = await admit({}, shown, attempt)
    // As the faces of a seller tell an answer that is long, binary or streamed.
    await post('/v1/admissions/answers', { claim: run.claim, attempt, status: 200 })
    const told = await admit({}, shown)
    expect([told.kind, problemOf(told).code, refundOf(told)]).toEqual(['unpaid', 'proof_used', undefined])
    expect(problemOf(told).detail).toContain(run.receipt)
  })

  test('that names its request is told what became of that one', async () => {
    const named = { ...(await paid()), 'idempotency-key': 'the-one' }
    const { receipt } = await admit({ answer_within_s: 1 }, named)
    await cutOff(receipt)
    expect(problemOf(await admit({}, named)).code).toBe('request_interrupted')
  })
})

describe('a use of a pass that has a name', () => {
  test('is run again where its work was cut off, since it was given back, and then keeps its answer', async () => {
    const more = { pass: { uses: 3 } }
    const named = { ...(await paid(more)), 'idempotency-key': 'the-use' }
    for (let n = 0; n < 2; n++) {
      const { kind, receipt } = await admit({ answer_within_s: 1, ...more }, named)
      expect(kind).toBe('run')
      await cutOff(receipt)
    }
    const attempt = crypto.randomUUID()
    const run = await admit(more, named, attempt)
    await post('/v1/admissions/answers', { claim: run.claim, attempt, status: 200, body: 'a book' })
    expect(await admit(more, named)).toMatchObject({ kind: 'replayed', body: 'a book' })
    const left = (await world.app.inject({ method: 'GET', url: `/v1/payments/${run.receipt}` })).json().pass.uses_left
    expect(left).toBe(2)
  })
})
