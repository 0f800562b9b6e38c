import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { checkAnswer } from '../contract/checkAnswer.ts'
import { type GatewayOnChain, startGateway } from '../evm/gatewayOnChain.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { browserOf } from './browserOf.ts'
import { listsOfTenants } from './listsOfTenants.ts'

// Alice owns one of everything; Bob has a key here too, and somebody has none. What she owns is named by ids that all of them know.
const OPERATOR = 'sk_operator_of_the_test'
const SECRET = 'only-for-alice'

/** What nobody needs a key for: whoever knows the id may pay, or check a proof. */
const OPEN: readonly RegExp[] = [
  /^\/v1\/rails$/,
  /^\/v1\/receipts\//,
  /^\/v1\/payments\//,
  /^\/v1\/refunds\/\{id\}(?:\/(?:invoice|claim))?$/,
  /^\/v1\/splits\/{id}\/channel_terms$/,
  /^\/v1\/channels/,
  /^\/v1\/audit\//,
  /^\/v1\/device_codes(?:\/token)?$/,
  /^\/x402\/(?:supported|discovery\/resources)$/,
]
const WALLETS: readonly RegExp[] = [/^\/lnurl\//, /^\/\.well-known\//, /^\/pay\//, /^\/claim\//, /^\/l\//]
/** Of these an intent's id says that it may be paid, to whoever has a key. */
const INTENT = /^\/v1\/payment_intents\/{id}/

type Operations = Readonly<{ paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }>
type Call = Readonly<{ method: 'GET' | 'POST'; path: string }>

let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let alice: { id: string; key: string }
let bob: { id: string; key: string }
let calls: Call[]
/** What Alice owns, by the path that it is read under. */
let ids: Record<string, string>

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 })
  app = newApp({ publicUrl: 'http://localhost' })
  await addApi(app, yard.gateway())
  await app.ready()
  const { paths } = app.swagger() as Operations // its own document.
  calls = Object.entries(paths).flatMap(([path, by]) => [
    ...(by.get ? [{ method: 'GET' as const, path }] : []),
    ...(by.post ? [{ method: 'POST' as const, path }] : []),
  ])
  ;[alice, bob] = [await party('Alice'), await party('Bob')]
  ids = await ownedByAlice()
}, 120_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

async function ask(method: 'GET' | 'POST', url: string, key: string | undefined, payload?: object) {
  await turn()
  const headers = { 'idempotency-key': crypto.randomUUID(), ...(key ? { authorization: `Bearer ${key}` } : {}) }
  const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  if (String(answer.headers['content-type']).startsWith('application/json'))
    checkAnswer({ method, url, status: answer.statusCode, body: answer.json() })
  return answer
}

async function made<T>(url: string, key: string, payload: object): Promise<T> {
  const answer = await ask('POST', url, key, payload)
  expect([answer.statusCode, answer.body]).toEqual([201, expect.anything()])
  return answer.json<T>()
}

async function party(name: string) {
  const answer = await ask('POST', '/v1/parties', OPERATOR, { name: `${name} ${name === 'Alice' ? SECRET : ''}` })
  return { id: answer.json<{ id: string }>().id, key: String(answer.headers['switchyard-api-key']) }
}

