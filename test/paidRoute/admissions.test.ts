import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// The wire between a gateway and sellers whose apps are elsewhere: who may run the work, how often, and where the money is after each ending.
const PRICE_UNITS = 2_000n
/** As many payers may wait for one seller. */
const AWAY_MAX = 3
const SHOP = 'https://shop.example'

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100, awayMax: AWAY_MAX })
  onTestFinished(() => world.close())
})

type Headers = [string, string][]
type Reply = {
  kind: 'run' | 'replayed' | 'unpaid' | 'refused'
  status: number
  headers: Headers & { served: Headers; failed: Headers }
  body: string
  claim: string
  receipt: string
}
type Asked = { attempt?: string; pays?: Record<string, string>; url?: string; amount?: string; more?: object; key?: string }

const newAttempt = () => crypto.randomUUID()
const fromBalance = (idempotency = crypto.randomUUID()) => ({
  authorization: `Bearer ${world.customer.key}`,
  'idempotency-key': idempotency,
})

async function post(url: string, payload: object, key = world.sellerKey) {
  return world.app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${key}` } })
}

const call = ({ attempt = newAttempt(), pays = {}, url = `${SHOP}/joke`, amount = '0.002', more = {} }: Asked) => ({
  attempt,
  request: { method: 'GET', url, route: '/joke', headers: pays },
  price: { amount },
  ...more,
})

async function admit(asked: Asked = {}): Promise<Reply> {
  const answer = await post('/v1/admissions', call(asked), asked.key)
  expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()])
  return answer.json<Reply>()
}

const answer = (claim: string, attempt: string, o: { status?: number; body?: string; key?: string } = {}) =>
  post(
    '/v1/admissions/answers',
    { claim, attempt, status: o.status ?? 200, content_type: 'text/plain', ...(o.body === undefined ? {} : { body: o.body }) },
    o.key,
  )

const balance = (party: string) => world.has(accounts.party(party), USDC)
const spent = () => CUSTOMER_UNITS - balance(world.customer.id)

/** Pays the invoice of a 402 and answers the proof. */
function l402(reply: Reply): { authorization: string } {
  const [, macaroon, invoice] = /L402 macaroon="([^"]*)", invoice="lnbcrt([^"]*)"/.exec(reply.headers.map(([, value]) => value).join('\n'))!
  return { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice!)}` }
}

test('a request without a payment is answered with the 402 of a priced route', async () => {
  const reply = await admit()
  expect(reply).toMatchObject({ kind: 'unpaid', status: 402 })
  const names = reply.headers.map(([name]) => name)
  expect(names.filter((name) => name === 'www-authenticate')).toHaveLength(3)
  expect(names).toContain('payment-required')
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'payment_required', status: 402 })
})

test('a paid request runs once, its answer is kept, and a repeat of it gets that', async () => {
  const pays = l402(await admit())
  const attempt = newAttempt()
  const run = await admit({ pays, attempt })
  expect(run).toMatchObject({ kind: 'run', receipt: expect.stringMatching(/^rc_/) })
  expect((await answer(run.claim, attempt, { body: 'a joke' })).json()).toEqual({ object: 'answer', receipt: run.receipt, status: 200 })
  const again = await admit({ pays })
  expect(again).toMatchObject({ kind: 'replayed', status: 200, body: 'a joke' })
  expect(again.headers).toContainEqual(['idempotent-replayed', 'true'])
  expect(again.headers).toContainEqual(['switchyard-receipt', run.receipt])
  expect(run.headers.served).toContainEqual(['switchyard-receipt', run.receipt])
})

test('of ten replicas with one proof one runs it, and the others are given its answer', async () => {
  const pays = fromBalance()
  const attempts = Array.from({ length: 10 }, newAttempt)
  const replies = await Promise.all(
    attempts.map(async (attempt) => {
      const reply = await admit({ pays, attempt })
      if (reply.kind === 'run') await answer(reply.claim, attempt, { body: 'the only one' })
      return reply
    }),
  )
  expect(replies.filter(({ kind }) => kind === 'run')).toHaveLength(1)
  expect(replies.filter(({ kind, body }) => kind === 'replayed' && body === 'the only one')).toHaveLength(9)
  expect([spent(), balance(world.seller)]).toEqual([PRICE_UNITS, PRICE_UNITS])
})

