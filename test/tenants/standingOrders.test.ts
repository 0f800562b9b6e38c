import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { browserOf } from './browserOf.ts'
import { openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

let w: PeopleWorld
let ann: { id: string; secret: string }
let ben: { id: string; secret: string }
const HOURLY = { every: 'hour', when_above: '100' }

beforeAll(async () => {
  w = await openPeopleWorld()
  ;[ann, ben] = [await w.party('Ann'), await w.party('Ben')]
}, 60_000)
afterAll(() => w?.close())

const asset = () => w.gateway().ground.bookAsset.id
const toBen = () => ({ kind: 'party', party: ben.id })
const make = (payload: object, secret = ann.secret) =>
  w.ask('POST', '/v1/standing_orders', secret, { payload: { asset: asset(), destination: toBen(), ...payload } })

describe('standing orders of the API', () => {
  test('are made, seen, listed, paused, resumed and ended by their party, and told as events', async () => {
    const made = await make({ every: 'month', day: 31, hour: 6, keep: '10', reference: 'what was earned' })
    const first = {
      object: 'standing_order',
      party: ann.id,
      status: 'active',
      every: 'month',
      day: 31,
      hour: 6,
      amount: null,
      last_run: null,
    }
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ ...first, keep: { asset: asset(), amount: '10' } })])
    const id = String(made.body.id)
    expect(Date.parse(String(made.body.next_run_at))).toBeGreaterThan(Date.parse(String(made.body.created_at)))
    expect((await w.ask('GET', `/v1/standing_orders/${id}`, ann.secret)).body).toEqual(made.body)
    for (const [word, status, next] of [
      ['pause', 'paused', null],
      ['resume', 'active', made.body.next_run_at],
      ['end', 'ended', null],
    ] as const) {
      const changed = await w.ask('POST', `/v1/standing_orders/${id}/${word}`, ann.secret, {})
      expect([changed.status, changed.body.status, changed.body.next_run_at]).toEqual([200, status, next])
    }
    expect((await w.ask('POST', `/v1/standing_orders/${id}/resume`, ann.secret, {})).body.code).toBe('order_ended')
    const listed = async (query: string, secret = ann.secret) =>
      ((await w.ask('GET', `/v1/standing_orders?${query}`, secret)).body.data as { id: string }[]).map((one) => one.id)
    expect(await listed('status=ended')).toEqual([id])
    expect(await listed('reference=what%20was%20earned')).toEqual([id])
    expect([await listed('status=active'), await listed('', ben.secret)]).toEqual([[], []])
    const { data } = (await w.ask('GET', `/v1/events?subject=${id}`, ann.secret)).body as { data: { type: string; data: object }[] }
    expect(data.map(({ type }) => type)).toEqual(['standing_order.created', ...Array(3).fill('standing_order.changed')])
  })

  test('are made by an operator for a party that it names', async () => {
    expect((await make({ every: 'day' }, OPERATOR_KEY)).body.code).toBe('invalid_request')
    expect((await make({ every: 'day', party: ann.id }, OPERATOR_KEY)).body).toMatchObject({ party: ann.id, hour: 0, day: null })
    expect((await make({ every: 'day', party: ann.id }, ben.secret)).status).toBe(403)
  })

  test('need the right to pay out, to be made and to be resumed, and not to be paused', async () => {
    const rights = { name: 'orders alone', can: { standing_orders: 'write' } }
    const { secret } = await w.key(ann.secret, rights)
    expect((await make({ every: 'day' }, secret)).body.code).toBe('key_not_allowed')
    const id = String((await make({ every: 'day' })).body.id)
    expect((await w.ask('POST', `/v1/standing_orders/${id}/pause`, secret, {})).status).toBe(200)
    expect((await w.ask('POST', `/v1/standing_orders/${id}/resume`, secret, {})).body.code).toBe('key_not_allowed')
  })

  test.each<[string, object, string, string?]>([
    [
      'an invoice, which is good once',
      { every: 'day', destination: { kind: 'lightning_invoice', invoice: 'lnbcrt1'.padEnd(40, 'x') } },
      'invalid_request',
    ],
    ['every hour without a sum', { every: 'hour' }, 'invalid_request', 'when_above'],
    ['an hour of every hour', { ...HOURLY, hour: 3 }, 'invalid_request', 'hour'],
    ['a day of every day', { every: 'day', day: 3 }, 'invalid_request', 'day'],
    ['an eighth day of the week', { every: 'week', day: 8 }, 'invalid_request', 'day'],
    ['a 32nd', { every: 'month', day: 32 }, 'invalid_request', 'day'],
    ['an hour 24', { every: 'day', hour: 24 }, 'invalid_request', 'hour'],
    ['a year', { every: 'year' }, 'invalid_request', 'every'],
    ['an amount of zero', { every: 'day', amount: '0' }, 'invalid_amount'],
    ['a float', { every: 'day', amount: 1.5 }, 'invalid_request', 'amount'],
    ['more places than the asset has', { every: 'day', keep: '0.0000000000001' }, 'invalid_amount'],
    ['an asset that is none', { every: 'day', asset: 'XYZ' }, 'unknown_asset'],
    ['a party that is none', { every: 'day', destination: { kind: 'party', party: `pa_${'0'.repeat(32)}` } }, 'not_found'],
    ['a field that is none', { every: 'day', until: 'always' }, 'invalid_request'],
  ])('refuse %s', async (_name, payload, code, path) => {
    const { status, body } = await make(payload)
    expect([status >= 400 && status < 500, body.code]).toEqual([true, code])
    if (path !== undefined) expect(JSON.stringify(body)).toContain(path)
  })

  test('are listed, paused, resumed and ended on the dashboard by their party, and by nobody else', async () => {
    const id = String((await make({ every: 'week', day: 5, hour: 6, amount: '3', keep: '2', reference: '<i>Friday</i>' })).body.id)
    const [hers, his] = [await browserOf(w.app(), ann.secret), await browserOf(w.app(), ben.secret)]
    const list = (await hers.get('/dashboard/orders')).body
    for (const words of [`/dashboard/orders/${id}`, 'every Friday at 06:00', '&lt;i&gt;Friday']) expect(list).toContain(words)
    expect(list).not.toContain('<i>Friday')
    const page = `/dashboard/orders/${id}`
    const act = async (browser: typeof hers, word: string) =>
      browser.post(`/dashboard/do/orders/${id}/${word}`, { token: await browser.token(), repeat: crypto.randomUUID() })
    const standing = async () => (await w.ask('GET', `/v1/standing_orders/${id}`, ann.secret)).body.status
    expect([(await his.get('/dashboard/orders')).body.includes(id), (await his.get(page)).body.includes('Friday')]).toEqual([false, false])
    expect([(await act(his, 'end')).statusCode, await standing()]).toEqual([404, 'active'])
    for (const [word, status, next] of [
      ['pause', 'paused', 'Let it run again'],
      ['resume', 'active', 'Pause it'],
    ] as const) {
      const done = await act(hers, word)
      expect([done.statusCode, done.headers.location, await standing()]).toEqual([303, page, status])
      expect((await hers.get(page)).body).toContain(next)
    }
    expect([(await act(hers, 'end')).statusCode, await standing()]).toEqual([303, 'ended'])
    const ended = (await hers.get(page)).body
    expect([ended.includes('/dashboard/do/orders'), ended.includes('ended')]).toEqual([false, true])
    const refused = await act(hers, 'resume')
    expect([refused.statusCode, refused.body]).toEqual([409, expect.stringContaining('order_ended')])
  })

  test('refuse what would pay its own balance', async () => {
    expect((await make({ every: 'day', destination: { kind: 'party', party: ann.id } })).body.code).toBe('invalid_request')
  })
})