async function ownedByAlice(): Promise<Record<string, string>> {
  type Made = { id: string; k1: string; name: string; decisions?: string[] }
  const row = { party: alice.id, account: chain.customers[5]!.address, shares: 1 }
  const split = await made<Made>('/v1/splits', OPERATOR, { label: SECRET, payees: [row] })
  const amount = { asset: 'USD', amount: '0.5' }
  const intent = await made<Made>('/v1/payment_intents', alice.key, {
    amount,
    payee: alice.id,
    seller: 'Alice',
    metadata: { order: SECRET },
  })
  const address = { party: alice.id, name: 'alice-of-the-yard', description: 'tips' }
  await made('/v1/lightning_addresses', alice.key, address)
  const { bookAsset } = yard.gateway().ground
  const worth = { asset: bookAsset.id, amount: '0.25' }
  const link = await made<Made>('/v1/withdraw_links', alice.key, {
    party: alice.id,
    amount: worth,
    uses: 1,
    description: SECRET,
    expires_in_s: 600,
  })
  const paymentLink = await made<Made>('/v1/payment_links', alice.key, {
    amount,
    payee: alice.id,
    seller: 'Alice',
    metadata: { order: SECRET },
  })
  const invoice = await made<Made>('/v1/invoices', alice.key, {
    payment_intent: intent.id,
    seller: { name: 'Alice', address: { country: 'DE' } },
    buyer: { name: SECRET, address: { country: 'FR' } },
    lines: [{ description: SECRET, quantity: '1', unit_price: amount, tax: { category: 'O' } }],
    metadata: { order: SECRET },
  })
  const plan = await made<Made>('/v1/plans', alice.key, {
    amount,
    interval: 'year',
    trial_days: 30,
    payee: alice.id,
    metadata: { order: SECRET },
  })
  const subscription = await made<Made>('/v1/subscriptions', alice.key, { plan: plan.id, metadata: { order: SECRET } })
  const login = await made<Made>('/v1/logins', alice.key, {})
  for (const { id } of [alice, bob]) await fund(id)
  const payout = await made<Made>('/v1/payouts', alice.key, {
    party: alice.id,
    amount: worth,
    destinations: [{ kind: 'party', party: bob.id }],
    reference: SECRET,
  })
  const { decisions } = (await ask('GET', `/v1/payouts/${payout.id}?wait=20`, alice.key)).json<Made>()
  const order = await made<Made>('/v1/standing_orders', alice.key, {
    asset: bookAsset.id,
    destination: { kind: 'party', party: bob.id },
    every: 'month',
    reference: SECRET,
  })
  const endpoint = await made<Made>('/v1/webhook_endpoints', alice.key, { url: `https://shop.example/${SECRET}`, types: ['payout.*'] })
  const agent = await made<Made>('/v1/agents', alice.key, { name: SECRET, request_usd_max: '0.05', day_usd_max: '1' })
  return {
    '/v1/parties': alice.id,
    '/v1/splits': split.id,
    '/v1/payment_intents': intent.id,
    '/v1/payment_links': paymentLink.id,
    '/v1/invoices': invoice.id,
    '/v1/plans': plan.id,
    '/v1/subscriptions': subscription.id,
    '/v1/lightning_addresses': address.name,
    '/v1/withdraw_links': link.id,
    '/v1/logins': login.k1,
    '/v1/payouts': payout.id,
    '/v1/disputes': await contested(),
    '/v1/standing_orders': order.id,
    '/v1/webhook_endpoints': endpoint.id,
    '/v1/agents': agent.id,
    ...(decisions?.[0] ? { '/v1/decisions': decisions[0] } : {}),
  }
}

/** Bob has paid her for something, and contests it: what the operator notes of that is not for him. */
async function contested(): Promise<string> {
  type Made = { id: string }
  const price = { asset: 'USD', amount: '0.25' }
  const { id } = await made<Made>('/v1/payment_intents', alice.key, { amount: price, payee: alice.id })
  expect((await ask('POST', `/v1/payment_intents/${id}/pay`, bob.key, { rail: 'book' })).statusCode).toBe(200)
  const opening = { payment_intent: id, reason: 'not_received', note: SECRET, metadata: { ticket: SECRET } }
  return (await made<Made>('/v1/disputes', OPERATOR, opening)).id
}

/** A party's balance, as an operator's entry makes it. */
async function fund(party: string): Promise<void> {
  const { ledger, ground } = yard.gateway()
  const legs = [{ kind: 'move' as const, debit: 'capital:operator', credit: `party:${party}`, asset: ground.bookAsset, units: 1_000_000n }]
  const outcome = await ledger.books.submit({ facts: [], entry: { id: ground.ids.entry(), payment: 'grant', legs } })
  expect(outcome.kind).toBe('applied')
}

/** The same id but for its last letters: well formed, and nobody's. */
const missing = (id: string) => `${id.slice(0, -4)}${id.endsWith('0000') ? '1111' : '0000'}`
const rootOf = (path: string) => path.slice(0, path.indexOf('/{'))
const hasId = ({ path }: Call) => path.includes('{')
const isOpen = ({ path }: Call) => [...OPEN, ...WALLETS].some((one) => one.test(path))
const urlOf = (path: string, id: string) =>
  path
    .replace(/{(?:id|name|k1)}/, id)
    .replace('{day}', '2026-11-25')
    .replace('{account}', chain.customers[5]!.address)

/** Answers without what differs in every one of them. */
async function told(call: Call, id: string, key: string | undefined) {
  const answer = await ask(call.method, urlOf(call.path, id), key)
  const text = answer.body.replaceAll(id, '<id>').replace(/"request_id":"[^"]*"/, '')
  return { status: answer.statusCode, text }
}