test('who did not hear that it may run asks again and is told so, and nobody else is', async () => {
  const pays = fromBalance()
  const attempt = newAttempt()
  const first = await admit({ pays, attempt })
  expect(await admit({ pays, attempt })).toEqual({ ...first, headers: expect.anything() })
  const other = await post('/v1/admissions/answers', { claim: first.claim, attempt: newAttempt(), status: 200 })
  expect([other.statusCode, other.json().code]).toEqual([404, 'not_found'])
  expect((await answer(first.claim, attempt, { body: 'once' })).statusCode).toBe(200)
  expect((await answer(first.claim, attempt, { body: 'twice' })).statusCode).toBe(200)
  expect(await admit({ pays, attempt })).toMatchObject({ kind: 'replayed', body: 'once' })
  expect(spent()).toBe(PRICE_UNITS)
})

test('work that failed gives the money back, and says so to a repeat', async () => {
  const pays = fromBalance()
  const attempt = newAttempt()
  const run = await admit({ pays, attempt })
  await answer(run.claim, attempt, { status: 500, body: 'no joke' })
  expect([spent(), balance(world.seller)]).toEqual([0n, 0n])
  expect(await admit({ pays })).toMatchObject({ kind: 'replayed', status: 500, body: 'no joke' })
})

test('an answer that is longer than what is kept is given once', async () => {
  const pays = fromBalance()
  const attempt = newAttempt()
  const run = await admit({ pays, attempt })
  const long = await answer(run.claim, attempt, { body: 'x'.repeat(65_537) })
  expect([long.statusCode, long.json().code]).toEqual([400, 'invalid_request'])
  expect((await answer(run.claim, attempt)).statusCode).toBe(200)
  expect(await admit({ pays })).toMatchObject({ kind: 'refused', status: 410 })
  expect(spent()).toBe(PRICE_UNITS)
})

test('a body of 64 kB is kept, however JSON writes it', async () => {
  const pays = fromBalance()
  const attempt = newAttempt()
  const run = await admit({ pays, attempt })
  const body = '\u0001'.repeat(65_536)
  expect((await answer(run.claim, attempt, { body })).statusCode).toBe(200)
  expect((await admit({ pays })).body).toBe(body)
})

describe('a seller that does not answer', () => {
  /** After the grace of a start, and after the two minutes of a seller who names none. */
  const LATE_MS = 130_000

  async function untilBack(): Promise<void> {
    world.pass(LATE_MS)
    while (spent() !== 0n) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  test('loses the money to the payer, who is told, and no copy runs', async () => {
    const pays = fromBalance()
    const attempt = newAttempt()
    const run = await admit({ pays, attempt })
    expect([spent(), balance(world.seller)]).toEqual([PRICE_UNITS, PRICE_UNITS])
    await untilBack()
    const repeat = await admit({ pays })
    expect([repeat.kind, repeat.status, JSON.parse(repeat.body).code]).toEqual(['refused', 409, 'request_interrupted'])
    expect((await admit({ pays, attempt })).kind).toBe('refused')
    const late = await answer(run.claim, attempt, { body: 'too late' })
    expect([late.statusCode, late.json().code]).toEqual([409, 'request_interrupted'])
    expect([spent(), balance(world.seller)]).toEqual([0n, 0n])
  })

  test('has as long as it said', async () => {
    const attempt = newAttempt()
    const run = await admit({ pays: fromBalance(), attempt, more: { answer_within_s: 600 } })
    const short = await admit({ pays: fromBalance(), more: { answer_within_s: 1 } })
    expect(short.kind).toBe('run')
    world.pass(LATE_MS)
    while (spent() !== PRICE_UNITS) await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await answer(run.claim, attempt, { body: 'in time' })).statusCode).toBe(200)
    expect(spent()).toBe(PRICE_UNITS)
  })

  test('lets no more than so many payers wait', async () => {
    for (let n = 0; n < AWAY_MAX; n++) expect((await admit({ pays: fromBalance() })).kind).toBe('run')
    const next = await admit({ pays: fromBalance() })
    expect([next.kind, next.status, JSON.parse(next.body).code]).toEqual(['refused', 429, 'too_busy'])
    await untilBack()
    expect((await admit({ pays: fromBalance() })).kind).toBe('run')
  })
})

