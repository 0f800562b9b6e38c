import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Body, openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

/** A dollar in the smallest units of the asset of balances here, of six places. */
const UNITS = 1_000_000n

let w: PeopleWorld
let ann: { id: string; secret: string }
let ben: { id: string; secret: string }

beforeAll(async () => {
  w = await openPeopleWorld({ approvals: { payoutsUsdMax: '50', operatorKeys: false, waitHours: 1 } })
  ;[ann, ben] = [await w.party('Ann'), await w.party('Ben')]
  await w.fund(ann.id, 500n * UNITS)
}, 60_000)
afterAll(() => w?.close())

const asset = () => w.gateway().ground.bookAsset.id
const toBen = (amount: unknown) => ({ amount, destinations: [{ kind: 'party', party: ben.id }] })
type Asked = Readonly<{ secret?: string; idempotencyKey?: string; headers?: Record<string, string> }>
const make = (payload: object, { secret = ann.secret, ...o }: Asked = {}) =>
  w.ask('POST', '/v1/payout_batches', secret, { payload: { party: ann.id, asset: asset(), ...payload }, ...o })
const balance = (party: string) => {
  const { creditsPosted, debitsPosted, debitsPending } = w.gateway().ledger.books.balance(`party:${party}`, w.gateway().ground.bookAsset)
  return creditsPosted - debitsPosted - debitsPending
}
const read = async (path: string, secret = ann.secret) => w.ask('GET', path, secret)
const listed = async (asked: string, secret = ann.secret) =>
  (await read(`/v1/payout_batches?${asked}`, secret)).body as Body & { data: Body[] }
const at = async (id: unknown) => (await read(`/v1/payout_batches/${id}?wait=20`)).body

