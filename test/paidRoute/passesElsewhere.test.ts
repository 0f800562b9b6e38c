import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// A seller whose app is elsewhere sells passes over the same two calls.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
})

type Pairs = [string, string][]
type Reply = { kind: string; headers: Pairs & { served: Pairs }; body: string; claim: string; receipt: string }
type Asked = { attempt?: string; pays?: Record<string, string>; url?: string; more?: object }

const post = (url: string, payload: object) =>
  world.app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${world.sellerKey}` } })
const call = ({ attempt = crypto.randomUUID(), pays = {}, url = '/books/1', more = { pass: { uses: 3 } } }: Asked) => ({
  attempt,
  request: { method: 'GET', url: `https://shop.example${url}`, route: '/books/:id', headers: pays },
  price: { amount: '0.002' },
  ...more,
})
async function admit(asked: Asked = {}): Promise<Reply> {
  const answer = await post('/v1/admissions', call(asked))
  expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()])
  return answer.json<Reply>()
}
const answer = async (claim: string, attempt: string, status = 200) =>
  (await post('/v1/admissions/answers', { claim, attempt, status, body: 'a book' })).statusCode

/** What an unpaid reply asks for, paid. */
const bought = async (asked: Asked = {}): Promise<Record<string, string>> => paid(await admit(asked)).pays

function paid({ headers }: Reply): Readonly<{ pays: Record<string, string>; account: string }> {
  const values = headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
  const found = { 'www-authenticate': values, 'payment-required': headers.find(([name]) => name === 'payment-required')![1] }
  const { macaroon, invoice } = askedOf({ headers: found })
  const authorization = `L402 ${macaroon}:${world.lightning.pay(invoice)}`
  return { pays: { authorization }, account: `pass:ps_${invoice.slice(0, 32)}` }
}
const sellerHas = () => world.has(accounts.party(world.seller), USDC)
const statusOf = async (receipt: string) => (await world.app.inject({ method: 'GET', url: `/v1/payments/${receipt}` })).json().status

const DAY_MS = 86_400_000
const AFTER_ITS_END_MS = DAY_MS + 2 * 3_600_000

describe('an app elsewhere', () => {
  test('is told to run each use of a pass, also again when the word was lost, and then no more', async () => {
    const pays = await bought()
    const attempt = crypto.randomUUID()
    const [first, again] = [await admit({ attempt, pays }), await admit({ attempt, pays })]
    expect([first.kind, again.kind, again.receipt]).toEqual(['run', 'run', first.receipt])
    expect(await answer(first.claim, attempt)).toBe(200)
    for (const url of ['/books/2', '/books/3?page=4']) {
      const word = crypto.randomUUID()
      const run = await admit({ attempt: word, pays, url })
      expect([run.kind, await answer(run.claim, word)]).toEqual(['run', 200])
    }
    const spent = await admit({ pays })
    expect([spent.kind, JSON.parse(spent.body).code, sellerHas()]).toEqual(['unpaid', 'token_spent', 6_000n])
  })

  test('gives a use back by a failed answer', async () => {
    const pays = await bought()
    for (let n = 0; n < 5; n++) {
      const attempt = crypto.randomUUID()
      const run = await admit({ attempt, pays })
      expect([run.kind, await answer(run.claim, attempt, 500)]).toEqual(['run', 200])
    }
    expect(sellerHas()).toBe(0n)
    expect((await admit({ pays })).kind).toBe('run')
  })

  test('is told of a pass for a time that its work may run, and tells nothing back', async () => {
    const more = { pass: { for_ms: 60_000, price: { amount: '0.01' } } }
    const pays = await bought({ more })
    for (let n = 0; n < 5; n++)
      expect(await admit({ pays, more, url: `/books/${n}` })).toMatchObject({ kind: 'open', headers: expect.any(Array) })
    expect([sellerHas(), world.receipts.length]).toEqual([10_000n, 1])
  })

  test('sells a budget also where each request has its own price', async () => {
    const more = { price: { amount: '0.003' }, price_of: 'request', pass: { budget: { amount: '0.01' } } }
    const pays = await bought({ more })
    for (let n = 0; n < 3; n++) expect((await admit({ pays, more, url: `/books/${n}` })).kind).toBe('run')
    expect(JSON.parse((await admit({ pays, more })).body).code).toBe('token_spent')
    expect((await admit({ pays, more: { ...more, price: { amount: '0.001' } } })).kind).toBe('run')
  })

  test('sells one request where a budget is less than the request costs', async () => {
    const more = { price: { amount: '0.02' }, price_of: 'request', pass: { budget: { amount: '0.01' } } }
    const asked = await admit({ more })
    expect(asked.body).toContain('"lightning"')
    expect(asked.body).not.toContain('"pass"')
    const pays = await bought({ more })
    expect([(await admit({ more, pays })).kind, sellerHas()]).toEqual(['run', 20_000n])
  })

  test.each([{ pass: { budget: { amount: '0.01' }, for_ms: DAY_MS } }, { pass: { uses: 5, for_ms: DAY_MS } }])(
    'gives back a use that it did not answer also after the end, and then all that is left has an owner: %j',
    async (more) => {
      const { pays, account } = paid(await admit({ more }))
      const run = await admit({ more, pays })
      world.pass(AFTER_ITS_END_MS)
      await expect.poll(() => statusOf(run.receipt), { timeout: 10_000 }).toBe('refunded')
      await expect.poll(() => world.has(account, USDC), { timeout: 10_000 }).toBe(0n)
      const [surplus, seller] = [world.has(accounts.surplus(world.receipts[0]!.id), BTC), sellerHas()]
      expect([surplus, seller]).toEqual('budget' in more.pass ? [10_000n, 0n] : [0n, 10_000n])
    },
  )

  test('cannot keep a use that it did not serve by spending the balance', async () => {
    const pays = await bought()
    for (let n = 0; n < 4; n++) {
      const attempt = crypto.randomUUID()
      const run = await admit({ attempt, pays })
      expect([run.kind, sellerHas()]).toEqual(['run', 0n])
      await world.payOut(accounts.party(world.seller))
      await answer(run.claim, attempt, 500)
      expect(await statusOf(run.receipt)).toBe('refunded')
    }
    const attempt = crypto.randomUUID()
    const run = await admit({ attempt, pays })
    await answer(run.claim, attempt)
    expect([run.kind, sellerHas()]).toEqual(['run', 2_000n])
  })

  test('of another party cannot use it, and an offer for it is none', async () => {
    const pays = await bought()
    const answered = await world.app.inject({
      method: 'POST',
      url: '/v1/admissions',
      payload: call({ pays }),
      headers: { authorization: `Bearer ${world.customer.key}` },
    })
    expect(JSON.parse(answered.json<Reply>().body).code).toBe('challenge_wrong_route')
  })

  test.each([
    [{ pass: {} }],
    [{ pass: { uses: 2, budget: { amount: '1' } } }],
    [{ pass: { budget: { amount: '1' }, price: { amount: '1' } } }],
    [{ pass: { budget: { amount: '0.001999' } } }],
    [{ pass: { uses: 1_000, price: { amount: '0.001' } } }],
    [{ pass: { uses: 2 }, price_of: 'request' }],
    [{ pass: { for_ms: 5 } }],
  ])('is told that this is no pass: %j', async (more) => {
    const refused = await post('/v1/admissions', call({ more }))
    expect([refused.statusCode, refused.json().code]).toEqual([400, 'invalid_request'])
  })
})
