import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { decodeMacaroon, encodeMacaroon } from '../../gateway/payins/challenge/macaroon.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf, credential, x402 } from './proofs.ts'

// A token of L402 is kept and shown again by its clients: a route sells a pass by it, of so many uses, for a time, or out of a budget.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
})

type Headers = Readonly<Record<string, string>>
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** No invoice can be paid for longer. */
const OFFERED_MS = 15 * 60_000
const ask = (url: string, headers: Headers = {}, method: 'GET' | 'HEAD' = 'GET') => world.app.inject({ method, url, headers })
const status = async (receipt: unknown) => (await world.app.inject({ method: 'GET', url: `/v1/payments/${receipt}` })).json()
const sellerHas = () => world.has(accounts.party(world.seller), USDC)

/** Pays the invoice of a pass; what shows its token. */
async function bought(url: string): Promise<{ authorization: string; account: string; invoice: string }> {
  const { macaroon, invoice } = askedOf(await ask(url))
  return { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}`, account: `pass:ps_${invoice.slice(0, 32)}`, invoice }
}

/** The same token with caveats that its holder has added, who knows no key of ours. */
function narrowed({ authorization }: { authorization: string }, ...caveats: string[]): { authorization: string } {
  const [, token = '', preimage = ''] = /^L402 ([^:]+):(.*)$/.exec(authorization) ?? []
  const base = decodeMacaroon(Buffer.from(token, 'base64'))!
  const signature = caveats.reduce((key, caveat) => createHmac('sha256', key).update(caveat).digest(), base.signature)
  const macaroon = encodeMacaroon({ ...base, caveats: [...base.caveats, ...caveats], signature })
  return { authorization: `L402 ${macaroon.toString('base64')}:${preimage}` }
}

/** Refused with everything that pays anew. */
async function refused(url: string, headers: Headers, code: string): Promise<void> {
  const before = world.ran()
  const answer = await ask(url, headers)
  expect([answer.statusCode, answer.json().code, world.ran()]).toEqual([402, code, before])
  expect(answer.headers['payment-required']).toBeDefined()
  expect(askedOf(answer).macaroon).toBeDefined()
  expect(answer.headers['switchyard-receipt']).toBeUndefined()
}

describe('a pass of ten uses', () => {
  test('is offered by its invoice alone, and other protocols buy one request', async () => {
    const asked = await ask('/ten/1')
    const { offers, detail } = asked.json()
    expect(detail).toBe(
      '/ten/:id costs 0.002 USD. The invoice, of 0.02 USD, buys 10 requests by one L402 token: keep the token. ' +
        'A client that keeps none buys all that again for each request; with Accept-Payment: lightning/charge it buys one',
    )
    expect(offers.find((offer: { rail: string }) => offer.rail === 'lightning')).toMatchObject({
      schemes: ['l402'],
      price: { amount: '0.02' },
      pass: { uses: 10, ends_at: expect.any(String) },
    })
    expect(offers.find((offer: { rail: string }) => offer.rail === 'evm:31337').price.amount).toBe('0.002')
    expect([asked.headers['www-authenticate']].flat().join()).not.toContain('method="lightning"')
    expect(await ask('/ten/1', await x402(askedOf(asked)))).toMatchObject({ statusCode: 200, body: 'ten 1' })
  })

  test('buys ten requests of its route, each answered anew, and then nothing', async () => {
    const pass = await bought('/ten/1')
    const bodies = []
    for (let n = 1; n <= 10; n++) {
      const answer = await ask(n < 6 ? '/ten/1' : `/ten/${n}?q=${n}`, pass)
      bodies.push(answer.body)
      expect(sellerHas()).toBe(BigInt(n) * 2_000n)
      expect(world.has(pass.account, USDC)).toBe(20_000n - BigInt(n) * 2_000n)
    }
    expect(bodies).toEqual(Array.from({ length: 10 }, (_, n) => `ten ${n + 1}`))
    await refused('/ten/1', pass, 'token_spent')
    // Its purchase, and each use.
    expect(new Set(world.receipts.map(({ id }) => id)).size).toBe(11)
  })

  test('is shown by the status of its purchase and of any use', async () => {
    const pass = await bought('/ten/1')
    const first = await ask('/ten/1', pass)
    await ask('/ten/2', pass)
    const left = { uses: 10, uses_left: 8, left: { asset: USDC.id, amount: '0.016' }, ended: false }
    expect((await status(first.headers['switchyard-receipt'])).pass).toMatchObject(left)
    const purchase = world.receipts.find(({ payment }) => payment === `lightning:${pass.invoice}`)!
    expect(purchase.parts).toEqual([{ to: pass.account, amount: '0.02' }])
    expect(await status(purchase.id)).toMatchObject({ status: 'settled', rail: 'lightning', pass: left })
    expect((await status((await ask('/joke', await x402(askedOf(await ask('/joke'))))).headers['switchyard-receipt'])).pass).toBeUndefined()
  })

  test('gives a use back that was not served', async () => {
    const pass = await bought('/fragile')
    for (let n = 0; n < 5; n++) expect((await ask('/fragile', { ...pass, 'x-break': '1' })).statusCode).toBe(500)
    expect([sellerHas(), world.has(pass.account, USDC)]).toEqual([0n, 4_000n])
    expect([await ask('/fragile', pass), await ask('/fragile', pass)]).toMatchObject([{ statusCode: 200 }, { statusCode: 200 }])
    await refused('/fragile', pass, 'token_spent')
  })

  test('repeats the answer of a use that has a name, and takes it once', async () => {
    const headers = { ...(await bought('/ten/1')), 'idempotency-key': 'the-same-use' }
    const [first, again] = [await ask('/ten/1', headers), await ask('/ten/1', headers)]
    expect([first.body, again.body, again.headers['idempotent-replayed'], sellerHas()]).toEqual(['ten 1', 'ten 1', 'true', 2_000n])
    await refused('/ten/2', headers, 'proof_used')
  })

  test('repeats the answer of its last use too', async () => {
    const pass = await bought('/fragile')
    await ask('/fragile', pass)
    const last = { ...pass, 'idempotency-key': 'the-last-use' }
    expect([(await ask('/fragile', last)).body, (await ask('/fragile', last)).body]).toEqual(['fragile 2', 'fragile 2'])
    await refused('/fragile', pass, 'token_spent')
  })

  test('loses nothing to HEAD', async () => {
    const pass = await bought('/ten/1')
    expect((await ask('/ten/1', pass, 'HEAD')).statusCode).toBe(402)
    expect(world.has(pass.account, USDC)).toBe(0n)
    expect((await ask('/ten/1', pass)).statusCode).toBe(200)
  })

  test('buys nothing on another route, also one with a pass of its own, and the token of one request buys no more by it', async () => {
    const pass = await bought('/ten/1')
    for (const url of ['/joke', '/fragile', '/ten-shared']) await refused(url, pass, 'challenge_wrong_route')
    const once = askedOf(await ask('/joke'))
    const one = { authorization: `L402 ${once.macaroon}:${world.lightning.pay(once.invoice)}` }
    await refused('/joke', narrowed(one, 'pass=uses.1.1', 'uses=100'), 'token_caveat_unknown')
    expect((await ask('/joke', one)).body).toBe('joke 1')
  })

  test('sells one request to who asks for a charge by name', async () => {
    const asked = await ask('/ten/1', { 'accept-payment': 'lightning/charge' })
    const { lightning, macaroon, invoice } = askedOf(asked)
    expect(lightning.method).toBe('lightning')
    const preimage = world.lightning.pay(invoice)
    expect((await ask('/ten/1', credential(lightning, { preimage }))).body).toBe('ten 1')
    expect((await ask('/ten/1', { authorization: `L402 ${macaroon}:${preimage}` })).body).toBe('ten 1')
    expect(sellerHas()).toBe(2_000n)
  })

  test('is paid back nothing of what is left: that is its seller’s when it ends', async () => {
    const pass = await bought('/ten-shared')
    await ask('/ten-shared', pass)
    world.pass(DAY_MS + OFFERED_MS)
    await refused('/ten-shared', pass, 'challenge_expired')
    world.pass(HOUR_MS)
    await expect.poll(() => world.has(pass.account, USDC), { timeout: 30_000 }).toBe(0n)
    expect(world.duet.map((party) => world.has(accounts.party(party), USDC))).toEqual([15_000n, 15_000n])
  })
})

describe('twenty requests at once', () => {
  test('on one new token all work, and use twenty', async () => {
    const pass = await bought('/ten-shared')
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/ten-shared', pass)))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(20)
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true)
    expect(world.has(pass.account, USDC)).toBe(0n)
    await refused('/ten-shared', pass, 'token_spent')
  })

  test('and thirty more are told that it is spent', async () => {
    const pass = await bought('/ten-shared')
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('/ten-shared', pass)))
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(20)
    expect(answers.filter(({ statusCode }) => statusCode === 402).map((answer) => answer.json().code)).toEqual(
      Array(30).fill('token_spent'),
    )
    expect(world.ran()).toBe(20)
  })
})

describe('a pass for an hour', () => {
  test('buys any number of requests until then, is its payee’s at once, and writes nothing of a use', async () => {
    const pass = await bought('/hour')
    for (let n = 1; n <= 30; n++) expect((await ask('/hour', pass)).body).toBe(`hour ${n}`)
    expect([sellerHas(), world.receipts.length]).toEqual([50_000n, 1])
    const { headers } = await ask('/hour', pass)
    expect(await status(headers['switchyard-receipt'])).toMatchObject({
      status: 'settled',
      pass: { kind: 'time', uses_left: null, left: null },
    })
    // Its offer can be paid for five minutes, and who pays last has the whole hour.
    world.pass(HOUR_MS)
    expect((await ask('/hour', pass)).statusCode).toBe(200)
    world.pass(OFFERED_MS)
    await refused('/hour', pass, 'challenge_expired')
  })
})

describe('a budget', () => {
  test('is used request by request, and what is left of it at its end is its payer’s', async () => {
    const pass = await bought('/budget')
    for (let n = 1; n <= 3; n++) expect((await ask('/budget', pass)).body).toBe(`budget ${n}`)
    expect([sellerHas(), world.has(pass.account, USDC)]).toEqual([6_000n, 4_000n])
    world.pass(DAY_MS + HOUR_MS + OFFERED_MS)
    const purchase = world.receipts.find(({ payment }) => payment.startsWith('lightning:'))!
    await expect.poll(() => world.has(accounts.surplus(purchase.id), BTC), { timeout: 30_000 }).toBe(4_000n)
    expect([sellerHas(), world.has(pass.account, USDC)]).toEqual([6_000n, 0n])
    expect(await status(purchase.id)).toMatchObject({
      status: 'refund_due',
      reason: 'pass_ended',
      pass: { ended: true, left: { amount: '0' } },
    })
  })

  test('has a signed receipt that says where its money went, and is not final before', async () => {
    const pass = await bought('/budget')
    await ask('/budget', pass)
    const purchase = world.receipts.find(({ payment }) => payment.startsWith('lightning:'))!
    const told = async () => {
      const { status: state, final } = await status(purchase.id)
      return { state, final, updates: world.updates(purchase.id).map(({ n, state, reason }) => [n, state, reason]) }
    }
    expect(await told()).toEqual({ state: 'settled', final: false, updates: [] })
    world.pass(DAY_MS + HOUR_MS + OFFERED_MS)
    await expect.poll(told, { timeout: 10_000 }).toEqual({ state: 'refund_due', final: false, updates: [[2, 'refund_due', 'pass_ended']] })
    expect(world.updates(purchase.id)[0]).toMatchObject({ entry: expect.stringMatching(/^en_/), amount: { asset: BTC.id } })
  })

  test('is fetched by the link that its own token is told once it has ended, and no part of it', async () => {
    const pass = await bought('/budget')
    await ask('/budget', pass)
    world.pass(DAY_MS + OFFERED_MS)
    expect((await ask('/budget', pass)).headers['switchyard-refund']).toBeUndefined()
    world.pass(HOUR_MS)
    await expect.poll(() => world.has(pass.account, USDC), { timeout: 30_000 }).toBe(0n)
    const told = await ask('/budget', pass)
    expect([told.statusCode, told.json().code]).toEqual([402, 'challenge_expired'])
    const link = new URL(String(told.headers['switchyard-refund'])).pathname
    const { state, tag, maxWithdrawable } = (await world.app.inject({ method: 'GET', url: link })).json()
    expect({ state, tag, maxWithdrawable }).toEqual({ state: 'due', tag: 'withdrawRequest', maxWithdrawable: 8_000 })
    for (const part of [narrowed(pass, 'method=GET'), narrowed(pass, 'budget_micro_usd=2000')]) {
      const answer = await ask('/budget', part)
      expect([answer.json().code, answer.headers['switchyard-refund']]).toEqual(['challenge_expired', undefined])
    }
  })

  test.each([
    ['50000', 4_000n],
    ['200000', 2_000n],
  ])('is no bet on the rate: with bitcoin at %s dollars at its end %i msat of 4,000 go back', async (btcUsd, back) => {
    await world.close()
    let now = '100000'
    world = await openPaidRoute({ finishedKept: 100, btcUsd: () => now })
    const pass = await bought('/budget')
    for (let n = 1; n <= 3; n++) await ask('/budget', pass)
    now = btcUsd
    world.pass(DAY_MS + HOUR_MS + OFFERED_MS)
    const purchase = world.receipts.find(({ payment }) => payment.startsWith('lightning:'))!
    await expect.poll(() => world.has(accounts.surplus(purchase.id), BTC), { timeout: 30_000 }).toBe(back)
  })

  test('is kept in kind where nothing converts it, and what was paid over is a surplus', async () => {
    await world.close()
    world = await openPaidRoute({ finishedKept: 100, liquidity: 0n })
    const { macaroon, invoice } = askedOf(await ask('/budget'))
    const pass = { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice, 5n)}` }
    for (let n = 1; n <= 5; n++) expect((await ask('/budget', pass)).body).toBe(`budget ${n}`)
    await refused('/budget', pass, 'token_spent')
    expect(world.has(accounts.party(world.seller), BTC)).toBe(10_000n)
    expect(world.has(accounts.surplus(world.receipts.findLast(({ payment }) => payment.startsWith('lightning:'))!.id), BTC)).toBe(5n)
  })
})

