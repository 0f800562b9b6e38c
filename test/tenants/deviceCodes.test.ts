import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { browserOf } from './browserOf.ts'
import { openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

let w: PeopleWorld
let ann: { id: string; secret: string }
let ben: { id: string; secret: string }
const LIMITS = { request_usd_max: '0.05', day_usd_max: '1' }

beforeAll(async () => {
  w = await openPeopleWorld()
  ;[ann, ben] = [await w.party('Ann'), await w.party('Ben')]
  await w.fund(ann.id, 1_000_000_000n)
}, 60_000)
afterAll(() => w?.close())

type Codes = { device_code: string; user_code: string; verification_uri: string; verification_uri_complete: string }
async function codes(wish: object = {}) {
  const { status, body, headers } = await w.ask('POST', '/v1/device_codes', undefined, { payload: { name: 'researcher', ...wish } })
  expect([status, headers['cache-control'], body]).toEqual([200, 'no-store', expect.objectContaining({ expires_in: 1_800, interval: 5 })])
  return body as Codes
}
const poll = ({ device_code }: Codes) => w.ask('POST', '/v1/device_codes/token', undefined, { payload: { device_code } })
const grant = ({ user_code }: Codes, secret = ann.secret, more: object = {}, how: object = {}) =>
  w.ask('POST', `/v1/device_codes/${user_code}/grant`, secret, { payload: { name: 'researcher', ...LIMITS, ...more }, ...how })

describe('a program without a key', () => {
  test('asks for a code, is granted what a person says, and fetches a key that spends so much and nothing else', async () => {
    const asked = await codes({ request_usd_max: '50', day_usd_max: '1000' })
    const { user_code: code } = asked
    expect(asked.verification_uri_complete).toBe(`${asked.verification_uri}?code=${code}`)
    const [waits, tooSoon] = [await poll(asked), await poll(asked)]
    expect([waits.body.code, waits.headers['retry-after']]).toEqual(['authorization_pending', '5'])
    expect([tooSoon.body.code, tooSoon.headers['retry-after']]).toEqual(['slow_down', '10'])
    const shown = await w.ask('GET', `/v1/device_codes/${code.toLowerCase()}`, ann.secret)
    expect(shown.body).toMatchObject({ user_code: code, name: 'researcher', day_max: { asset: 'USD', amount: '1000' }, from: '127.0.0.1' })
    const idempotencyKey = crypto.randomUUID()
    const made = await grant(asked, ann.secret, { metadata: { for: 'reading' } }, { idempotencyKey })
    const agent = { object: 'agent', party: ann.id, day_max: { asset: 'USD', amount: '1' }, metadata: { for: 'reading' } }
    expect([made.status, made.body]).toEqual([201, expect.objectContaining(agent)])
    // Neither the person nor a repeat is told the key.
    const again = await grant(asked, ann.secret, { metadata: { for: 'reading' } }, { idempotencyKey })
    expect([again.body, again.headers['idempotent-replayed']]).toEqual([made.body, 'true'])
    expect([made.secret, JSON.stringify(made.body)]).toEqual(['', expect.not.stringContaining('sk_')])
    const { status, body, headers } = await poll(asked)
    expect([status, headers['cache-control'], body]).toEqual([
      200,
      'no-store',
      { access_token: expect.stringMatching(/^sk_/), token_type: 'Bearer', agent: made.body.id },
    ])
    // A lost answer is fetched again, also after a stop that nobody had foreseen.
    await w.killed()
    expect((await poll(asked)).body).toEqual(body)
    const secret = String(body.access_token)
    expect((await w.ask('GET', '/v1/agents', secret)).body.code).toBe('key_not_allowed')
    expect((await w.ask('GET', `/v1/agents/${made.body.id}`, ann.secret)).body.status).toBe('active')
    const acts = (await w.ask('GET', '/v1/acts', ann.secret)).body.data as { what: string; resources: string[] }[]
    expect(acts.find(({ what }) => what.endsWith('/grant'))?.resources).toContain(made.body.id)
    expect((await w.ask('POST', `/v1/agents/${made.body.id}/revoke`, ann.secret, {})).status).toBe(200)
  })

  test('is one agent, however many persons grant it at once', async () => {
    const asked = await codes()
    const answers = await Promise.all([grant(asked), grant(asked, ben.secret), grant(asked)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, expect.any(Number), expect.any(Number)])
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const { status } of answers.filter((one) => one.status !== 201)) expect([404, 409]).toContain(status)
    expect((await grant(asked, ben.secret)).body.code).toBe('not_found')
    const of = async ({ id, secret }: typeof ann) =>
      (await w.ask('GET', `/v1/agents?party=${id}`, secret)).body.data as { status: string }[]
    const live = [...(await of(ann)), ...(await of(ben))].filter(({ status }) => status === 'active')
    expect(live).toHaveLength(1)
  })

  test('is told that a person said no, and a stranger learns nothing of any code', async () => {
    const asked = await codes()
    const deny = () => w.ask('POST', `/v1/device_codes/${asked.user_code}/deny`, ann.secret)
    expect([(await deny()).body.status, (await deny()).body.status]).toEqual(['denied', 'denied'])
    expect((await poll(asked)).body.code).toBe('access_denied')
    expect((await grant(asked)).body.code).toBe('not_found')
    expect((await poll({ ...asked, device_code: `dc_${'A'.repeat(43)}` })).body.code).toBe('expired_token')
    expect((await w.ask('GET', `/v1/device_codes/${asked.user_code}`, undefined)).status).toBe(401)
  })

  test.each<[string, object, number, string]>([
    ['without a limit', { day_usd_max: undefined }, 400, 'invalid_request'],
    ['with a limit of zero', { day_usd_max: '0' }, 400, 'invalid_amount'],
    ['for another party', { party: 'ben' }, 403, 'forbidden'],
  ])('is not granted %s, and waits on', async (_, wrong, status, code) => {
    const asked = await codes()
    const said = await grant(asked, ann.secret, 'party' in wrong ? { party: ben.id } : wrong)
    expect([said.status, said.body.code]).toEqual([status, code])
    expect((await w.ask('GET', `/v1/device_codes/${asked.user_code}`, ann.secret)).body.status).toBe('pending')
  })

  test('waits for the second person where the party wants one', async () => {
    const dan = await w.party('Dan')
    const [admin, approver] = [
      await w.key(dan.secret, { person: 'an admin', role: 'admin' }),
      await w.key(dan.secret, { person: 'an approver', role: 'approver' }),
    ]
    await w.ask('POST', `/v1/parties/${dan.id}/approvals`, dan.secret, { payload: { payouts_usd_max: '0.5' } })
    const asked = await codes()
    const { status, body } = await grant(asked, admin.secret)
    expect([status, body.object]).toEqual([202, 'approval'])
    expect((await poll(asked)).body.code).toBe('authorization_pending')
    expect((await w.ask('POST', `/v1/approvals/${body.id}/approve`, approver.secret, {})).status).toBe(200)
    const made = await grant(asked, admin.secret, {}, { headers: { 'switchyard-approval': String(body.id) } })
    expect([made.status, made.body.party]).toEqual([201, dan.id])
    expect((await poll(asked)).body).toMatchObject({ agent: made.body.id })
  })

  test('is told on the dashboard as waiting where another person must agree, and granted by the same form then', async () => {
    const eve = await w.party('Eve')
    const admin = await w.key(eve.secret, { person: 'an admin', role: 'admin' })
    const approver = await w.key(eve.secret, { person: 'an approver', role: 'approver' })
    await w.ask('POST', `/v1/parties/${eve.id}/approvals`, eve.secret, { payload: { payouts_usd_max: '0.5' } })
    const asked = await codes()
    const browser = await browserOf(w.app(), admin.secret)
    const send = async (fields: object) =>
      browser.post(`/dashboard/do/device/${asked.user_code}/grant`, {
        name: 'a <i>reader</i>',
        ...LIMITS,
        ...fields,
        token: await browser.token(),
        repeat: crypto.randomUUID(),
      })
    const waits = await send({})
    const approval = /name="approval" value="(ap_[^"]+)"/.exec(waits.body)?.[1] ?? ''
    expect([waits.statusCode, waits.body.includes('a person of the party'), waits.body.includes('<i>reader')]).toEqual([202, true, false])
    expect((await poll(asked)).body.code).toBe('authorization_pending')
    expect((await w.ask('POST', `/v1/approvals/${approval}/approve`, approver.secret, {})).status).toBe(200)
    // What was agreed to is this and nothing else.
    expect((await send({ approval, day_usd_max: '2' })).body).toContain('approval_not_for_this')
    const done = await send({ approval })
    expect([done.statusCode, done.headers.location]).toEqual([303, '/dashboard/agents'])
    expect((await browser.get('/dashboard/agents')).body).toContain('a &lt;i&gt;reader')
  })

  test('is seen, granted and denied on the dashboard, by the key that is logged in there', async () => {
    const asked = await codes({ name: '<b>researcher</b>', request_usd_max: '0.02' })
    const browser = await browserOf(w.app(), ann.secret)
    const act = async (path: string, fields: object = {}) =>
      browser.post(`/dashboard/do/device/${path}`, { ...fields, token: await browser.token(), repeat: crypto.randomUUID() })
    const page = await browser.get(`/dashboard/agents?code=${asked.user_code}`)
    expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining(asked.user_code)])
    expect([page.body.includes('&lt;b&gt;researcher'), page.body.includes('<b>researcher')]).toEqual([true, false])
    // The person writes what it may: what a stranger asks for is not a click away.
    for (const limit of ['request_usd_max', 'day_usd_max'])
      expect(page.body).toMatch(new RegExp(`<input name="${limit}" value="" [^>]*required`))
    const done = await act(`${asked.user_code}/grant`, { name: 'a reader', ...LIMITS })
    expect([done.statusCode, done.headers.location]).toEqual([303, '/dashboard/agents'])
    expect((await browser.get('/dashboard/agents')).body).toContain('a reader')
    const own = async (name: string) =>
      ((await w.ask('GET', '/v1/agents', ann.secret)).body.data as Record<string, unknown>[]).find((one) => one.name === name)
    expect(await own('a reader')).toMatchObject({ approval_above: null, payees: null })
    expect((await poll(asked)).status).toBe(200)
    const third = await codes()
    const narrow = { name: 'a narrow reader', ...LIMITS, approval_above_usd: '0.02', payees: ` ${ann.id},\r\n ${ben.id} ` }
    expect((await act(`${third.user_code}/grant`, narrow)).body).toContain('Nobody of this party could agree')
    await w.key(ann.secret, { person: 'an approver', role: 'approver' })
    expect((await act(`${third.user_code}/grant`, { ...narrow, payees: `${ann.id} pa_nobody` })).statusCode).toBe(400)
    expect((await act(`${third.user_code}/grant`, narrow)).statusCode).toBe(303)
    expect(await own('a narrow reader')).toMatchObject({ approval_above: { amount: '0.02' }, payees: [ann.id, ben.id] })
    expect((await poll(third)).status).toBe(200)
    const other = await codes()
    await act(`${other.user_code}/deny`)
    expect((await poll(other)).body.code).toBe('access_denied')
    const operator = await browserOf(w.app(), OPERATOR_KEY)
    expect((await operator.get('/dashboard/agents?code=ZZZZ-ZZZZ')).body).toContain('No program waits')
  })
})
