import { expect, onTestFinished, test } from 'vitest'
import { type GuardLimits, LIMITS_ON_ONE_MACHINE } from '../../gateway/guard/openGuard.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { CUSTOMER_UNITS, openPaidRoute, USDC } from './paidRouteWorld.ts'

// Many calls of a seller in one request: each is what it would be alone.
type Line = {
  n: number
  status: number
  body: { kind?: string; code?: string; claim: string; receipt?: string; errors?: { path: string }[] }
}

async function gatewayOf(limits: GuardLimits = LIMITS_ON_ONE_MACHINE) {
  const world = await openPaidRoute({ finishedKept: 100, limits })
  onTestFinished(() => world.close())
  const pays = (key: string = crypto.randomUUID()) => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': key })
  const admit = (headers: object = {}, attempt: string = crypto.randomUUID()) => ({
    admit: { attempt, request: { method: 'GET', url: 'https://shop.example/joke', route: '/joke', headers }, price: { amount: '0.002' } },
  })
  async function batch(calls: object[], key = world.sellerKey) {
    const url = '/v1/admissions/batches'
    const answer = await world.app.inject({ method: 'POST', url, payload: { calls }, headers: { authorization: `Bearer ${key}` } })
    if (answer.statusCode !== 200) return { status: answer.statusCode, lines: [] }
    const lines = answer.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
    return { status: 200, lines: lines.toSorted((a, b) => a.n - b.n) }
  }
  const spent = () => CUSTOMER_UNITS - world.has(accounts.party(world.customer.id), USDC)
  return { world, pays, admit, batch, spent }
}

test('each call has its own word, and one that is wrong spoils no other', async () => {
  const { pays, admit, batch, spent } = await gatewayOf()
  const attempt = crypto.randomUUID()
  const unknown = { answer: { claim: 'nobody', attempt, status: 200 } }
  const { lines } = await batch([admit(), { admit: { attempt } }, admit(pays(), attempt), unknown])
  expect(lines.map(({ status, body }) => [status, body.kind ?? body.code])).toEqual([
    [200, 'unpaid'],
    [400, 'invalid_request'],
    [200, 'run'],
    [404, 'not_found'],
  ])
  expect(lines[1]!.body.errors!.map(({ path }) => path)).toEqual(['request', 'price'])
  const kept = await batch([{ answer: { claim: lines[2]!.body.claim, attempt, status: 200, body: 'a joke' } }])
  expect([kept.lines[0]!.body.receipt, spent()]).toEqual([lines[2]!.body.receipt, 2_000n])
})

test('one payment in several calls runs once, and the call that runs it waits for none of the others', async () => {
  const { world, pays, spent } = await gatewayOf()
  const gateway = await world.app.listen({ host: '127.0.0.1', port: 0 })
  let [ran, requests] = [0, 0]
  world.app.server.on('request', () => requests++)
  const seller = createSeller({ gateway, key: world.sellerKey, log: () => {} })
  const sell = seller.fetch({ price: usd('0.002') }, () => new Response(`joke ${++ran}`))
  const headers = pays()
  const answers = await Promise.all(Array.from({ length: 10 }, () => sell(new Request('http://shop.example/joke', { headers }))))
  expect(await Promise.all(answers.map((one) => one.text()))).toEqual(answers.map(() => 'joke 1'))
  expect([ran, spent()]).toEqual([1, 2_000n])
  // All were asked in one turn; the answer of the one that ran is the second.
  expect(requests).toBe(2)
})

test('each call is one of its caller, whose share a batch can not get round', async () => {
  const { admit, batch } = await gatewayOf({ ...LIMITS_ON_ONE_MACHINE, caller: { perS: 1, burst: 5 } })
  expect((await batch([admit(), admit(), admit()])).status).toBe(200)
  expect((await batch([admit(), admit(), admit()])).status).toBe(429)
  expect((await batch([admit()])).status).toBe(200)
})

test('a batch needs a key, and has at least one call and at most 64', async () => {
  const { admit, batch } = await gatewayOf()
  expect((await batch([admit()], 'sk_the_key_of_nobody')).status).toBe(401)
  expect((await batch([])).status).toBe(400)
  expect((await batch(Array.from({ length: 65 }, () => admit()))).status).toBe(400)
})