describe('the holder of a pass', () => {
  test('may give away less of it: fewer uses, which are counted apart from the others', async () => {
    const pass = await bought('/ten/1')
    const [three, four] = [narrowed(pass, 'uses=3'), narrowed(pass, 'uses=4')]
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/ten/1', three)))
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(3)
    await refused('/ten/1', three, 'token_spent')
    // What was given on of the three is a part of the three, and a caveat more makes no other part.
    for (const part of [narrowed(three, 'uses=2'), narrowed(three, 'path=/ten/*'), narrowed(three, 'uses=1000')]) {
      await refused('/ten/1', part, 'token_spent')
    }
    expect((await ask('/ten/1', narrowed(four, 'uses=1'))).statusCode).toBe(200)
    await refused('/ten/1', narrowed(four, 'uses=1'), 'token_spent')
    expect((await ask('/ten/1', four)).statusCode).toBe(200)
    expect(world.has(pass.account, USDC)).toBe(10_000n)
    await refused('/ten/1', narrowed(pass, 'uses=0'), 'token_spent')
  })

  test('has a part’s use back that was not served', async () => {
    const one = narrowed(await bought('/fragile'), 'uses=1')
    expect((await ask('/fragile', { ...one, 'x-break': '1' })).statusCode).toBe(500)
    expect((await ask('/fragile', one)).statusCode).toBe(200)
    await refused('/fragile', one, 'token_spent')
  })

  test('shares no answer with the holder of another part that uses the same Idempotency-Key', async () => {
    const pass = await bought('/ten/1')
    const [one, none] = [narrowed(pass, 'uses=1'), narrowed(pass, 'uses=0')]
    expect((await ask('/ten/1', { ...one, 'idempotency-key': '1' })).statusCode).toBe(200)
    await refused('/ten/1', { ...none, 'idempotency-key': '1' }, 'token_spent')
    expect((await ask('/ten/1', { ...one, 'idempotency-key': '1' })).body).toBe('ten 1')
    expect((await ask('/ten/1', { ...pass, 'idempotency-key': '1' })).body).toBe('ten 2')
  })

  test('may give away a part of a budget', async () => {
    const part = narrowed(await bought('/budget'), 'budget_micro_usd=5000')
    expect([(await ask('/budget', part)).statusCode, (await ask('/budget', part)).statusCode]).toEqual([200, 200])
    await refused('/budget', part, 'token_spent')
  })

  test.each([
    ['a path of it', 'path=/ten/2', 'challenge_wrong_route'],
    ['another method', 'method=POST', 'challenge_wrong_route'],
    ['another service', 'services=other:0', 'challenge_wrong_route'],
    ['no capability', 'switchyard_capabilities=', 'challenge_wrong_route'],
    ['an end that has passed', 'switchyard_valid_until=1000', 'challenge_expired'],
    ['an end in the words of others', 'time-before 2020-01-01T00:00:00Z', 'challenge_expired'],
    ['what nobody here understands', 'ip=127.0.0.1', 'token_caveat_unknown'],
    ['what another kind of pass has', 'budget_micro_usd=1', 'token_caveat_unknown'],
    ['another route', `route=${'0'.repeat(64)}`, 'token_caveat_unknown'],
  ])('may narrow it to %s', async (_, caveat, code) => {
    const pass = await bought('/ten/1')
    await refused('/ten/1', narrowed(pass, caveat), code)
    expect((await ask('/ten/1', pass)).statusCode).toBe(200)
  })

  test('cannot widen it', async () => {
    const pass = await bought('/fragile')
    const wider = narrowed(pass, 'uses=100', 'switchyard_valid_until=99999999999')
    for (let n = 0; n < 2; n++) expect((await ask('/fragile', wider)).statusCode).toBe(200)
    await refused('/fragile', wider, 'token_spent')
    const [, token = '', preimage = ''] = /^L402 ([^:]+):(.*)$/.exec(pass.authorization) ?? []
    const cut = Buffer.from(token, 'base64').toString('latin1').replace('uses=2', 'uses=9')
    await refused('/fragile', { authorization: `L402 ${Buffer.from(cut, 'latin1').toString('base64')}:${preimage}` }, 'challenge_altered')
  })
})

