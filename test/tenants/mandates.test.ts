import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestOf } from '../../gateway/guard/mandates/sdJwt.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { OPERATOR_KEY } from '../localConfig.ts'
import { mandateIssuer } from '../mandateIssuer.ts'
import { browserOf } from './browserOf.ts'
import { openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

type Party = Readonly<{ id: string; secret: string }>
let w: PeopleWorld
let seller: Party
let other: Party
let owner: Party

beforeAll(async () => {
  w = await openPeopleWorld()
  ;[seller, other, owner] = [await w.party('Seller'), await w.party('Other'), await w.party('Owner')]
  await w.fund(owner.id, 1_000_000_000n)
}, 60_000)
afterAll(() => w?.close())

const issuer = mandateIssuer()
const cnf = { jwk: mandateIssuer().issuerKey }
const ESSAY = 'https://api.example/essays/7'
const range = (max: number) => ({ type: 'payment.amount_range', currency: 'USD', max, min: 0 })
const budget = (max: number) => ({ type: 'payment.budget', currency: 'USD', max })
const again = (most?: number) => ({ type: 'payment.agent_recurrence', frequency: 'ON_DEMAND', ...(most ? { max_occurrences: most } : {}) })
const payees = (...ids: string[]) => ({ type: 'payment.allowed_payees', allowed: ids.map((id) => ({ id, name: 'Somebody' })) })
let made = 0
/** Each is another one: `iat` tells them apart. */
const open = (...constraints: object[]) => ({ vct: 'mandate.payment.open.1', constraints, cnf, iat: 1_700_000_000 + made++ })
const given = (content: object, more: object = {}) => ({ payment: issuer.mandate(content), issuer_key: issuer.issuerKey, ...more })
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const create = (mandate: object, more: object = {}, secret = owner.secret) =>
  w.ask('POST', '/v1/agents', secret, { payload: { name: 'buyer', request_usd_max: '1', day_usd_max: '9', mandate, ...more } })
async function agent(mandate: object, more: object = {}) {
  const { status, body, secret } = await create(mandate, more)
  expect([status, body]).toEqual([201, expect.objectContaining({ object: 'agent' })])
  return { id: String(body.id), secret, body }
}
const refusal = async (mandate: object, more: object = {}) => {
  const { status, body } = await create(mandate, more)
  return [status, body.code, String(body.detail)]
}
const of = async (id: string) => (await w.ask('GET', `/v1/agents/${id}`, owner.secret)).body.mandate as Record<string, unknown>

async function pay(secret: string, amount: string, o: { by?: Party; url?: string; key?: string; upto?: true } = {}) {
  const { by = seller, url = ESSAY, key = crypto.randomUUID(), upto } = o
  const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': key }
  const request = { method: 'GET', url, route: '/essays/:id', headers }
  const price = { amount, ...(upto ? { upto } : {}) }
  const attempt = crypto.randomUUID()
  const { status, body } = await w.ask('POST', '/v1/admissions', by.secret, { payload: { attempt, request, price } })
  expect([status, body]).toEqual([200, expect.anything()])
  const answer = body as { kind: string; body?: string; claim?: string; receipt?: string }
  const problem = answer.kind === 'refused' ? (JSON.parse(answer.body!) as { code?: string; detail?: string }) : {}
  return { ...answer, attempt, code: problem.code ?? answer.kind, detail: problem.detail ?? '' }
}
async function answer({ claim, attempt }: Awaited<ReturnType<typeof pay>>, more: object = {}) {
  const payload = { claim, attempt, status: 200, content_type: 'text/plain', body: 'done', ...more }
  expect((await w.ask('POST', '/v1/admissions/answers', seller.secret, { payload })).status).toBe(200)
}

describe('an agent with a mandate', () => {
  test('spends the least of it and of its policy, also after a kill, and no more of its budget than that in all', async () => {
    const mandate = given(open(range(50), budget(1.2), again()))
    const { id, secret, body } = await agent(mandate)
    expect([body.request_max, body.mandate]).toMatchObject([
      { amount: '0.5' },
      { payment_sha256: sha256(mandate.payment), budget_max: { amount: '1.2' }, budget_left: { amount: '1.2' }, uses_max: null },
    ])
    expect((await pay(secret, '0.6')).detail).toContain('0.5')
    expect((await pay(secret, '0.5')).code).toBe('run')
    await w.killed()
    expect(await of(id)).toMatchObject({ budget_left: { amount: '0.7' } })
    const many = await Promise.all(Array.from({ length: 6 }, () => pay(secret, '0.3')))
    expect(many.map(({ code }) => code).toSorted()).toEqual([...Array.from({ length: 4 }, () => 'agent_limit'), 'run', 'run'])
    const after = await pay(secret, '0.2')
    expect([after.code, after.detail]).toEqual(['agent_limit', expect.stringContaining('1.2 USD in all')])
    expect(await of(id)).toMatchObject({ budget_left: { amount: '0.1' } })
    // What was not served is there again.
    await answer(many.find(({ code }) => code === 'run')!, { status: 500 })
    expect(await of(id)).toMatchObject({ budget_left: { amount: '0.4' } })
  })

  test('pays as often as it says, and a repeat of a payment is none', async () => {
    const { id, secret } = await agent(given(open(range(10), budget(5), again(2))))
    const key = crypto.randomUUID()
    const first = await pay(secret, '0.1', { key })
    await answer(first)
    expect((await pay(secret, '0.1', { key })).code).toBe('replayed')
    const both = await Promise.all([pay(secret, '0.1'), pay(secret, '0.1')])
    expect(both.map(({ code }) => code).toSorted()).toEqual(['agent_limit', 'run'])
    await w.killed()
    const third = await pay(secret, '0.1')
    expect([third.code, third.detail]).toEqual(['agent_limit', expect.stringContaining('for 2 payments')])
    expect(await of(id)).toMatchObject({ uses_left: 0, budget_left: { amount: '4.8' } })
    // Without a word on it, it is for one payment.
    const once = await agent(given(open(range(10))))
    expect([(await pay(once.secret, '0.1')).code, (await pay(once.secret, '0.1')).code]).toEqual(['run', 'agent_limit'])
  })

  test('pays by its use what was used, which counts so much, and as one payment', async () => {
    const { id, secret } = await agent(given(open(range(100), budget(3), again(2))))
    const metered = await pay(secret, '1', { upto: true })
    expect([metered.code, (await of(id)).budget_left]).toMatchObject(['run', { amount: '2' }])
    await answer(metered, { used: { amount: '0.25' } })
    expect(await of(id)).toMatchObject({ budget_left: { amount: '2.75' }, uses_left: 1 })
    expect((await w.ask('GET', `/v1/agents/${id}`, owner.secret)).body.left_today).toMatchObject({ amount: '8.75' })
  })

  test('pays by its use out of a balance in another asset, and its payee is given its own', async () => {
    const { ledger, ground } = w.gateway()
    const payer = await w.party('Bitcoiner')
    const legs = [
      { kind: 'move' as const, debit: 'capital:operator', credit: `party:${payer.id}`, asset: BTC, units: 10_000_000_000n },
      {
        kind: 'move' as const,
        debit: 'capital:operator',
        credit: accounts.fx(BTC, ground.bookAsset),
        asset: ground.bookAsset,
        units: 50_000_000n,
      },
    ]
    expect(await ledger.books.submit({ entry: { id: ground.ids.entry(), payment: 'grant', legs } })).toMatchObject({ kind: 'applied' })
    const { body, secret } = await create(given(open(range(100), budget(3), again())), {}, payer.secret)
    const has = () => ledger.books.balance(`party:${seller.id}`, ground.bookAsset).creditsPosted
    const before = has()
    const metered = await pay(secret, '1', { upto: true })
    await answer(metered, { used: { amount: '0.25' } })
    expect([has() > before, ledger.books.balance(`party:${seller.id}`, ground.usd).creditsPosted]).toEqual([true, 0n])
    const { mandate } = (await w.ask('GET', `/v1/agents/${body.id}`, payer.secret)).body
    expect(mandate).toMatchObject({ budget_left: { amount: '2.75' } })
  })

  test('pays whom both allow, of those who are parties here, for what its checkout names, until the nearest end', async () => {
    const checkout = issuer.mandate({
      vct: 'mandate.checkout.open.1',
      constraints: [
        { type: 'checkout.line_items', items: [{ id: 'line', quantity: 1, acceptable_items: [{ id: ESSAY, title: 'An essay' }] }] },
        { type: 'checkout.allowed_merchants', allowed: [{ id: seller.id, name: 'Seller' }] },
      ],
      cnf,
    })
    const refers = { type: 'payment.reference', conditional_transaction_id: digestOf(checkout) }
    const exp = Math.floor(w.gateway().ground.clock.now() / 1_000) + 3_600
    const content = { ...open(range(20), budget(9), again(), refers, payees('shop.example', seller.id)), exp }
    const { secret, body } = await agent(given(content, { checkout }), { expires_in_s: 86_400 })
    expect(body).toMatchObject({ payees: [seller.id], ends_at: new Date(exp * 1_000).toISOString(), mandate: { items: [ESSAY] } })
    expect((await pay(secret, '0.1', { by: other })).detail).toContain(`may not pay ${other.id}`)
    for (const url of [`${ESSAY}?more=1`, 'https://api.example/essays/8'])
      expect((await pay(secret, '0.1', { url })).detail).toContain('does not name')
    expect((await pay(secret, '0.1')).code).toBe('run')
    expect(await refusal(given(open(range(1), payees('shop.example'))))).toEqual([
      422,
      'mandate_invalid',
      expect.stringContaining('no payee'),
    ])
    const narrow = await refusal(given(open(range(1), payees(seller.id))), { payees: [other.id] })
    expect(narrow.slice(0, 2)).toEqual([422, 'mandate_invalid'])
  })

  test('is not made by one that somebody else has signed, that is over or changed, or that could not be held', async () => {
    const ended = Math.floor(w.gateway().ground.clock.now() / 1_000) - 1
    const good = given(open(range(10)))
    const [head, , ...rest] = good.payment.split('.')
    const changed = [head, Buffer.from('{}').toString('base64url'), ...rest].join('.')
    const wrong: [string, object][] = [
      ['issuer_key has not signed it', { ...good, issuer_key: mandateIssuer().issuerKey }],
      ['issuer_key has not signed it', { ...good, payment: changed }],
      ['its time is over', given({ ...open(range(10)), exp: ended })],
      ['constraints.0', given(open({ ...range(10), currency: 'EUR' }))],
      ['constraints.0', given(open({ type: 'payment.allowed_pisps', allowed: [] }))],
    ]
    for (const [why, mandate] of wrong) expect(await refusal(mandate)).toEqual([422, 'mandate_invalid', expect.stringContaining(why)])
    const tooLong = await create({ ...good, payment: `${'a'.repeat(16_384)}~` })
    const withSecret = await create({ ...good, issuer_key: { ...good.issuer_key, d: 'secret' } })
    expect([tooLong.status, withSecret.status]).toEqual([400, 400])
    expect((await agent(good)).body.status).toBe('active')
  })

  test('has it for itself: given twice, also in another spelling or at once, it is refused, but for a repeat of the request', async () => {
    const mandate = given(open(range(10)))
    const payload = { name: 'buyer', request_usd_max: '1', day_usd_max: '9', mandate }
    const idempotencyKey = crypto.randomUUID()
    const asked = () => w.ask('POST', '/v1/agents', owner.secret, { payload, idempotencyKey })
    const first = await asked()
    expect([(await asked()).body, first.status]).toEqual([first.body, 201])
    await w.ask('POST', `/v1/agents/${first.body.id}/revoke`, owner.secret)
    expect(await refusal(mandate)).toEqual([422, 'mandate_invalid', expect.stringContaining(String(first.body.id))])
    // An ES256 signature has a second form that holds as well.
    expect(await refusal({ ...mandate, payment: withOtherSignature(mandate.payment) })).toEqual([
      422,
      'mandate_invalid',
      expect.stringContaining('given before'),
    ])
    await w.killed()
    expect((await refusal(mandate))[1]).toBe('mandate_invalid')
    const second = given(open(range(10)))
    const both = await Promise.all([create(second), create(second)])
    expect(both.map(({ status, body }) => body.code ?? status).toSorted()).toEqual([201, 'mandate_invalid'])
    // Another party learns nothing of it.
    expect((await create(second, {}, other.secret)).status).toBe(201)
  })

  test('comes by the grant of a device code as well, and is agreed to by another person at what it allows in all', async () => {
    const payer = await w.party('Limited')
    for (const role of ['admin', 'approver']) await w.key(payer.secret, { person: `an ${role}`, role })
    await w.ask('POST', `/v1/parties/${payer.id}/approvals`, payer.secret, { payload: { payouts_usd_max: '3' } })
    const grant = async (mandate: object) => {
      const asked = await w.ask('POST', '/v1/device_codes', undefined, { payload: { name: 'buyer' } })
      const payload = { name: 'buyer', request_usd_max: '1', day_usd_max: '9', mandate }
      return w.ask('POST', `/v1/device_codes/${asked.body.user_code}/grant`, payer.secret, { payload })
    }
    const mandate = given(open(range(100), budget(4), again()))
    const waits = await grant(mandate)
    expect([waits.status, waits.body]).toMatchObject([202, { amount: { amount: '4' } }])
    expect(JSON.stringify(waits.body)).not.toContain(mandate.payment)
    expect(waits.body.request).toMatchObject({ mandate: { payment_sha256: sha256(mandate.payment), budget_usd_max: '4' } })
    // One payment of a dollar is within the limit.
    const alone = await grant(given(open(range(100))))
    expect([alone.status, alone.body.mandate]).toMatchObject([201, { uses_max: 1 }])
  })

  test('shows it with what was paid to its party and to an operator, and to nobody else', async () => {
    const mandate = given(open(range(10), budget(1), again()))
    const { id, secret } = await agent(mandate)
    const paid = await pay(secret, '0.1')
    await answer(paid)
    const used = { agent: id, payment_sha256: sha256(mandate.payment), checkout_sha256: null, mandate_url: `/v1/agents/${id}/mandate` }
    const payment = async (who: string | undefined) => (await w.ask('GET', `/v1/payments/${paid.receipt}`, who)).body.mandate
    expect([await payment(owner.secret), await payment(OPERATOR_KEY)]).toEqual([used, used])
    expect([await payment(seller.secret), await payment(other.secret), await payment(undefined)]).toEqual([undefined, undefined, undefined])
    const listed = (await w.ask('GET', '/v1/payments', owner.secret)).body.data as { id: string; mandate?: object }[]
    expect(listed.find((one) => one.id === paid.receipt)?.mandate).toEqual(used)
    const statement = (await w.ask('GET', `/v1/agents/${id}/statement`, owner.secret)).body
    expect(statement.mandate).toMatchObject({ payment_sha256: used.payment_sha256, budget_left: { amount: '0.9' } })

    const opening = { payment: paid.receipt, reason: 'not_authorized' }
    const dispute = await w.ask('POST', '/v1/disputes', OPERATOR_KEY, { payload: opening })
    expect([dispute.status, dispute.body.mandate]).toEqual([201, used])
    const asPayee = await w.ask('GET', `/v1/disputes/${dispute.body.id}`, seller.secret)
    expect([asPayee.status, asPayee.body.mandate]).toEqual([200, null])

    await w.ask('POST', `/v1/agents/${id}/revoke`, owner.secret)
    await w.restart()
    const kept = {
      agent: id,
      payment: mandate.payment,
      checkout: null,
      issuer_key: mandate.issuer_key,
      payment_sha256: used.payment_sha256,
    }
    const download = (who: string, path = used.mandate_url) => w.ask('GET', path, who)
    for (const who of [owner.secret, OPERATOR_KEY]) expect((await download(who)).body).toMatchObject(kept)
    for (const who of [seller.secret, other.secret]) expect((await download(who)).status).toBe(404)
    const { secret: noAgents } = await w.key(owner.secret, { can: { payments: 'read' } })
    expect([(await download(secret)).status, (await download(noAgents)).status]).toEqual([403, 403])
    const browser = await browserOf(w.app(), owner.secret)
    const page = (await browser.get('/dashboard/agents')).body
    expect(page).toContain(`href="/dashboard/json${used.mandate_url}"`)
    expect((await browser.get(`/dashboard/json${used.mandate_url}`)).body).toContain(mandate.payment)
    const plain = await w.ask('POST', '/v1/agents', owner.secret, { payload: { name: 'x', request_usd_max: '1', day_usd_max: '1' } })
    expect([plain.body.mandate, (await download(owner.secret, `/v1/agents/${plain.body.id}/mandate`)).status]).toEqual([null, 404])
  })
})

/** The same token with s of its signature taken from the order of P-256. */
function withOtherSignature(token: string): string {
  const [jwt = '', ...disclosed] = token.split('~')
  const at = jwt.lastIndexOf('.') + 1
  const signature = Buffer.from(jwt.slice(at), 'base64url')
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const other = Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  return [jwt.slice(0, at) + other.toString('base64url'), ...disclosed].join('~')
}