describe('batches of payouts', () => {
  test('are paid row by row and read by their party alone, as are their payouts and decisions', async () => {
    const [has, got] = [balance(ann.id), balance(ben.id)]
    const made = await make({ rows: [toBen('0.25'), toBen('0.5'), toBen('1')], metadata: { run: '11' } })
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ object: 'payout_batch', status: 'processing', rows: 3, metadata: { run: '11' } }),
    ])
    const { id } = made.body
    expect(await at(id)).toMatchObject({ status: 'settled', counts: { settled: 3, failed: 0, refused: 0 }, amount: { amount: '1.75' } })
    expect([has - balance(ann.id), balance(ben.id) - got]).toEqual([1_750_000n, 1_750_000n])
    const first = (await read(`/v1/payout_batches/${id}/rows?limit=2`)).body as Body & { data: { payout: string; row: number }[] }
    expect([first.data.map(({ row }) => row), first.next]).toEqual([[0, 1], '1'])
    const rest = (await read(`/v1/payout_batches/${id}/rows?limit=2&after=1`)).body as Body & { data: { row: number; status: string }[] }
    expect(rest).toMatchObject({ data: [{ row: 2, status: 'settled' }], has_more: false })
    const payout = await read(`/v1/payouts/${first.data[1]!.payout}`)
    expect(payout.body).toMatchObject({ source: `batch:${id}`, status: 'settled', amount: { amount: '0.5' } })
    expect((await read(`/v1/decisions/${payout.body.decision_id}`)).status).toBe(200)
    for (const path of [`/v1/payout_batches/${id}`, `/v1/payout_batches/${id}/rows`, `/v1/payouts/${payout.body.id}`])
      expect([path, (await read(path, ben.secret)).status]).toEqual([path, 404])
    expect((await read(`/v1/decisions/${payout.body.decision_id}`, ben.secret)).status).toBe(404)
    expect((await w.ask('POST', `/v1/payout_batches/${id}/cancel`, ben.secret)).status).toBe(404)
    expect((await w.ask('POST', `/v1/payout_batches/${id}/cancel`, ann.secret)).body.code).toBe('batch_ended')
    for (const asked of ['', 'status=settled', `asset=${asset()}&amount_min=1.75&amount_max=1.75`, 'metadata_key=run&metadata_value=11']) {
      expect([asked, (await listed(asked)).data]).toEqual([asked, [await at(id)]])
      expect((await listed(asked, ben.secret)).data).toEqual([])
    }
    expect((await listed('status=failed')).data).toEqual([])
    expect((await read(`/v1/search?reference=${id}`)).body.data).toMatchObject([{ type: 'payout_batch', url: `/v1/payout_batches/${id}` }])
    const { data } = (await read(`/v1/events?subject=${id}`)).body as { data: { type: string }[] }
    expect(data.map(({ type }) => type).sort()).toEqual(['payout_batch.created', 'payout_batch.ended'])
  })

  test('with a bad row are refused as a whole, or its good rows are paid, as the caller says', async () => {
    const has = balance(ann.id)
    const rows: unknown[] = [
      toBen('0.25'),
      toBen('0'),
      { amount: 7 },
      { ...toBen('1'), destinations: [{ kind: 'party', party: ann.id }] },
      toBen('0.25'),
    ]
    const refused = await make({ rows })
    expect([refused.status, refused.body.code, balance(ann.id)]).toEqual([422, 'rows_refused', has])
    const { errors } = refused.body as Body & { errors: { path: string; message: string }[] }
    expect(errors.map(({ path, message }) => [path, message.split(':')[0]])).toEqual([
      ['rows.1', 'invalid_amount'],
      ['rows.2', 'invalid_request'],
      ['rows.3', 'invalid_request'],
    ])
    const looked = await w.ask('POST', '/v1/payout_batches/preview', ann.secret, { payload: { party: ann.id, asset: asset(), rows } })
    expect([looked.status, looked.body]).toMatchObject([
      200,
      { rows: 5, refused: 3, amount: { amount: '0.5' }, plan: { rails: [{ rail: 'book', rows: 2, cost_usd: '0' }], rows_without_way: 0 } },
    ])
    expect(
      (await w.ask('POST', '/v1/payout_batches/preview', ben.secret, { payload: { party: ann.id, asset: asset(), rows } })).status,
    ).toBe(403)
    expect(balance(ann.id)).toBe(has)
    const made = await make({ rows, on_refused: 'pay_others' })
    expect(made.body).toMatchObject({ rows: 5, counts: { refused: 3, waiting: 2 } })
    expect(await at(made.body.id)).toMatchObject({ status: 'partly_settled', counts: { settled: 2, refused: 3 } })
    expect(has - balance(ann.id)).toBe(500_000n)
    const { data } = (await read(`/v1/payout_batches/${made.body.id}/rows`)).body as { data: { status: string; code?: string }[] }
    expect(data.map(({ status, code }) => code ?? status)).toEqual([
      'settled',
      'invalid_amount',
      'invalid_request',
      'invalid_request',
      'settled',
    ])
  })

  test('of another shape are refused with the field that is wrong', async () => {
    const wrong = async (body: object) => (await make(body)).body
    expect(await wrong({ rows: 'all' })).toMatchObject({ code: 'invalid_request', detail: expect.stringMatching(/^rows: /) })
    expect(await wrong({ party: 7, rows: [toBen('1')] })).toMatchObject({ detail: expect.stringMatching(/^party: /) })
    const many = await wrong({ rows: Array.from({ length: 10_001 }, () => ({})) })
    expect([many.code, many.detail]).toEqual(['invalid_request', expect.stringMatching(/^rows: .*10000/)])
  })

  test('with a deadline that no rail meets are refused with the earliest instant, row by row where only some are late, and are paid in time', async () => {
    const has = balance(ann.id)
    const [past, soon] = [new Date(Date.now() - 60_000).toISOString(), new Date(Date.now() + 3_600_000).toISOString()]
    const late = await make({ rows: [toBen('0.25')], deliver_by: past })
    expect([late.status, late.body.code]).toEqual([422, 'deadline_unreachable'])
    const { earliest } = (late.body as Body & { meta: { earliest: string } }).meta
    expect(Date.parse(earliest)).toBeGreaterThan(Date.parse(past))
    const rows = [toBen('0.25'), { ...toBen('0.25'), deliver_by: past }]
    const some = await make({ rows, deliver_by: soon })
    expect([some.body.code, (some.body as Body & { errors: object[] }).errors]).toEqual([
      'rows_refused',
      [{ path: 'rows.1', message: expect.stringMatching(/^deadline_unreachable: The payee would have good funds at .* at the earliest$/) }],
    ])
    const far = await make({ rows, deliver_by: new Date(Date.now() + 400 * 86_400_000).toISOString() })
    expect(far.body).toMatchObject({
      code: 'invalid_request',
      detail: expect.stringContaining('deliver_by is more than 366 days from now'),
    })
    expect(balance(ann.id)).toBe(has)
    const made = await make({ rows: [toBen('0.25')], deliver_by: soon })
    expect(await at(made.body.id)).toMatchObject({ status: 'settled', deliver_by: soon })
    expect(has - balance(ann.id)).toBe(250_000n)
  })

  test('under one key are one, and nobody pays out of the balance of another', async () => {
    const has = balance(ann.id)
    const payload = { rows: [toBen('0.25')] }
    const [one, again] = [await make(payload, { idempotencyKey: 'wages-11' }), await make(payload, { idempotencyKey: 'wages-11' })]
    expect(again.body).toEqual(one.body)
    expect(await at(one.body.id)).toMatchObject({ status: 'settled' })
    expect(has - balance(ann.id)).toBe(250_000n)
    expect((await make({ rows: [toBen('0.25')] }, { secret: ben.secret })).status).toBe(403)
    const { secret } = await w.key(ann.secret, { name: 'reads', can: { payouts: 'read' } })
    expect((await make(payload, { secret })).body.code).toBe('key_not_allowed')
    expect(has - balance(ann.id)).toBe(250_000n)
  })

  test('are weighed as one sum: rows that are each below the limit need another person together', async () => {
    const mia = await w.key(ann.secret, { person: 'Mia', role: 'admin' })
    const max = await w.key(ann.secret, { person: 'Max', role: 'approver' })
    await w.ask('POST', `/v1/parties/${ann.id}/approvals`, ann.secret, { payload: { payouts_usd_max: '10' } })
    const has = balance(ann.id)
    const payload = { rows: [toBen('4'), toBen('4'), toBen('4')] }
    const asked = await make(payload, { secret: mia.secret })
    expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ object: 'approval', needs: ['party'] })])
    expect(asked.body.request).toMatchObject({ rows: 3, units: '12000000', first_rows: payload.rows })
    expect(balance(ann.id)).toBe(has)
    expect((await w.ask('POST', `/v1/approvals/${asked.body.id}/approve`, max.secret)).status).toBe(200)
    const headers = { 'switchyard-approval': String(asked.body.id) }
    const other = await make({ rows: [toBen('4'), toBen('4'), toBen('4.01')] }, { secret: mia.secret, headers })
    expect(other.body.code).toBe('approval_not_for_this')
    const made = await make(payload, { secret: mia.secret, headers })
    expect(await at(made.body.id)).toMatchObject({ status: 'settled' })
    expect(has - balance(ann.id)).toBe(12_000_000n)
    expect((await make(payload, { secret: mia.secret, headers })).status).toBe(409)
  })
})

