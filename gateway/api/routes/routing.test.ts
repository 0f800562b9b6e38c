import { expect, test } from 'vitest'
import { KEYS, openSuspenseWorld } from '../../../test/payout/suspenseWorld.ts'
import { dryRunView } from './routingPolicyWire.ts'

type Sent = Readonly<{ body?: object; key?: string; bearer?: string }>

async function openApi() {
  const w = await openSuspenseWorld()
  const party = w.source.slice('party:'.length)
  const call = async (method: 'GET' | 'POST', url: string, { body, key, bearer = KEYS.operator }: Sent = {}) => {
    const headers = { authorization: `Bearer ${bearer}`, ...(key === undefined ? {} : { 'idempotency-key': key }) }
    const answer = await w.app.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
    return { status: answer.statusCode, body: answer.json() }
  }
  return { party, call, url: `/v1/parties/${party}/routing_policy` }
}

test('a routing policy is set whole, once for a key, and read back', async () => {
  const { party, call, url } = await openApi()
  const unsaid = { object: 'routing_policy', party, version: 0, allow: [], forbid: [], prefer: [], prefer_by_usd: '0', wait_percent: 100 }
  expect(await call('GET', url)).toEqual({ status: 200, body: unsaid })
  const body = {
    forbid: ['bank'],
    prefer: ['lightning', 'evm:8453'],
    prefer_by_usd: '0.10',
    wait_percent: 200,
    fee_max_usd: '0.5',
    attempts_max: 2,
  }
  const set = await call('POST', url, { body, key: 'policy-0001' })
  const stands = { ...unsaid, ...body, version: 1, prefer_by_usd: '0.1' }
  expect(set).toEqual({ status: 200, body: stands })
  expect(await call('POST', url, { body, key: 'policy-0001' })).toEqual(set)
  expect(await call('GET', url)).toEqual({ status: 200, body: stands })
  expect((await call('POST', url, { body: {}, key: 'policy-0002' })).body).toEqual({ ...unsaid, version: 2 })
})

test('what is no policy is refused and changes nothing, and so is who it is not for', async () => {
  const { call, url } = await openApi()
  const wrong = [{ forbid: ['telex'] }, { wait_percent: -1 }, { attempts_max: 0 }, { fee_max_usd: '1e3' }, { fees: '1' }]
  for (const body of wrong) {
    expect((await call('POST', url, { body, key: 'policy-wrong' })).body.code).toBe('invalid_request')
    expect((await call('POST', `${url}/dry_run`, { body })).body.code).toBe('invalid_request')
  }
  const nothing: [object, string, RegExp][] = [
    [{ forbid: ['telex'] }, 'forbid.0', /is no rail: lightning, evm, bank/],
    [{ allow: ['evm:8453', 'bank'], forbid: ['evm', 'bank'] }, 'allow', /nothing could ever be paid/],
    [{ prefer: ['bank'] }, 'prefer', /does nothing without prefer_by_usd/],
    [{ prefer_by_usd: '0.5' }, 'prefer_by_usd', /does nothing without prefer,/],
  ]
  for (const [body, path, message] of nothing)
    expect((await call('POST', url, { body, key: 'policy-nothing' })).body.errors).toEqual([
      { path, message: expect.stringMatching(message) },
    ])
  expect((await call('POST', url, { body: {} })).status).toBe(400)
  expect((await call('POST', url, { body: {}, key: 'policy-0003', bearer: 'sk_nobody_0000000001' })).status).toBe(401)
  expect((await call('GET', '/v1/parties/pa_00000000000000000000000000000000/routing_policy')).status).toBe(404)
  expect((await call('GET', url)).body.version).toBe(0)
})

test('what the next hour will cost is told to an operator, and to nobody else', async () => {
  const { call } = await openApi()
  expect(await call('GET', '/v1/routing/forecast')).toEqual({ status: 200, body: { object: 'routing_forecast', rails: [] } })
  expect((await call('GET', '/v1/routing/forecast', { bearer: 'sk_nobody_0000000001' })).status).toBe(401)
})

test('metrics are in the format of Prometheus, for an operator alone, and name no party', async () => {
  const w = await openSuspenseWorld()
  const ask = (bearer: string) => w.app.inject({ url: '/v1/routing/metrics', headers: { authorization: `Bearer ${bearer}` } })
  const scraped = await ask(KEYS.operator)
  expect([scraped.statusCode, scraped.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  expect(scraped.body).toMatch(/^# TYPE switchyard_routing_tries_total counter$/m)
  expect(scraped.body).toMatch(/^switchyard_routing_open_tries \d+$/m)
  expect(scraped.body).not.toContain(w.source.slice('party:'.length))
  expect((await ask('sk_nobody_0000000001')).statusCode).toBe(401)
  expect((await w.app.inject({ url: '/v1/routing/metrics' })).statusCode).toBe(401)
})

test('a dry run that saw few decisions says that there may be more', () => {
  const seen = { judged: 0, otherwise: 0, excluded: 0, rules: [], costsMoreNano: 0n, slowerSeconds: 0n }
  expect(dryRunView({ ...seen, isWhole: false }, []).why).toMatch(/^0 decisions .* There may be more in these days/)
  expect(dryRunView({ ...seen, isWhole: true }, []).why).not.toContain('more in')
})

test('a dry run and a simulation say what would be, and hours what was', async () => {
  const { party, call, url } = await openApi()
  const tried = await call('POST', `${url}/dry_run`, { body: { forbid: ['bank'] } })
  expect(tried.body).toMatchObject({
    decisions: 0,
    excluded: 0,
    costs_more_usd: '0',
    slower_s: '0',
    whole: true,
    why: expect.stringMatching(/^0 decisions/),
  })
  // A slip of the pen in what is forbidden would forbid nothing.
  const slip = await call('POST', `${url}/dry_run`, { body: { forbid: ['evm:99', 'bank'] } })
  expect([slip.body.not_here, tried.body.not_here]).toEqual([['evm:99'], []])
  expect(slip.body.why).toContain('No rail here is evm:99')
  await call('POST', url, { body: { forbid: ['bank'] }, key: 'policy-0004' })
  const asked = { party, amount: { asset: 'EUR', amount: '10' }, schedules: ['sepa_instant', 'usdc_base'] }
  const { status, body } = await call('POST', '/v1/routing/simulate', { body: asked })
  expect([status, body.object, body.policy]).toEqual([200, 'simulation', { party, version: 1 }])
  expect(body.candidates).toMatchObject([
    { schedule: 'sepa_instant', verdict: 'impossible', reason: 'excluded_by_policy' },
    { schedule: 'usdc_base', verdict: 'chosen', rank: 1, terms: { gas: '0.01' } },
  ])
  expect((await call('POST', '/v1/routing/simulate', { body: { party, amount: asked.amount } })).body.code).toBe('invalid_request')
  expect((await call('POST', '/v1/routing/simulate', { body: { ...asked, schedules: ['rtpp'] } })).body.detail).toContain(
    'no price list rtpp',
  )
  expect(await call('GET', '/v1/routing/performance?hours=3')).toEqual({ status: 200, body: { data: [] } })
  expect((await call('GET', '/v1/routing/performance?hours=193')).status).toBe(400)
})