test('a split of the API takes payees without an account, and says which rails take it and who divides there', async () => {
  const account = `0x${'5e'.repeat(20)}`
  const payload = {
    label: 'mixed',
    payees: [
      { party: ann.id, account, shares: 2 },
      { party: ben.id, shares: 1 },
    ],
  }
  const made = await w.ask('POST', '/v1/splits', OPERATOR_KEY, { payload })
  const rows = made.body.payees as { party: string; account: string; paid_by: string }[]
  expect([made.status, rows.map((row) => [row.party, row.paid_by])]).toEqual([
    201,
    [
      [ann.id, 'contract'],
      [ben.id, 'books'],
    ],
  ])
  expect([rows[0]!.account, rows[1]!.account !== account]).toEqual([account, true])
  const seen = await w.ask('GET', `/v1/splits/${made.body.id}`, ben.secret)
  expect((seen.body.rails as { rail: string }[]).find(({ rail }) => rail === 'book')).toMatchObject({ taken: true, divided_by: 'books' })
  const twice = {
    ...payload,
    payees: [
      { party: ben.id, shares: 1 },
      { party: ben.id, shares: 2 },
    ],
  }
  expect((await w.ask('POST', '/v1/splits', OPERATOR_KEY, { payload: twice })).body.code).toBe('invalid_split')
})
