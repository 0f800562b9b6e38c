import { Readable } from 'node:stream'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { usd } from '../../gateway/seller/price.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { headersOfPairs, narrowedToken, paidToken } from './tokens.ts'

// A budget of 0.12 USD by one L402 token, for work that says what it used of 0.05 USD at most.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 200 })
  onTestFinished(() => world.close())
})

const ask = (url: string, headers: Record<string, string> = {}) => world.app.inject({ url, headers })
const bought = async () => paidToken(world, await ask('/by-use?use=0'))
const earned = () => world.has(accounts.party(world.seller), USDC)
const left = (account: string) => [world.has(account, USDC), world.holds(account, USDC)]
const codeOf = (answer: Awaited<ReturnType<typeof ask>>) => [answer.statusCode, answer.json().code]

test('its invoice buys the budget, and no single request', async () => {
  const asked = await ask('/by-use?use=0')
  const { offers, upto, detail } = asked.json()
  expect([upto, detail]).toEqual([true, expect.stringContaining('at most 0.05 USD')])
  expect(offers.find(({ rail }: { rail: string }) => rail === 'lightning')).toMatchObject({ schemes: ['l402'], price: { amount: '0.12' } })
  const offersMade = world.lightning.asked.length
  const charge = await ask('/by-use?use=0', { 'accept-payment': 'lightning/charge' })
  expect(charge.json().offers.map(({ rail }: { rail: string }) => rail)).not.toContain('lightning')
  expect(world.lightning.asked).toHaveLength(offersMade)
})

test('each request takes what it used, nothing for nothing or for work that failed, and never more than its maximum', async () => {
  const { shown, account } = await bought()
  for (const [use, total] of [
    ['0.0123', 12_300n],
    ['0', 12_300n],
    ['7', 62_300n],
  ] as const) {
    expect((await ask(`/by-use?use=${use}`, shown)).statusCode).toBe(200)
    expect([earned(), ...left(account)]).toEqual([total, 120_000n - total, 0n])
  }
  world.fails(1)
  expect((await ask('/by-use?use=0.01', shown)).statusCode).toBe(500)
  expect([earned(), ...left(account)]).toEqual([62_300n, 57_700n, 0n])
  const named = { ...shown, 'idempotency-key': 'the-same-work' }
  const [first, again] = [await ask('/by-use?use=0.01', named), await ask('/by-use?use=0.01', named)]
  expect([again.body, again.headers['idempotent-replayed'], earned()]).toEqual([first.body, 'true', 72_300n])
  const receipt = String(first.headers['switchyard-receipt'])
  expect(world.updates(receipt)).toMatchObject([{ state: 'settled', charged: { amount: '0.01' } }])
  // Less than its maximum is left, so it is not begun.
  const ran = world.ran()
  expect(codeOf(await ask('/by-use?use=0', shown))).toEqual([402, 'token_spent'])
  expect([world.ran(), earned()]).toEqual([ran, 72_300n])
})

test('of thirty at once all are served, as those before them let go of what they did not use', async () => {
  const { shown, account } = await bought()
  let [running, most] = [0, 0]
  world.fails(0, async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 5))
    running--
  })
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask('/by-use?use=0.001', shown)))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200))
  expect([earned(), ...left(account), most]).toEqual([30_000n, 90_000n, 0n, 2])
})

test('a part of the budget is used by what is used, and no further', async () => {
  const { shown, account } = await bought()
  const part = narrowedToken(shown, 'budget_micro_usd=60000')
  expect((await ask('/by-use?use=0.004', part)).statusCode).toBe(200)
  expect((await ask('/by-use?use=0.006', part)).statusCode).toBe(200)
  expect([earned(), ...left(account)]).toEqual([10_000n, 110_000n, 0n])
  expect((await ask('/by-use?use=0.001', part)).statusCode).toBe(200)
  expect(codeOf(await ask('/by-use?use=0', part))).toEqual([402, 'token_spent'])
  expect((await ask('/by-use?use=0.02', shown)).statusCode).toBe(200)
  expect([earned(), ...left(account)]).toEqual([31_000n, 89_000n, 0n])
})