describe('tenants', () => {
  test('the description says of each route whether it needs a key', () => {
    const { paths } = app.swagger() as Operations // its own document.
    const keyless = calls.filter(({ method, path }) => {
      const operation = paths[path]?.[method.toLowerCase()] as { security?: object[] } | undefined // An operation of OpenAPI.
      return operation?.security?.length === 0
    })
    expect(keyless.map(({ path }) => path).sort()).toEqual(
      calls
        .filter(isOpen)
        .map(({ path }) => path)
        .sort(),
    )
  })

  test('why an intent offers its ways is for its payee and the operator; to who pays it, its decision does not exist', async () => {
    const intent = ids['/v1/payment_intents'] ?? ''
    const { decision } = (await ask('GET', `/v1/payment_intents/${intent}`, alice.key)).json<{ decision: string }>()
    const seen = (await ask('GET', `/v1/payment_intents/${intent}`, bob.key)).json<object>()
    expect(seen).not.toHaveProperty('decision')
    for (const key of [alice.key, OPERATOR]) {
      const answer = await ask('GET', `/v1/decisions/${decision}`, key)
      expect([answer.statusCode, answer.json()]).toEqual([
        200,
        expect.objectContaining({ object: 'offer_decision', payment_intent_id: intent }),
      ])
    }
    const call = { method: 'GET', path: '/v1/decisions/{id}' } as Call
    expect(await told(call, decision, bob.key)).toEqual(await told(call, missing(decision), bob.key))
    expect((await told(call, decision, undefined)).status).toBe(401)
  })

  test('without a key nothing but what is open answers, and an id that exists is refused like one that does not', async () => {
    for (const call of calls.filter((one) => !isOpen(one))) {
      const id = ids[rootOf(call.path)] ?? 'xx_1'
      const own = await told(call, id, undefined)
      // A query or a body that is not even well formed is said so before anything is looked up.
      expect([401, 400], `${call.method} ${call.path} ${own.text}`).toContain(own.status)
      if (call.method === 'GET' && hasId(call)) expect(own.status, call.path).toBe(401)
      if (hasId(call)) expect(await told(call, missing(id), undefined), `${call.method} ${call.path}`).toEqual(own)
    }
  })

  test('what is Alice’s is to Bob as if it were not there', async () => {
    const tried: string[] = []
    for (const call of calls.filter((one) => hasId(one) && !isOpen(one) && !INTENT.test(one.path))) {
      const id = ids[rootOf(call.path)]
      if (id === undefined) continue
      const own = await told(call, id, bob.key)
      expect([403, 404, ...(call.method === 'POST' ? [400] : [])], `${call.method} ${call.path} ${own.text}`).toContain(own.status)
      if (call.method === 'GET') expect(own.status, call.path).toBe(404)
      expect(await told(call, missing(id), bob.key), `${call.method} ${call.path}`).toEqual(own)
      tried.push(call.path)
    }
    expect(new Set(tried.map(rootOf))).toEqual(new Set(Object.keys(ids).filter((root) => root !== '/v1/payment_intents')))
  })

  test('nothing that anybody but Alice and the operator reads has a word of hers in it', async () => {
    for (const call of calls.filter(({ method }) => method === 'GET')) {
      const id = ids[rootOf(call.path)] ?? Object.values(ids)[0]!
      for (const key of [undefined, bob.key]) {
        const answer = await told(call, id, key)
        expect(answer.text, `${call.path} ${answer.status}`).not.toContain(SECRET)
      }
    }
  })

  test('Alice and the operator read it all', async () => {
    for (const [root, id] of Object.entries(ids)) {
      const shown = { method: 'GET' as const, path: `${root}/{id}` }
      expect([root, (await told(shown, id, alice.key)).status]).toEqual([root, 200])
      // A login is between a wallet and who asked for it.
      expect([root, (await told(shown, id, OPERATOR)).status]).toEqual([root, root === '/v1/logins' ? 404 : 200])
    }
    expect((await told({ method: 'GET', path: '/v1/payment_intents/{id}' }, ids['/v1/payment_intents']!, alice.key)).text).toContain(SECRET)
  })

  test('a client of the first version reads the ways to pay as they were called then', async () => {
    const read = async (version: string) => {
      const headers = { authorization: `Bearer ${alice.key}`, 'switchyard-version': version }
      return (await app.inject({ url: `/v1/payment_intents/${ids['/v1/payment_intents']}`, headers })).body
    }
    expect(await read('2026-11-24')).toMatch(/^(?=.*"split_id":"0x)(?=.*"pay_to":"0x)(?!.*"(?:splitId|payTo|chainId)")/)
    expect(await read('2026-11-23')).toMatch(/^(?=.*"splitId":"0x)(?=.*"payTo":"0x)(?!.*"(?:split_id|pay_to|chain_id)")/)
  })

  test('who pays an intent reads what it costs and how it is paid, and nothing else of it', async () => {
    const answer = (await ask('GET', `/v1/payment_intents/${ids['/v1/payment_intents']}`, bob.key)).json<object>()
    expect(Object.keys(answer).sort()).toEqual([
      'amount',
      'description',
      'expires_at',
      'id',
      'object',
      'offers',
      'page',
      'paid',
      'seller',
      'status',
      'uri',
    ])
  })

  test('what a party earns by a split is read by that party, and not by its other payees', async () => {
    const rows = [alice, bob].map(({ id }, i) => ({ party: id, account: chain.customers[i]!.address, shares: i + 1 }))
    const { id } = await made<{ id: string }>('/v1/splits', OPERATOR, { payees: rows })
    type Held = { chains: { entitlements: { party: string }[] }[] }
    for (const [key, seen] of [
      [OPERATOR, [alice.id, bob.id]],
      [alice.key, [alice.id]],
      [bob.key, [bob.id]],
    ] as const) {
      const { chains } = (await ask('GET', `/v1/splits/${id}`, key)).json<Held>()
      expect(chains.map(({ entitlements }) => entitlements.map((e) => e.party))).toEqual([seen])
    }
  })

  listsOfTenants(() => ({ ask, made, app, alice, bob, ids, secret: SECRET, operator: OPERATOR }))
})

