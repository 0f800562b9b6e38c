import type { FastifyInstance } from 'fastify'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { softDevice } from '../../../test/devices/softDevice.ts'
import { browserOf } from '../../../test/tenants/browserOf.ts'
import { LIMITS, openGuard } from '../../guard/openGuard.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import type { Key } from '../../parties/keys/key.ts'
import { hashKey } from '../../parties/keys/secret.ts'
import { createSessions } from '../../parties/keys/sessions.ts'
import { createPasskeys } from '../../parties/passkeys/passkeys.ts'
import { newApp } from '../app.ts'
import { authenticator } from '../http/authenticate.ts'
import { dashboardRoutes } from './dashboardRoutes.ts'

const [OPERATOR, PARTY] = ['sk_operator_of_the_test', 'sk_party_of_the_test']
const WORDS = '"><script>alert(1)</script>'

let now: number
let key: Key | undefined
let asked: { url: string; by: string; ip: string; repeat: unknown; body: unknown }[]

beforeEach(() => {
  now = 1_800_000_000_000
  asked = []
  key = { id: 'key_1', holder: 'pa_1', name: 'till', hash: hashKey(PARTY), createdAt: now }
})

/** The dashboard before an API that answers everything with a stranger's words, to keys of one operator and one party. */
async function opened(network: 'local' | 'mainnet' = 'local') {
  const clock = { now: () => now }
  const sessions = createSessions({ clock })
  const callers = authenticator({
    operators: [{ name: 'operator', keyHash: hashKey(OPERATOR), role: 'admin' }],
    parties: { find: (id) => (id === 'pa_1' ? { id: 'pa_1', name: WORDS, reference: undefined, createdAt: now } : undefined) },
    keys: { ofHash: (hash) => (hash === key?.hash ? key : undefined), use: () => undefined },
    sessions,
  })
  const app = newApp({ publicUrl: 'http://localhost' })
  onTestFinished(() => app.close())
  app.all('/v1/*', async (request, reply) => {
    const by = callers.authenticate({ headers: request.headers, ip: request.ip, method: 'GET', routeOptions: { url: '/v1/keys' } }).kind
    asked.push({ url: request.url, by, ip: request.ip, repeat: request.headers['idempotency-key'], body: request.body })
    if (request.url.endsWith('/cancel')) return reply.code(409).send({ title: WORDS, detail: WORDS, code: 'intent_not_open', hint: WORDS })
    if (request.url.startsWith('/v1/parties/'))
      return { id: 'pa_1', name: WORDS, balances: [{ available: '1', held: '0', code: WORDS }], created_at: WORDS }
    return {
      data: [
        { id: `key_${WORDS}`, name: WORDS, status: 'active', can: null, addresses: null, party: WORDS, balances: [], resources: [WORDS] },
      ],
      has_more: false,
    }
  })
  // What streams are made of is another room's, and nothing here opens one.
  const needs = { callers, ground: { clock, assets: [] }, guard: openGuard({ clock }, { limits: LIMITS, onRefused: () => {} }) }
  const books = createBooks({ journal: memoryJournal([]), clock })
  const passkeys = createPasskeys({ books, clock, ids: uuidIds(clock) })
  await books.start()
  await app.register(dashboardRoutes({ ...needs, operations: { network }, parties: { sessions, passkeys } } as never))
  return app
}

