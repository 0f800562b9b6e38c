import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { type Body, openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

const [ANNA, BEN] = ['sk_anna_of_this_gateway', 'sk_ben_who_approves_here']
/** A dollar and a half in the smallest units of the asset of balances here, euros of six places. */
const UNITS = 1_000_000n

let w: PeopleWorld
let other: { id: string; secret: string }

beforeAll(async () => {
  const operators = [
    { name: 'anna', key: ANNA, role: 'admin' },
    { name: 'ben', key: BEN, role: 'approver' },
  ]
  const approvals = { payoutsUsdMax: '50', operatorKeys: true, waitHours: 1 }
  w = await openPeopleWorld({ operators, approvals, nwc: { relays: ['ws://127.0.0.1:9'] } })
  other = await w.party('Other')
}, 60_000)
afterAll(() => w?.close())

/** A party with a balance, a limit of 10 dollars a day, and two people who may agree. */
async function limited() {
  const party = await w.party('Limited')
  await w.fund(party.id, 100n * UNITS)
  const mia = await w.key(party.secret, { person: 'Mia', role: 'admin' })
  const max = await w.key(party.secret, { person: 'Max', role: 'approver' })
  const set = await w.ask('POST', `/v1/parties/${party.id}/approvals`, party.secret, { payload: { payouts_usd_max: '10' } })
  expect([set.status, set.body]).toEqual([200, { object: 'approval_limits', party: party.id, payouts_usd_max: '10' }])
  return { ...party, mia, max }
}

const order = (party: string, amount: string) => ({
  party,
  amount: { asset: w.gateway().ground.bookAsset.id, amount },
  destinations: [{ kind: 'party', party: other.id }],
  reference: 'rent',
})
const payOut = (party: string, amount: string, secret: string, idempotencyKey?: string) =>
  w.ask('POST', '/v1/payouts', secret, { payload: order(party, amount), ...(idempotencyKey ? { idempotencyKey } : {}) })
const word = (id: unknown, which: 'approve' | 'refuse', secret: string) => w.ask('POST', `/v1/approvals/${id}/${which}`, secret)
const units = (account: string) => w.gateway().ledger.books.balance(account, w.gateway().ground.bookAsset)
const settled = async (id: unknown) => (await w.ask('GET', `/v1/payouts/${id}?wait=20`, OPERATOR_KEY)).body

describe('a payout above a limit', () => {
  test('below the limit it goes at once, above it waits with its money held, and another person makes it go', async () => {
    const p = await limited()
    expect((await payOut(p.id, '2', p.secret)).status).toBe(201)
    const asked = await payOut(p.id, '20', p.mia.secret)
    expect([asked.status, asked.body]).toEqual([
      202,
      expect.objectContaining({ object: 'approval', status: 'needs_approval', needs: ['party'] }),
    ])
    expect(asked.body).toMatchObject({ asked_by: { of: 'party', person: 'Mia' }, request: { reference: 'rent' }, what: 'POST /v1/payouts' })
    expect(units(`party:${p.id}`).debitsPending).toBe(20n * UNITS)
    expect((await w.ask('GET', `/v1/payouts/${asked.body.payout}`, p.secret)).body).toMatchObject({
      status: 'needs_approval',
      approval: asked.body.id,
    })
    const agreed = await word(asked.body.id, 'approve', p.max.secret)
    expect([agreed.status, agreed.body]).toEqual([200, expect.objectContaining({ status: 'done', waits_for: [] })])
    expect(await settled(asked.body.payout)).toMatchObject({ status: 'settled', id: asked.body.payout })
    expect(units(`party:${p.id}`)).toMatchObject({ debitsPending: 0n, debitsPosted: 22n * UNITS })
    expect((await word(asked.body.id, 'approve', p.max.secret)).body.code).toBe('approval_ended')
    expect(units(`party:${p.id}`).debitsPosted).toBe(22n * UNITS)
  })

  test('nobody agrees with himself, by whichever key; nor does a key of no person, a role that may not, or another party', async () => {
    const p = await limited()
    const asked = await payOut(p.id, '20', p.mia.secret)
    const second = await w.ask('POST', '/v1/keys', p.mia.secret, { payload: { name: 'a second key of Mia' } })
    expect(second.status).toBe(201)
    const viewer = await w.key(p.secret, { person: 'Vic', role: 'viewer' })
    const alien = await w.key(other.secret, { person: 'Max', role: 'approver' })
    for (const [secret, status] of [
      [p.mia.secret, 403],
      [second.secret, 403],
      [p.secret, 403],
      [viewer.secret, 403],
      [alien.secret, 404],
      [BEN, 403],
    ] as const)
      expect((await word(asked.body.id, 'approve', secret)).status).toBe(status)
    expect(units(`party:${p.id}`).debitsPending).toBe(20n * UNITS)
    expect((await word(asked.body.id, 'refuse', p.mia.secret)).body).toMatchObject({ status: 'refused', refused_by: { person: 'Mia' } })
    expect(units(`party:${p.id}`)).toMatchObject({ debitsPending: 0n, debitsPosted: 0n })
  })

  test('many small ones are one sum, also at once', async () => {
    const p = await limited()
    const answers = await Promise.all(Array.from({ length: 8 }, () => payOut(p.id, '2', p.secret)))
    const tally = (status: number) => answers.filter((answer) => answer.status === status).length
    expect([tally(201) + tally(202), tally(201)]).toEqual([8, expect.any(Number)])
    const worth = w.gateway().ground.rates.rate(w.gateway().ground.bookAsset, w.gateway().ground.usd)
    const most = (10n * UNITS * worth.den) / worth.num / (2n * UNITS)
    expect(BigInt(tally(201))).toBe(most)
  })

  test('above the gateway’s limit too a person of the party and an operator must agree, each once', async () => {
    const p = await limited()
    const asked = await payOut(p.id, '60', p.mia.secret)
    expect(asked.body).toMatchObject({ needs: ['party', 'gateway'], waits_for: ['party', 'gateway'] })
    expect((await word(asked.body.id, 'approve', BEN)).body).toMatchObject({ status: 'needs_approval', waits_for: ['party'] })
    expect((await word(asked.body.id, 'approve', ANNA)).status).toBe(403)
    expect((await word(asked.body.id, 'approve', p.max.secret)).body.status).toBe('done')
    expect(await settled(asked.body.payout)).toMatchObject({ status: 'settled' })
  })

  test('of two who agree at once one has done it, of one who agrees and one who refuses one is taken, and it is paid at most once', async () => {
    const p = await limited()
    const zoe = await approverOf(p, 'Zoe')
    for (const which of ['approve', 'refuse'] as const) {
      const asked = await payOut(p.id, '11', p.mia.secret)
      const before = units(`party:${p.id}`).debitsPosted
      const both = await Promise.all([word(asked.body.id, 'approve', p.max.secret), word(asked.body.id, which, zoe)])
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
      expect(both.find(({ status }) => status === 409)?.body.code).toBe('approval_ended')
      const isPaid = both[0]!.status === 200 || which === 'approve'
      if (isPaid) await settled(asked.body.payout)
      expect(units(`party:${p.id}`)).toMatchObject({ debitsPending: 0n, debitsPosted: before + (isPaid ? 11n * UNITS : 0n) })
    }
  })

  test('a repeat under its Idempotency-Key asks once and holds once; what the balance does not have is not asked for', async () => {
    const p = await limited()
    const key = crypto.randomUUID()
    const [first, again] = [await payOut(p.id, '20', p.secret, key), await payOut(p.id, '20', p.secret, key)]
    expect([first.status, again.status, again.body]).toEqual([202, 202, first.body])
    expect(units(`party:${p.id}`).debitsPending).toBe(20n * UNITS)
    expect((await payOut(p.id, '90', p.secret)).body.code).toBe('insufficient_balance')
    expect((await w.ask('GET', '/v1/approvals', p.secret)).body.data).toHaveLength(1)
    expect((await w.ask('GET', '/v1/approvals', other.secret)).body.data).toEqual([])
  })

  test('it is told as events, and who did what is in the acts', async () => {
    const p = await limited()
    const asked = await payOut(p.id, '20', p.mia.secret)
    await word(asked.body.id, 'approve', p.max.secret)
    const events = (await w.ask('GET', `/v1/events?subject=${asked.body.id}`, p.secret)).body.data as { type: string }[]
    expect(events.map(({ type }) => type)).toEqual(['approval.asked', 'approval.given', 'approval.used'])
    const acts = (await w.ask('GET', `/v1/acts?resource=${asked.body.id}`, p.secret)).body.data as {
      what: string
      person: string
      status: number
    }[]
    expect(acts.map(({ what, person, status }) => [what, person, status])).toEqual([
      ['POST /v1/approvals/:id/approve', 'Max', 200],
      ['POST /v1/payouts', 'Mia', 202],
    ])
  })

  test('what was asked for stands after a restart, and can be approved then; the approval stands after a kill', async () => {
    const p = await limited()
    const asked = await payOut(p.id, '20', p.mia.secret)
    await w.restart()
    expect(units(`party:${p.id}`).debitsPending).toBe(20n * UNITS)
    expect((await word(asked.body.id, 'approve', p.max.secret)).body.status).toBe('done')
    // Acknowledged, so it stands whatever happens to the process in the next moment, and is paid once.
    await w.killed()
    expect((await word(asked.body.id, 'approve', p.max.secret)).body.code).toBe('approval_ended')
    expect(await settled(asked.body.payout)).toMatchObject({ status: 'settled' })
  })
})

/** Made with the word of Max, because the party has a limit. */
async function approverOf(p: Awaited<ReturnType<typeof limited>>, person: string): Promise<string> {
  const payload = { name: 'of the test', person, role: 'approver' }
  const asked = await w.ask('POST', '/v1/keys', p.mia.secret, { payload })
  expect([asked.status, asked.secret]).toEqual([202, ''])
  await word(asked.body.id, 'approve', p.max.secret)
  const made = await w.ask('POST', '/v1/keys', p.mia.secret, { payload, headers: { 'switchyard-approval': String(asked.body.id) } })
  expect(made.status).toBe(201)
  return made.secret
}

describe('what is done by the request sent once more', () => {
  test('an approver of a party with a limit is made by two, once, and by the request that was approved', async () => {
    const p = await limited()
    const payload = { name: 'x', person: 'Eve', role: 'approver' }
    const send = (more: Body = {}, secret = p.secret, id?: unknown) =>
      w.ask('POST', '/v1/keys', secret, {
        payload: { ...payload, ...more },
        ...(id ? { headers: { 'switchyard-approval': String(id) } } : {}),
      })
    const asked = await send()
    expect([asked.status, asked.body.status, asked.secret]).toEqual([202, 'needs_approval', ''])
    expect((await send({}, p.secret, asked.body.id)).body.code).toBe('approval_needed')
    expect((await word(asked.body.id, 'approve', p.max.secret)).body.status).toBe('approved')
    expect((await send({ role: 'admin' }, p.secret, asked.body.id)).body.code).toBe('approval_not_for_this')
    expect((await send({}, p.mia.secret, asked.body.id)).status).toBe(404)
    const both = await Promise.all([send({}, p.secret, asked.body.id), send({}, p.secret, asked.body.id)])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    expect((await send({}, p.secret, asked.body.id)).body.code).toBe('approval_ended')
    const keys = (await w.ask('GET', '/v1/keys?limit=200', p.secret)).body.data as { person: string | null }[]
    expect(keys.filter(({ person }) => person === 'Eve')).toHaveLength(1)
  })

  test('nobody renews another person’s key, so nobody agrees with one', async () => {
    const p = await limited()
    for (const secret of [p.secret, p.mia.secret, ANNA])
      expect((await w.ask('POST', `/v1/keys/${p.max.id}/rotate`, secret, { payload: {} })).body.code).toBe('key_not_allowed')
  })

  test('a limit is lowered by one and raised or taken away by two; one that nobody could agree above is refused', async () => {
    const p = await limited()
    const set = (most: string | null, secret = p.mia.secret) =>
      w.ask('POST', `/v1/parties/${p.id}/approvals`, secret, { payload: { payouts_usd_max: most } })
    expect((await set('5')).status).toBe(200)
    expect([(await set('50')).status, (await set(null)).status, (await set('0', ANNA)).status]).toEqual([202, 202, 403])
    expect((await payOut(p.id, '8', p.secret)).status).toBe(202)
    const oda = await w.key(p.secret, { person: 'Oda', role: 'operator' })
    const narrow = await w.key(p.secret, { can: { parties: 'write', approvals: 'write' } })
    for (const secret of [oda.secret, p.max.secret, narrow.secret])
      for (const most of ['4', '50', null]) expect((await set(most, secret)).body.code).toBe('key_not_allowed')
    expect((await payOut(p.id, '4.2', p.secret)).status).toBe(201)
    const alone = await w.party('Alone')
    const refused = await w.ask('POST', `/v1/parties/${alone.id}/approvals`, alone.secret, { payload: { payouts_usd_max: '5' } })
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request'])
    expect((await w.ask('POST', `/v1/parties/${p.id}/approvals`, alone.secret, { payload: { payouts_usd_max: '5' } })).status).toBe(404)
  })

  test('an operator makes no further key alone where the configuration says so', async () => {
    const asked = await w.ask('POST', '/v1/keys', ANNA, { payload: { name: 'second' } })
    expect([asked.status, asked.body.needs]).toEqual([202, ['gateway']])
    expect((await word(asked.body.id, 'approve', ANNA)).status).toBe(403)
    expect((await word(asked.body.id, 'approve', BEN)).body.status).toBe('approved')
  })

  test('links and exchanges are weighed with the payouts of the day', async () => {
    const p = await limited()
    expect((await payOut(p.id, '7', p.secret)).status).toBe(201)
    const link = { party: p.id, amount: order(p.id, '7').amount, uses: 1, description: 'x', expires_in_s: 600 }
    const asked = await w.ask('POST', '/v1/withdraw_links', p.secret, { payload: link })
    expect([asked.status, asked.body.what]).toEqual([202, 'POST /v1/withdraw_links'])
    await word(asked.body.id, 'approve', p.max.secret)
    const headers = { 'switchyard-approval': String(asked.body.id) }
    expect((await w.ask('POST', '/v1/withdraw_links', p.secret, { payload: link, headers })).status).toBe(201)
  })

  test('an intent is paid out of a balance as a payout is: above the limit by two, once, and small ones are one sum', async () => {
    const p = await limited()
    const intent = async (amount: string) => {
      const made = await w.ask('POST', '/v1/payment_intents', other.secret, {
        payload: { amount: { asset: 'USD', amount }, payee: other.id },
      })
      return String(made.body.id)
    }
    const pay = (id: string, headers = {}, secret = p.mia.secret) =>
      w.ask('POST', `/v1/payment_intents/${id}/pay`, secret, { payload: { rail: 'book' }, headers })
    const dear = await intent('15')
    const asked = await pay(dear)
    expect([asked.status, asked.body]).toEqual([
      202,
      expect.objectContaining({
        object: 'approval',
        needs: ['party'],
        what: 'POST /v1/payment_intents/:id/pay',
        request: expect.objectContaining({ payment_intent: dear, payee: other.id }),
      }),
    ])
    expect(units(`party:${p.id}`)).toMatchObject({ debitsPending: 0n, debitsPosted: 0n })
    const headers = { 'switchyard-approval': String(asked.body.id) }
    expect((await pay(dear, headers)).body.code).toBe('approval_needed')
    await word(asked.body.id, 'approve', p.max.secret)
    expect((await pay(await intent('15'), headers)).body.code).toBe('approval_not_for_this')
    const both = await Promise.all([pay(dear, headers), pay(dear, headers)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const spent = units(`party:${p.id}`).debitsPosted
    const small = await Promise.all(['4', '4', '4'].map(async (amount) => pay(await intent(amount))))
    expect(small.map(({ status }) => status).sort()).toEqual([200, 200, 202])
    expect((await payOut(p.id, '4', p.secret)).status).toBe(202)
    expect(units(`party:${p.id}`).debitsPosted).toBeLessThan(spent + 9n * UNITS)
    const acts = (await w.ask('GET', `/v1/acts?resource=${asked.body.id}`, p.secret)).body.data as { what: string; person: string }[]
    expect(acts.at(-1)).toMatchObject({ what: 'POST /v1/payment_intents/:id/pay', person: 'Mia', status: 202 })
  })

  test('an agent or an app whose budget begins anew is weighed by what it may spend in 31 days, or until its end', async () => {
    const p = await limited()
    const agent = (more: object, headers = {}) =>
      w.ask('POST', '/v1/agents', p.secret, { payload: { name: 'a', request_usd_max: '0.01', day_usd_max: '1', ...more }, headers })
    expect((await agent({ expires_in_s: 3_600 })).status).toBe(201)
    const asked = await agent({})
    expect([asked.status, asked.body.amount]).toEqual([202, { asset: w.gateway().ground.usd.id, amount: '32' }])
    await word(asked.body.id, 'approve', p.max.secret)
    expect((await agent({}, { 'switchyard-approval': String(asked.body.id) })).status).toBe(201)
    const app = (period: string) =>
      w.ask('POST', '/v1/wallet_apps', p.secret, {
        payload: { party: p.id, name: 'a', budget: { asset: 'BTC', amount: '0.00001' }, period },
      })
    expect([(await app('never')).status, (await app('daily')).status]).toEqual([201, 202])
  })

  test('a consent to a subscription is weighed by what it lets be taken in 31 days, and a lower limit by nothing', async () => {
    const p = await limited()
    const plan = { amount: { asset: 'USD', amount: '4' }, interval: 'month', payee: other.id }
    const made = await w.ask('POST', '/v1/plans', other.secret, { payload: plan })
    const subscription = { plan: made.body.id, subscriber: p.id }
    const { id } = (await w.ask('POST', '/v1/subscriptions', other.secret, { payload: subscription })).body
    const consent = (amount: string, headers = {}) =>
      w.ask('POST', `/v1/subscriptions/${id}/consent`, p.mia.secret, { payload: { amount_max: { asset: 'USD', amount } }, headers })
    const asked = await consent('5')
    expect([asked.status, asked.body.amount]).toEqual([202, { asset: w.gateway().ground.usd.id, amount: '15' }])
    expect((await w.ask('GET', `/v1/subscriptions/${id}`, p.secret)).body.status).toBe('needs_consent')
    await word(asked.body.id, 'approve', p.max.secret)
    expect((await consent('6', { 'switchyard-approval': String(asked.body.id) })).body.code).toBe('approval_not_for_this')
    const done = await consent('5', { 'switchyard-approval': String(asked.body.id) })
    expect([done.status, done.body.amount_max]).toEqual([200, { asset: 'USD', amount: '5' }])
    expect([(await consent('4')).status, (await consent('6')).status]).toEqual([200, 202])
    expect((await consent('3.99')).body.code).toBe('invalid_amount')
  })

  test('a refund of all that is left is not more than what was agreed to', async () => {
    const p = await limited()
    await w.fund(other.id, 100n * UNITS)
    const { body } = await w.ask('POST', '/v1/payment_intents', p.secret, {
      payload: { amount: { asset: 'USD', amount: '15' }, payee: p.id },
    })
    await w.ask('POST', `/v1/payment_intents/${body.id}/pay`, other.secret, { payload: { rail: 'book' } })
    const give = (more: object, headers = {}) =>
      w.ask('POST', '/v1/refunds', p.secret, { payload: { payment_intent: body.id, to: 'link', ...more }, headers })
    const part = await give({ amount: order(p.id, '5').amount })
    const asked = await give({})
    expect([part.status, asked.status]).toEqual([201, 202])
    await word(asked.body.id, 'approve', p.max.secret)
    await w.ask('POST', `/v1/refunds/${part.body.id}/cancel`, p.secret)
    const done = await give({}, { 'switchyard-approval': String(asked.body.id) })
    expect([done.status, done.body.code]).toEqual([422, 'approval_not_for_this'])
    expect((await w.ask('GET', `/v1/refunds?payment_intent=${body.id}`, p.secret)).body.data).toHaveLength(1)
  })
})