test('who has a part that is used up, or uses all of its own, keeps none of the others waiting', async () => {
  const { shown, account } = await bought()
  const [spent, full] = [
    narrowedToken(shown, 'budget_micro_usd=50000'),
    narrowedToken(shown, 'valid_until=99999999999', 'budget_micro_usd=50000'),
  ]
  expect((await ask('/by-use?use=0.01', spent)).statusCode).toBe(200)
  const [began, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  world.fails(0, async () => {
    began.resolve()
    await end.promise
  })
  const running = ask('/by-use?use=0', full)
  await began.promise
  world.fails(0)
  const deep = narrowedToken(shown, 'budget_micro_usd=59000', 'budget_micro_usd=58000', 'budget_micro_usd=57000')
  for (const nothing of await Promise.all(Array.from({ length: 70 }, (_, n) => ask('/by-use?use=0', n % 2 ? spent : deep))))
    expect(codeOf(nothing)).toEqual([402, 'token_spent'])
  // These wait for what their own part has, and are more than may wait.
  const waiting = Array.from({ length: 70 }, () => ask('/by-use?use=0', full))
  expect((await Promise.any(waiting)).statusCode).toBe(429)
  expect((await ask('/by-use?use=0.001', shown)).statusCode).toBe(200)
  end.resolve()
  expect((await running).statusCode).toBe(200)
  expect((await Promise.all(waiting)).filter(({ statusCode }) => statusCode === 200)).toHaveLength(64 + 1)
  expect([earned(), ...left(account)]).toEqual([11_000n, 109_000n, 0n])
}, 60_000)

test('a stream is charged what it used, and its steps are told while it goes out', async () => {
  const pass = { budget: usd('0.10') }
  world.app.get('/words', { config: { price: { upto: usd('0.05') }, payee: world.seller, pass } }, async ({ meter }, reply) => {
    async function* words() {
      for (let n = 1; n <= 12; n++) {
        meter.add(usd('0.002'))
        yield `data: ${n}\n\n`
      }
    }
    return reply.type('text/event-stream').send(Readable.from(words()))
  })
  const { shown, account } = paidToken(world, await ask('/words'))
  const answer = await ask('/words', shown)
  expect([answer.statusCode, answer.body.split('data: ').length - 1]).toEqual([200, 12])
  await expect.poll(earned).toBe(24_000n)
  expect(left(account)).toEqual([76_000n, 0n])
})

test('a pass of uses or for a time is not sold where work is paid by its use', async () => {
  for (const pass of [{ uses: 3 }, { forMs: 3_600_000 }])
    expect(() =>
      world.app.get(`/${Object.keys(pass)[0]}`, { config: { price: { upto: usd('0.05') }, payee: world.seller, pass } }, async () => ''),
    ).toThrow(/from a budget/)
  expect(() =>
    world.app.get(
      '/small',
      { config: { price: { upto: usd('0.05') }, payee: world.seller, pass: { budget: usd('0.04') } } },
      async () => '',
    ),
  ).toThrow(/less than one request/)
})

test('a seller elsewhere sells a budget too, and says in steps what its work has used of it', async () => {
  const post = async (url: string, payload: object) => {
    const headers = { authorization: `Bearer ${world.sellerKey}` }
    return (await world.app.inject({ method: 'POST', url, payload, headers })).json()
  }
  const call = (headers: object, pass: object = { budget: { amount: '0.12' } }) => {
    const request = { method: 'GET', url: 'https://shop.example/tokens', route: '/tokens', headers }
    return { attempt: crypto.randomUUID(), request, price: { amount: '0.05', upto: true }, pass }
  }
  expect((await post('/v1/admissions', call({}, { uses: 3 }))).detail).toContain('from a budget')
  const { headers } = await post('/v1/admissions', call({}))
  const { shown, account } = paidToken(world, headersOfPairs(headers))
  const asked = call(shown)
  const run = await post('/v1/admissions', asked)
  expect(run).toMatchObject({ kind: 'run', upto: { amount: '0.05' } })
  const answer = { claim: run.claim, attempt: asked.attempt, status: 200, content_type: 'text/event-stream' }
  for (const [amount, open] of [
    ['0', true],
    ['0.005', true],
    ['0.0123', false],
  ] as const)
    await post('/v1/admissions/answers', { ...answer, used: { amount }, ...(open ? { open } : {}) })
  expect([earned(), ...left(account)]).toEqual([12_300n, 107_700n, 0n])
})