describe('the dashboard', () => {
  const PAGES = [
    '',
    ...['payments', 'decisions', 'savings', 'splits', 'ledger', 'payouts', 'orders', 'webhooks', 'agents', 'keys', 'health'].map(
      (name) => `/${name}`,
    ),
  ]
  const idsOfPages = () => [
    `/payments/${ids['/v1/payment_intents']}`,
    `/payments/${ids['/v1/payouts']}`,
    `/splits/${ids['/v1/splits']}`,
    `/decisions/${ids['/v1/decisions'] ?? 'dec_1'}`,
    `/payments/${ids['/v1/disputes']}`,
    `/orders/${ids['/v1/standing_orders']}`,
    `/webhooks/${ids['/v1/webhook_endpoints']}`,
    `/agents?party=${alice.id}`,
    `/ledger/accounts?path=party:${alice.id}&asset=USDC`,
  ]
  const all = () => [...PAGES, ...idsOfPages()].map((path) => `/dashboard${path}`)

  test('shows nothing to who is not logged in, and sends them to the login', async () => {
    const stranger = await browserOf(app)
    for (const path of [...all(), '/dashboard/json/v1/parties']) {
      const answer = await stranger.get(path)
      expect([path, answer.statusCode, answer.headers.location]).toEqual([path, 303, '/dashboard/login'])
      expect((await stranger.get(path, { cookie: `switchyard=${'x'.repeat(43)}` })).statusCode).toBe(303)
    }
    // A key is for the API: a page takes a session and nothing else.
    expect((await stranger.get('/dashboard/keys', { headers: { authorization: `Bearer ${OPERATOR}` } })).statusCode).toBe(303)
    expect((await stranger.get('/dashboard/stream')).statusCode).toBe(401)
  })

  test('shows the operator every page whole', async () => {
    const operator = await browserOf(app, OPERATOR)
    for (const path of all()) {
      const answer = await operator.get(path)
      expect([path, answer.statusCode]).toEqual([path, 200])
      expect(answer.body, path).not.toMatch(/undefined|NaN|\[object/)
      expect(answer.headers['content-security-policy'], path).not.toMatch(/unsafe/)
    }
    expect((await operator.get('/dashboard/ledger?verify=1')).body).toContain('Verified: every balance agrees.')
    expect((await operator.get(`/dashboard/payments/${ids['/v1/payouts']}`)).body).toContain(SECRET)
  })

  test('shows Bob nothing of Alice’s, on no page and behind none', async () => {
    const browser = await browserOf(app, bob.key)
    const paths = Object.entries(ids).map(([root, id]) => `/dashboard/json${root}/${id}`)
    for (const path of [...all(), ...paths, `/dashboard/json/v1/events?subject=${ids['/v1/payouts']}`]) {
      const answer = await browser.get(path)
      expect(answer.body, path).not.toContain(SECRET)
      if (path.includes('json') && !path.includes('events') && !path.includes('payment_intents'))
        expect([path, answer.statusCode]).toEqual([path, 404])
    }
    expect((await browser.get('/dashboard/keys')).body).not.toContain(alice.id)
  })

  test('shows Alice her own', async () => {
    const browser = await browserOf(app, alice.key)
    expect((await browser.get('/dashboard/keys')).body).toContain(alice.id)
    for (const path of idsOfPages().filter((one) => /\/(?:payments|orders|webhooks|agents)/.test(one)))
      expect((await browser.get(`/dashboard${path}`)).body, path).toContain(SECRET)
    expect((await browser.get('/dashboard/ledger')).body).toContain('Only the operator may do this')
  })

  test('asks the API and nothing else, however a path climbs', async () => {
    const browser = await browserOf(app, alice.key)
    for (const path of ['/v1/../dashboard/login', '/v1/%2e%2e/pay/page.js', '//elsewhere.example/v1/x', '/healthz', '/demo/joke'])
      expect([path, (await browser.get(`/dashboard/json${path}`)).statusCode]).toEqual([path, 404])
  })
})