describe('payouts that are planned', () => {
  const HOUR_MS = 3_600_000
  const pay = (payload: object, secret = ann.secret) =>
    w.ask('POST', '/v1/payouts', secret, {
      payload: { party: ann.id, amount: { asset: asset(), amount: '1' }, destinations: [{ kind: 'party', party: ben.id }], ...payload },
    })
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
  beforeAll(() => w.ask('POST', `/v1/parties/${ann.id}/approvals`, ann.secret, { payload: { payouts_usd_max: null } }))

  test('wait for their time, are listed as scheduled, and are canceled by their party alone', async () => {
    const has = balance(ann.id)
    const made = await pay({ send_at: inMs(HOUR_MS) })
    expect([made.status, made.body.status]).toEqual([201, 'scheduled'])
    const path = `/v1/payouts/${made.body.id}`
    const listed = (await read('/v1/payouts?status=scheduled')).body as { data: { id: string }[] }
    expect(listed.data.map(({ id }) => id)).toEqual([made.body.id])
    expect(has - balance(ann.id)).toBe(UNITS)
    expect((await w.ask('POST', `${path}/cancel`, ben.secret)).status).toBe(404)
    const canceled = await w.ask('POST', `${path}/cancel`, ann.secret)
    expect([canceled.status, canceled.body.cancel_asked]).toEqual([200, true])
    expect((await read(`${path}?wait=20`)).body).toMatchObject({ status: 'failed', failure: { code: 'canceled' } })
    expect(balance(ann.id)).toBe(has)
    expect((await w.ask('POST', `${path}/cancel`, ann.secret)).body.code).toBe('payout_sent')
  })

  test('are refused with the earliest instant where no rail is there in time, and with what is wrong with their times', async () => {
    const late = await pay({ deliver_by: inMs(-1_000) })
    expect([late.status, late.body.code]).toEqual([422, 'deadline_unreachable'])
    const { earliest } = (late.body as Body & { meta: { earliest: string } }).meta
    expect(Math.abs(Date.parse(earliest) - Date.now())).toBeLessThan(HOUR_MS)
    for (const payload of [
      { send_at: inMs(400 * 24 * HOUR_MS) },
      { send_at: inMs(2 * HOUR_MS), deliver_by: inMs(HOUR_MS) },
      { send_at: 'tomorrow' },
      { cheapest_by: inMs(HOUR_MS), deliver_by: inMs(HOUR_MS) },
      { send_at: inMs(HOUR_MS), netting: { max_age_s: 60 } },
      { fee_bearer: 'payee', netting: { max_age_s: 60 } },
    ])
      expect([payload, (await pay(payload)).status]).toEqual([payload, 400])
    const { id } = (await pay({ deliver_by: inMs(HOUR_MS) })).body
    expect((await read(`/v1/payouts/${id}?wait=20`)).body).toMatchObject({ status: 'settled' })
  })

  test('wait for a cheap time only where there is one to come', async () => {
    const by = inMs(HOUR_MS)
    const made = await pay({ cheapest_by: by })
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ status: 'scheduled', cheapest_by: by })])
    const paid = (await read(`/v1/payouts/${made.body.id}?wait=20`)).body
    expect(paid.status).toBe('settled')
    const { timing } = (await read(`/v1/decisions/${paid.decision_id}`)).body as Body & { timing: object }
    expect(timing).toMatchObject({ cheapest_by: by, reason: 'nothing_can_be_cheaper', cost_usd: '0' })
  })

  test('cost their bearer nothing where the book pays, and the payee gets the whole', async () => {
    const [has, got] = [balance(ann.id), balance(ben.id)]
    const made = await pay({ fee_bearer: 'payee' })
    expect(made.body).toMatchObject({ fee_bearer: 'payee', fee_fixed: { amount: '0' }, amount: { amount: '1' } })
    expect((await read(`/v1/payouts/${made.body.id}?wait=20`)).body).toMatchObject({ status: 'settled' })
    expect([has - balance(ann.id), balance(ben.id) - got]).toEqual([UNITS, UNITS])
  })
})