describe('a proof', () => {
  test('of another seller for the same address is none', async () => {
    const pays = l402(await admit({ key: world.customer.key }))
    const reply = await admit({ pays })
    expect([reply.kind, JSON.parse(reply.body).code]).toEqual(['unpaid', 'challenge_wrong_route'])
  })

  test.each([{}, { price_of: 'request' }])('is for the request whose 402 it answers: %j', async (more) => {
    const [cheap, dear] = [`${SHOP}/book?id=1`, `${SHOP}/book?id=2`]
    const pays = l402(await admit({ url: cheap, more }))
    const tried = await admit({ pays, url: dear, amount: '5', more })
    expect([tried.kind, JSON.parse(tried.body).code]).toEqual(['unpaid', 'challenge_wrong_route'])
    expect((await admit({ pays, url: cheap, more })).kind).toBe('run')
  })

  test("pays also where its body was not read before, as long as the price is the whole route's", async () => {
    const pays = l402(await admit())
    const { request, ...rest } = call({ pays })
    const reply = await post('/v1/admissions', { ...rest, request: { ...request, body_digest: 'ab'.repeat(32) } })
    expect(reply.json<Reply>().kind).toBe('run')
  })

  test('pays for one request: another is told that it is not for it', async () => {
    const pays = l402(await admit())
    const attempt = newAttempt()
    const run = await admit({ pays, attempt })
    await answer(run.claim, attempt, { body: 'a joke' })
    const other = await admit({ pays, url: `${SHOP}/joke?another=1` })
    expect([other.kind, JSON.parse(other.body).code]).toEqual(['unpaid', 'challenge_wrong_route'])
  })

  test('of a balance is refused with what the balance lacks, and a wrong key with 401', async () => {
    const dear = await admit({ pays: fromBalance(), amount: '101' })
    expect([dear.kind, JSON.parse(dear.body).code]).toEqual(['unpaid', 'insufficient_balance'])
    const wrong = await admit({ pays: { authorization: 'Bearer sk_nobodys_key_at_all', 'idempotency-key': crypto.randomUUID() } })
    expect([wrong.kind, wrong.status]).toEqual(['refused', 401])
    const own = { authorization: `Bearer ${world.sellerKey}`, 'idempotency-key': crypto.randomUUID() }
    const toItself = await admit({ pays: own })
    expect([toItself.kind, toItself.status, JSON.parse(toItself.body).detail]).toEqual(['refused', 400, expect.stringMatching(/itself/)])
  })

  test('is answered with a content type that is one line, and a body that is larger than is read is refused by its limit', async () => {
    const attempt = newAttempt()
    const { claim } = await admit({ pays: fromBalance(), attempt })
    const kept = (more: object) => post('/v1/admissions/answers', { claim, attempt, status: 200, ...more })
    expect((await kept({ content_type: 'text/plain\r\nset-cookie: a=b' })).json()).toMatchObject({ code: 'invalid_request' })
    const large = (await kept({ body: 'x'.repeat(600_000) })).json<{ code: string; detail: string }>()
    expect([large.code, large.detail]).toEqual(['body_too_large', expect.not.stringMatching(/than 64 kB/)])
  })
})

describe('a seller', () => {
  const refusal = async (more: object, key?: string) => {
    const reply = await post('/v1/admissions', call({ more }), key)
    return [reply.statusCode, reply.json<{ code: string }>().code]
  }

  test('sells for itself, or for a split that gives it a share', async () => {
    expect(await refusal({ payee: world.customer.id })).toEqual([403, 'forbidden'])
    expect(await refusal({ split: world.duetSplit })).toEqual([404, 'not_found'])
    expect(await refusal({ split: 'sp_nothing' })).toEqual([404, 'not_found'])
    expect(await refusal({ split: world.duetSplit, payee: world.seller })).toEqual([400, 'invalid_request'])
    expect((await admit({ more: { payee: world.seller } })).kind).toBe('unpaid')
  })

  test('that is the operator says for whom', async () => {
    const operator = 'sk_operator_of_the_test'
    expect(await refusal({}, operator)).toEqual([400, 'invalid_request'])
    expect((await admit({ key: operator, more: { split: world.duetSplit } })).kind).toBe('unpaid')
  })

  test.each([
    ['no key', undefined, 401],
    ['a wrong key', 'sk_not_a_key_of_anybody', 401],
  ])('with %s sells nothing', async (_, key, status) => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
    const reply = await world.app.inject({ method: 'POST', url: '/v1/admissions', payload: call({}), headers })
    expect(reply.statusCode).toBe(status)
  })

  test.each([
    [{ price: { amount: '0' } }, 'invalid_amount'],
    [{ price: { amount: '0.0000001' } }, 'invalid_amount'],
    [{ price: { amount: '-1' } }, 'invalid_amount'],
    [{ attempt: 'short' }, 'invalid_request'],
    [{ answer_within_s: 601 }, 'invalid_request'],
    [{ prise: '1' }, 'invalid_request'],
  ])('that says %j is told what is wrong', async (more, code) => {
    expect(await refusal(more)).toEqual([400, code])
  })

  test.each(['ftp://shop.example/', '/joke', 'https://shop.example/a b', 'https://[[[/', 'https://u@shop.example/'])(
    'is not at %s',
    async (url) => {
      const reply = await post('/v1/admissions', call({ url }))
      expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([400, 'invalid_request'])
    },
  )
})