describe('logging in', () => {
  test('exchanges a key for a cookie that no script and no other site has, and never shows the key', async () => {
    const browser = await browserOf(await opened())
    const answer = await browser.post('/dashboard/login', { key: OPERATOR })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/dashboard'])
    expect(answer.headers['set-cookie']).toMatch(/^switchyard=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    const page = await browser.get('/dashboard/keys')
    expect(page.body).not.toContain(OPERATOR)
    expect(page.body).not.toContain(browser.cookie()!.split('=')[1])
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(page.body).toContain('no real money')
  })

  test('keeps the code of an agent that brought a person here, and nothing else', async () => {
    const browser = await browserOf(await opened())
    const sent = await browser.get('/dashboard/agents?code=BCDF-GHJK')
    expect([sent.statusCode, sent.headers.location]).toEqual([303, '/dashboard/login?code=BCDF-GHJK'])
    expect((await browser.get('/dashboard/login?code=BCDF-GHJK')).body).toContain('name="code" value="BCDF-GHJK"')
    for (const code of ['"><b>', '//evil.example', 'BCDF-GHJK/../keys', '']) {
      const page = await browser.get(`/dashboard/login?code=${encodeURIComponent(code)}`)
      expect(page.body).toContain('name="code" value=""')
      const other = await browser.post('/dashboard/login', { key: OPERATOR, code })
      expect([other.statusCode, other.headers.location]).toEqual([303, '/dashboard'])
    }
    const answer = await browser.post('/dashboard/login', { key: OPERATOR, code: 'BCDF-GHJK' })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/dashboard/agents?code=BCDF-GHJK'])
  })

  test('an operator who has not said whose agents is not told that there are none', async () => {
    const browser = await browserOf(await opened())
    await browser.post('/dashboard/login', { key: OPERATOR })
    const { body } = await browser.get('/dashboard/agents')
    expect(body).toContain('Name a party to see its agents.')
    expect(body).not.toContain('Nothing yet.')
  })

  test('a slash at the end leads to the same page', async () => {
    const answer = await (await browserOf(await opened())).get('/dashboard/')
    expect([answer.statusCode, answer.headers.location]).toEqual([308, '/dashboard'])
  })

  test('elsewhere than on a local network sends the cookie over TLS alone, and says that money is real', async () => {
    const browser = await browserOf(await opened('mainnet'))
    const answer = await browser.post('/dashboard/login', { key: OPERATOR })
    expect(answer.headers['set-cookie']).toMatch(/^__Host-switchyard=.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
    expect((await browser.get('/dashboard/keys')).body).toContain('Live: real money')
  })

  test('refuses a wrong key, one from another address, and after 50 wrong ones every other for a while', async () => {
    const browser = await browserOf(await opened())
    key = { ...key!, addresses: ['10.0.0.0/8'] }
    for (const wrong of ['sk_wrong_key_of_nobody', 'no key', '', PARTY]) {
      const answer = await browser.post('/dashboard/login', { key: wrong })
      expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([401, undefined])
    }
    for (let i = 4; i < 50; i++) await browser.post('/dashboard/login', { key: 'sk_wrong_key_of_nobody' })
    expect((await browser.post('/dashboard/login', { key: 'sk_wrong_key_of_nobody' })).statusCode).toBe(429)
    now += 2_000
    expect((await browser.post('/dashboard/login', { key: 'sk_wrong_key_of_nobody' })).statusCode).toBe(401)
  })

  test('lasts as long as the key is good, and no longer', async () => {
    const browser = await browserOf(await opened(), PARTY)
    expect((await browser.get('/dashboard/keys')).statusCode).toBe(200)
    key = undefined
    expect((await browser.get('/dashboard/keys')).statusCode).toBe(303)
  })

  test('ends here too when somebody logs out, and when he logs in again', async () => {
    const browser = await browserOf(await opened(), OPERATOR)
    const first = browser.cookie()!
    await browser.post('/dashboard/login', { key: OPERATOR })
    const second = browser.cookie()!
    expect(second).not.toBe(first)
    expect((await browser.get('/dashboard/keys', { cookie: first })).statusCode).toBe(303)
    await browser.post('/dashboard/logout', { token: await browser.token() })
    expect((await browser.get('/dashboard/keys', { cookie: second })).statusCode).toBe(303)
  })
})

describe('a passkey', () => {
  const place = { origin: 'http://localhost', host: 'localhost' }
  const own = (body: string): { challenge: string } => JSON.parse(body)

  /** What our own page's script sends. */
  async function sends(app: FastifyInstance, browser: Awaited<ReturnType<typeof browserOf>>, url: string, payload: object, more = {}) {
    const headers = { host: 'localhost', origin: place.origin, 'sec-fetch-site': 'same-origin', ...more }
    const cookie = browser.cookie()
    return app.inject({ method: 'POST', url, payload, headers: cookie ? { ...headers, cookie } : headers })
  }

  async function withPasskey() {
    const app = await opened()
    const [browser, device] = [await browserOf(app, PARTY), softDevice()]
    const token = await browser.token()
    const { challenge } = own((await sends(app, browser, '/dashboard/passkeys/options', { token, who: 'Anna' })).body)
    const response = device.add({ challenge, ...place })
    const added = await sends(app, browser, '/dashboard/passkeys', { token, name: WORDS, response })
    expect([added.statusCode, added.json()]).toEqual([200, { to: '/dashboard/passkeys' }])
    const login = async (headers = {}) => {
      const stranger = await browserOf(app)
      const { challenge } = own((await sends(app, stranger, '/dashboard/login/passkey/options', {})).body)
      return sends(app, stranger, '/dashboard/login/passkey', { response: device.logIn({ challenge, ...place }) }, headers)
    }
    return { app, browser, token, login }
  }

  test('logs in as its key while that is good, from its addresses, and its name is text', async () => {
    const { browser, login } = await withPasskey()
    expect((await browser.get('/dashboard/passkeys')).body).not.toContain('<script>alert')
    const good = await login()
    expect([good.statusCode, good.headers['set-cookie']]).toEqual([200, expect.stringMatching(/^switchyard=[\w-]{43}; Path/)])
    const before = key
    key = { ...key!, addresses: ['10.0.0.0/8'] }
    expect([(await login()).statusCode, (await login()).headers['set-cookie']]).toEqual([401, undefined])
    key = undefined
    expect((await login()).statusCode).toBe(401)
    key = before
    expect((await login()).statusCode).toBe(200)
  })

  test('is neither added nor taken away by a form of another site or session, nor by nobody', async () => {
    const { app, browser, token } = await withPasskey()
    const body = { token, name: 'x', response: softDevice().add({ challenge: 'none', ...place }) }
    for (const [url, payload] of [
      ['/dashboard/passkeys/options', { token }],
      ['/dashboard/passkeys', body],
      ['/dashboard/passkeys/psk_1/remove', { token }],
    ] as const) {
      expect((await sends(app, browser, url, payload, { origin: 'https://evil.example' })).statusCode).toBe(403)
      expect((await sends(app, browser, url, { ...payload, token: 'other' })).statusCode).toBe(403)
      const nobody = await sends(app, await browserOf(app), url, payload)
      expect([nobody.statusCode, nobody.headers.location]).toEqual([303, '/dashboard/login'])
    }
    expect((await sends(app, browser, '/dashboard/passkeys', body)).json()).toMatchObject({ code: 'passkey_refused' })
  })

  test.each([
    ['nothing', {}],
    ['no response', { response: null }],
    ['a list', { response: [] }],
    ['too much', { response: { id: 'x'.repeat(20_000) } }],
    ['another type', { response: { id: 'a', rawId: 'a', type: 'password', clientExtensionResults: {}, response: {} } }],
    [
      'what nobody has',
      {
        response: {
          id: '__proto__',
          rawId: 'a',
          type: 'public-key',
          clientExtensionResults: {},
          response: { clientDataJSON: '', authenticatorData: '', signature: '' },
        },
      },
    ],
  ])('that says %s opens nothing', async (_, payload) => {
    const app = await opened()
    const answer = await sends(app, await browserOf(app), '/dashboard/login/passkey', payload)
    expect([400, 401, 413]).toContain(answer.statusCode)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })
})

describe('a form', () => {
  test('is a call of the API as the key that was logged in with, from where the browser is, once however often it is sent', async () => {
    const browser = await browserOf(await opened(), PARTY)
    const token = await browser.token()
    asked = []
    const answer = await browser.post('/dashboard/do/keys/key_2/revoke', { token, repeat: 'a-key-of-the-form' })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/dashboard/keys'])
    expect(asked).toEqual([{ url: '/v1/keys/key_2/revoke', by: 'party', ip: '127.0.0.1', repeat: 'a-key-of-the-form', body: undefined }])
  })

  test('of another site, without the token, with another’s or after a new login does nothing', async () => {
    const app = await opened()
    const [browser, other] = [await browserOf(app, OPERATOR), await browserOf(app, PARTY)]
    const [token, others] = [await browser.token(), await other.token()]
    asked = []
    const send = (fields: Record<string, string>, headers = {}) =>
      browser.post('/dashboard/do/keys/key_2/revoke', { repeat: 'a-key-of-the-form', ...fields }, { headers })
    for (const answer of [
      await send({}),
      await send({ token: others }),
      await send({ token }, { origin: 'https://evil.example' }),
      await send({ token }, { origin: 'null' }),
      await send({ token }, { 'sec-fetch-site': 'same-site' }),
    ])
      expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining('form_refused')])
    expect((await browser.post('/dashboard/login', { key: OPERATOR }, { headers: { origin: 'https://evil.example' } })).statusCode).toBe(
      403,
    )
    expect((await browser.post('/dashboard/logout', {})).statusCode).toBe(403)
    await browser.post('/dashboard/login', { key: OPERATOR })
    expect((await send({ token })).statusCode).toBe(403)
    expect(asked.filter(({ url }) => url.endsWith('/revoke'))).toEqual([])
  })

  test('shows why the API refused it', async () => {
    const browser = await browserOf(await opened(), OPERATOR)
    const answer = await browser.post('/dashboard/do/intents/pi_1/cancel', { token: await browser.token(), repeat: 'a-key-of-the-form' })
    expect(answer.statusCode).toBe(409)
    expect(answer.body).toContain('intent_not_open')
    expect(answer.body).not.toContain('<script>alert')
  })
})

test('what strangers wrote is text, in names, in ids and in problems', async () => {
  const browser = await browserOf(await opened(), PARTY)
  const { body } = await browser.get('/dashboard/keys')
  expect(body).toContain('&lt;script&gt;')
  expect(body.match(/<script/g)).toHaveLength(1)
  expect((await browser.get('/dashboard/payments/..%2f..%2fhealthz')).statusCode).toBe(404)
})
