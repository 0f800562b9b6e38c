import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { browserOf } from './browserOf.ts'
import { type Body, openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

const [ANNA, BEN] = ['sk_anna_of_this_gateway', 'sk_ben_who_approves_here']
/** Of the asset of balances here, euros of six places. */
const UNITS = 1_000_000n
const SCRIPT = '<script>alert(document.cookie)</script>'

let w: PeopleWorld
let seller: { id: string; secret: string }
let payer: { id: string; secret: string }

beforeAll(async () => {
  const operators = [
    { name: 'anna', key: ANNA, role: 'admin' },
    { name: 'ben', key: BEN, role: 'approver' },
  ]
  w = await openPeopleWorld({ operators, approvals: { payoutsUsdMax: '50', waitHours: 1 } })
  ;[seller, payer] = [await w.party('Seller'), await w.party('Payer')]
  await w.fund(payer.id, 1_000n * UNITS)
}, 60_000)
afterAll(() => w?.close())

const asset = () => w.gateway().ground.bookAsset.id
const has = (account: string) => {
  const { creditsPosted, debitsPosted } = w.gateway().ledger.books.balance(account, w.gateway().ground.bookAsset)
  return creditsPosted - debitsPosted
}

/** An intent of the seller's that the payer has paid out of its balance. */
async function paid(amount = '4', payee: object = { payee: seller.id }, from = payer): Promise<string> {
  const price = { asset: 'USD', amount }
  const { body } = await w.ask('POST', '/v1/payment_intents', OPERATOR_KEY, { payload: { amount: price, ...payee } })
  const done = await w.ask('POST', `/v1/payment_intents/${body.id}/pay`, from.secret, { payload: { rail: 'book' } })
  expect([done.status, done.body]).toEqual([200, expect.anything()])
  return String(body.id)
}
const opening = (intent: string, more: object = {}) => ({ payment_intent: intent, reason: 'not_received', ...more })
async function opened(intent: string, more: object = {}): Promise<Body> {
  const { status, body } = await w.ask('POST', '/v1/disputes', ANNA, { payload: opening(intent, more) })
  expect([status, body]).toEqual([201, expect.objectContaining({ status: 'needs_evidence' })])
  return body
}
const act = (id: unknown, word: string, secret: string, payload?: object, headers: Record<string, string> = {}) =>
  w.ask('POST', `/v1/disputes/${id}/${word}`, secret, { ...(payload ? { payload } : {}), headers })
const show = (id: unknown, secret = seller.secret, payload: object = { text: `It came ${SCRIPT}` }) => act(id, 'evidence', secret, payload)

describe('a dispute', () => {
  test('is opened by an operator, answered by its payee, decided once, and told as events and in lists', async () => {
    const intent = await paid()
    const before = { seller: has(`party:${seller.id}`), payer: has(`party:${payer.id}`) }
    const dispute = await opened(intent, { note: 'nothing came', metadata: { case: '7' } })
    const id = String(dispute.id)
    const held = has(`dispute:${id}`)
    expect([held > 0n, has(`party:${seller.id}`)]).toEqual([true, before.seller - held])
    const rows = async () => ((await w.ask('GET', '/v1/verify', ANNA)).body as { suspense?: Body[] }).suspense
    const row = expect.objectContaining({ account: `dispute:${id}`, verdict: 'equal' })
    await expect.poll(rows, { timeout: 60_000 }).toContainEqual(row)
    expect((await w.ask('GET', `/v1/disputes/${id}`, seller.secret)).body).toMatchObject({ note: 'nothing came', metadata: { case: '7' } })
    const shown = await show(id, seller.secret, { text: `It came ${SCRIPT}`, references: [{ kind: 'delivery', value: SCRIPT }] })
    expect([shown.status, shown.body]).toMatchObject([200, { status: 'under_review', evidence: [{ submitted_by: seller.id }] }])
    const decided = await act(id, 'decide', ANNA, { outcome: 'lost' })
    expect([decided.status, decided.body]).toMatchObject([200, { status: 'lost', cause: 'decided' }])
    expect([has(`dispute:${id}`), has(`party:${payer.id}`) - before.payer]).toEqual([0n, held])
    for (const outcome of ['won', 'lost']) expect((await act(id, 'decide', ANNA, { outcome })).body.code).toBe('dispute_not_due')
    const refund = (await w.ask('GET', `/v1/refunds/${decided.body.refund}`, ANNA)).body
    expect(refund).toMatchObject({ status: 'succeeded', dispute: id, left: { amount: '0' } })
    const listed = async (query: string, secret: string) =>
      ((await w.ask('GET', `/v1/disputes?${query}`, secret)).body.data as Body[]).map((one) => one.id)
    for (const query of [
      `payment_intent=${intent}`,
      'status=lost',
      'rail=book',
      'metadata_key=case&metadata_value=7',
      `reference=${refund.id}`,
    ])
      expect([query, await listed(query, seller.secret)]).toEqual([query, [id]])
    expect([await listed('status=won', seller.secret), await listed(`payment_intent=${intent}`, payer.secret)]).toEqual([[], []])
    const told = (await w.ask('GET', `/v1/events?subject=${id}`, seller.secret)).body.data as Body[]
    expect(told.map(({ type }) => type)).toEqual(['dispute.opened', 'dispute.evidence_submitted', 'dispute.lost'])
    expect(JSON.stringify(told)).not.toContain('alert')
    const ofPayment = (await w.ask('GET', `/v1/events?subject=${intent}`, seller.secret)).body.data as Body[]
    expect(ofPayment.map(({ type }) => type)).toEqual(['payment_intent.created', 'payment_intent.settled', 'payment.refunded'])
    const acts = (await w.ask('GET', '/v1/acts?limit=50', ANNA)).body.data as Body[]
    expect(acts.map(({ what }) => what)).toEqual(expect.arrayContaining(['POST /v1/disputes', 'POST /v1/disputes/:id/decide']))
  })

  test('is decided by a key for disputes, which names no place for the money without the right to pay out', async () => {
    const { id } = await opened(await paid(), { evidence_due_in_s: 3_600 })
    await show(id)
    const receipt = String((await w.ask('GET', `/v1/disputes/${id}`, ANNA)).body.receipt)
    const isDisputed = async () => (await w.ask('GET', `/v1/payments/${receipt}`, seller.secret)).body.disputed
    expect(await isDisputed()).toBe(true)
    const listed = (await w.ask('GET', '/v1/payments?limit=1', seller.secret)).body.data
    expect(listed).toMatchObject([{ id: receipt, disputed: true }])
    const { secret } = await w.key(ANNA, { can: { disputes: 'write' } })
    for (const to of ['link', { kind: 'party', party: seller.id }]) {
      const refused = await act(id, 'decide', secret, { outcome: 'lost', to })
      expect([refused.status, refused.body.code]).toEqual([403, 'key_not_allowed'])
    }
    expect((await act(id, 'decide', secret, { outcome: 'lost' })).body).toMatchObject({ status: 'lost' })
    expect(await isDisputed()).toBe(false)
  })

  test('shows what anybody wrote as text, on its page and on its payment’s', async () => {
    const intent = await paid()
    const { id } = await opened(intent, { note: SCRIPT })
    await show(id, seller.secret, { text: SCRIPT, references: [{ kind: 'log', value: SCRIPT }] })
    for (const key of [ANNA, seller.secret]) {
      const browser = await browserOf(w.app(), key)
      const own = (await browser.get(`/dashboard/payments/${id}`)).body
      expect([own.split('&lt;script&gt;').length - 1, own.includes(SCRIPT)]).toEqual([3, false])
      expect((await browser.get(`/dashboard/payments/${intent}`)).body).toContain(`/dashboard/payments/${id}`)
    }
  })

  test('and a refund are never more than was paid, whichever comes first, over restarts', async () => {
    const intent = await paid()
    const part = (
      await w.ask('POST', '/v1/refunds', seller.secret, { payload: { payment_intent: intent, amount: { asset: asset(), amount: '1' } } })
    ).status
    expect(part).toBe(201)
    const { id, amount, paid: all } = (await opened(intent)) as Record<string, { amount: string }> & Body
    expect(Number(amount!.amount) + 1).toBeCloseTo(Number(all!.amount), 6)
    await w.killed()
    const refused = await w.ask('POST', '/v1/refunds', seller.secret, { payload: { payment_intent: intent } })
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([409, 'not_refundable', expect.stringContaining('disputed')])
    expect((await w.ask('POST', '/v1/disputes', ANNA, { payload: opening(intent) })).body.code).toBe('not_refundable')
    await show(id)
    await act(id, 'decide', ANNA, { outcome: 'won' })
    const given = await w.ask('POST', '/v1/refunds', seller.secret, { payload: { payment_intent: intent } })
    expect([given.status, given.body]).toMatchObject([201, { amount, left: { amount: '0' } }])
    expect((await w.ask('POST', '/v1/disputes', ANNA, { payload: opening(intent) })).body.code).toBe('not_refundable')
  })
})

describe('two people', () => {
  test('agree to what is lost above the limit, and to nothing that is won', async () => {
    const max = await w.party('Max')
    /** Each payer is below the limit of a day, and both disputes together are above it. */
    const contested = async (name: string) => {
      const from = await w.party(name)
      await w.fund(from.id, 100n * UNITS)
      const { id } = await opened(await paid('40', { payee: max.id }, from))
      await show(id, max.secret)
      return String(id)
    }
    const [first, id, other] = [await contested('One'), await contested('Two'), await contested('Three')]
    expect((await act(first, 'decide', ANNA, { outcome: 'lost' })).body).toMatchObject({ status: 'lost' })
    const asked = await act(id, 'decide', ANNA, { outcome: 'lost' })
    expect([asked.status, asked.body]).toMatchObject([202, { object: 'approval', what: 'POST /v1/disputes/:id/decide' }])
    expect((await w.ask('GET', `/v1/disputes/${id}`, ANNA)).body.status).toBe('under_review')
    const approval = { 'switchyard-approval': String(asked.body.id) }
    expect((await act(id, 'decide', ANNA, { outcome: 'lost' }, approval)).body.code).toBe('approval_needed')
    expect((await w.ask('POST', `/v1/approvals/${asked.body.id}/approve`, BEN)).status).toBe(200)
    expect((await act(id, 'decide', ANNA, { outcome: 'lost' }, approval)).body).toMatchObject({ status: 'lost' })
    expect((await act(other, 'decide', ANNA, { outcome: 'won' })).body).toMatchObject({ status: 'won' })
  })
})

describe('on the dashboard', () => {
  const formsOf = async (key: string) => {
    const browser = await browserOf(w.app(), key)
    const send = async (path: string, fields: object = {}) =>
      browser.post(`/dashboard/do/${path}`, { ...fields, token: await browser.token(), repeat: crypto.randomUUID() })
    return { see: async (id: string) => (await browser.get(`/dashboard/payments/${id}`)).body, send }
  }
  const stands = async (id: string) => (await w.ask('GET', `/v1/disputes/${id}`, ANNA)).body.status

  test('a payee shows evidence or gives up, and an operator decides what was heard', async () => {
    const [id, other] = [String((await opened(await paid())).id), String((await opened(await paid())).id)]
    const [his, hers, strangers] = [await formsOf(seller.secret), await formsOf(ANNA), await formsOf(payer.secret)]
    expect([(await his.see(id)).includes('/decide"'), (await hers.see(id)).includes('/accept"')]).toEqual([false, false])
    expect(await hers.see(id)).not.toContain('value="lost"')
    for (const word of ['evidence', 'accept', 'decide'])
      expect([word, (await strangers.send(`disputes/${id}/${word}`, { text: 'x', outcome: 'won' })).statusCode >= 400]).toEqual([
        word,
        true,
      ])
    expect(await stands(id)).toBe('needs_evidence')
    const shown = await his.send(`disputes/${id}/evidence`, { text: `It came ${SCRIPT}`, delivery: 'parcel 7', receipt: '', log: '' })
    expect([shown.statusCode, shown.headers.location]).toEqual([303, `/dashboard/payments/${id}`])
    const page = await hers.see(id)
    expect([page.includes('delivery: parcel 7'), page.includes(SCRIPT), page.includes('value="lost"')]).toEqual([true, false, true])
    expect([(await hers.send(`disputes/${id}/decide`, { outcome: 'won' })).statusCode, await stands(id)]).toEqual([303, 'won'])
    expect((await hers.see(id)).includes('What can be done')).toBe(false)
    expect([(await his.send(`disputes/${other}/accept`)).statusCode, await stands(other)]).toEqual([303, 'lost'])
  })

  test('what needs another person is not told as done, and is done by the same form once he has agreed', async () => {
    const max = await w.party('Maxine')
    /** Each is below the limit of a day, and both together are above it. */
    const contested = async (name: string) => {
      const from = await w.party(name)
      await w.fund(from.id, 100n * UNITS)
      const { id } = await opened(await paid('40', { payee: max.id }, from))
      await show(id, max.secret)
      return String(id)
    }
    const [first, id] = [await contested('Five'), await contested('Six')]
    expect((await act(first, 'decide', ANNA, { outcome: 'lost' })).body).toMatchObject({ status: 'lost' })
    const { send } = await formsOf(ANNA)
    const asked = await send(`disputes/${id}/decide`, { outcome: 'lost' })
    const approval = /name="approval" value="(ap_[^"]+)"/.exec(asked.body)?.[1] ?? ''
    expect([asked.statusCode, asked.headers.location, await stands(id)]).toEqual([202, undefined, 'under_review'])
    for (const words of ['It was not done yet', `approvals approve ${approval}`, 'name="outcome" value="lost"', `do/disputes/${id}/decide`])
      expect(asked.body).toContain(words)
    const early = await send(`disputes/${id}/decide`, { outcome: 'lost', approval })
    expect([early.body.includes('approval_needed'), early.body.includes(`value="${approval}"`), await stands(id)]).toEqual([
      true,
      true,
      'under_review',
    ])
    expect((await w.ask('POST', `/v1/approvals/${approval}/approve`, BEN)).status).toBe(200)
    const done = await send(`disputes/${id}/decide`, { outcome: 'lost', approval })
    expect([done.statusCode, done.headers.location, await stands(id)]).toEqual([303, `/dashboard/payments/${id}`, 'lost'])
  })
})