test('a pass is bought while its offer lives, so that nobody keeps a price for a year, and used as long as it lasts', async () => {
  const [late, inTime] = [await bought('/ten/1'), await bought('/ten/1')]
  expect((await ask('/ten/1', inTime)).statusCode).toBe(200)
  world.pass(OFFERED_MS)
  await refused('/ten/1', late, 'challenge_expired')
  expect((await ask('/ten/1', inTime)).statusCode).toBe(200)
})

test('a pass that nobody has paid for buys nothing', async () => {
  const { macaroon } = askedOf(await ask('/ten/1'))
  await refused('/ten/1', { authorization: `L402 ${macaroon}:${'0'.repeat(64)}` }, 'proof_wrong_preimage')
})

test('with as many passes open as are kept no more are sold, and the route sells single requests', async () => {
  await world.close()
  world = await openPaidRoute({ finishedKept: 100, passes: { openMax: 1 } })
  const pass = await bought('/ten/1')
  expect((await ask('/ten/1', pass)).statusCode).toBe(200)
  const { macaroon, invoice } = askedOf(await ask('/ten/1'))
  const one = { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` }
  expect([(await ask('/ten/1', one)).body, (await ask('/ten/1', one)).body, sellerHas()]).toEqual(['ten 2', 'ten 2', 4_000n])
  expect((await ask('/ten/1', pass)).body).toBe('ten 3')
})