describe('who may not', () => {
  test('is told so, or that there is nothing, and moves nothing', async () => {
    const intent = await paid()
    const { id } = await opened(intent)
    const held = has(`dispute:${id}`)
    expect((await w.ask('POST', '/v1/disputes', seller.secret, { payload: opening(intent) })).status).toBe(403)
    expect((await act(id, 'decide', seller.secret, { outcome: 'won' })).status).toBe(403)
    for (const [word, payload] of [['evidence', { text: 'x' }], ['accept']] as const)
      expect((await act(id, word, payer.secret, payload)).body.code).toBe('not_found')
    expect((await act(id, 'decide', ANNA, { outcome: 'lost' })).body.code).toBe('dispute_not_due')
    for (const payload of [
      {},
      { text: '' },
      { text: 'x'.repeat(2_001) },
      { text: 'x', references: Array.from({ length: 6 }, () => ({ kind: 'log', value: 'x' })) },
      { text: 'x', references: [{ kind: 'page', value: 'x' }] },
      { text: 'x', html: '<b>' },
    ])
      expect([payload, (await show(id, seller.secret, payload)).status]).toEqual([payload, 400])
    for (const more of [
      { reason: 'because' },
      { amount: { asset: asset(), amount: '4000' } },
      { evidence_due_in_s: 1 },
      { payment: `rc_${'0'.repeat(32)}` },
    ])
      expect((await w.ask('POST', '/v1/disputes', ANNA, { payload: opening(await paid(), more) })).status).toBe(400)
    for (const of of [`pi_${'0'.repeat(32)}`, String(intent).replace(/....$/, 'ffff')])
      expect((await w.ask('POST', '/v1/disputes', ANNA, { payload: opening(of) })).body.code).toBe('not_found')
    expect(has(`dispute:${id}`)).toBe(held)
    expect((await act(id, 'accept', seller.secret)).body).toMatchObject({ status: 'lost', cause: 'accepted', decided_by: seller.id })
  })

  test('of a split each payee reads and shows its own, and none gives up what another holds', async () => {
    const [dora, erik] = [await w.party('Dora'), await w.party('Erik')]
    const payees = [dora, erik].map(({ id }) => ({ party: id, shares: 1 }))
    const split = (await w.ask('POST', '/v1/splits', OPERATOR_KEY, { payload: { label: 'both', payees } })).body.id
    const { id } = await opened(await paid('4', { split }), { note: 'for operators', metadata: { case: 'c-4711' } })
    await show(id, erik.secret, { text: 'a word of Erik' })
    const seen = (await w.ask('GET', `/v1/disputes/${id}`, dora.secret)).body
    expect(seen).toMatchObject({ status: 'under_review', reserve: [{ from: `party:${dora.id}` }], evidence: [], note: '', metadata: {} })
    const found = await w.ask('GET', '/v1/disputes?metadata_key=case&metadata_value=c-4711', dora.secret)
    expect(found.body.data).toEqual([])
    // Whoever fills it leaves the others a word.
    for (let n = 2; n <= 5; n++) expect((await show(id, erik.secret, { text: `${n} words of Erik` })).status).toBe(200)
    expect((await show(id, erik.secret, { text: 'one more' })).body.code).toBe('dispute_not_due')
    expect((await show(id, dora.secret, { text: 'a word of Dora' })).body).toMatchObject({ evidence: [{ submitted_by: dora.id }] })
    expect((await show(id, dora.secret, { text: 'one more' })).body.code).toBe('dispute_not_due')
    expect((await act(id, 'accept', dora.secret)).status).toBe(403)
    const before = [dora, erik].map((one) => has(`party:${one.id}`))
    expect((await act(id, 'accept', ANNA)).status).toBe(403)
    expect((await act(id, 'decide', ANNA, { outcome: 'lost' })).body).toMatchObject({ status: 'lost' })
    expect([dora, erik].map((one) => has(`party:${one.id}`))).toEqual(before)
  })
})
