import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'

// One address, a page for people and a 402 for programs: what differs is how it is written.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 10 })
  onTestFinished(() => world.close())
})

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const get = (headers: Record<string, string> = {}, url = '/joke') => world.app.inject({ method: 'GET', url, headers })
const challenges = (value: unknown) => [value].flat().map((one) => String(one).replaceAll(/"[^"]*"/g, '""'))

test('a browser gets the same status and challenges as a client, and a page', async () => {
  const [client, page] = [await get(), await get(BROWSER)]
  expect([client.statusCode, client.headers['content-type'], client.headers.vary]).toEqual([
    402,
    'application/problem+json; charset=utf-8',
    'Accept',
  ])
  expect([page.statusCode, page.headers['content-type'], page.headers.vary]).toEqual([
    402,
    'text/html; charset=utf-8',
    'Accept, Accept-Language',
  ])
  expect([page.headers['cache-control'], page.headers['content-security-policy']]).toEqual([
    'no-store',
    expect.stringContaining("default-src 'none'"),
  ])
  expect(challenges(page.headers['www-authenticate'])).toEqual(challenges(client.headers['www-authenticate']))
  expect(String(page.headers['payment-required'])).toHaveLength(String(client.headers['payment-required']).length)
  for (const part of ['>seller<', '>/joke<', '>0.002 USD<', '>2 sat<', '>USDC, 31337<']) expect(page.body).toContain(part)
})

test('what the page holds is what its own headers offer', async () => {
  const { headers, body } = await get(BROWSER)
  const decoded = (text: string) => JSON.parse(text.replaceAll('&quot;', '"')) as unknown
  const { accepts, resource } = JSON.parse(Buffer.from(String(headers['payment-required']), 'base64').toString())
  expect(decoded(/data-accepted="([^"]*)"/.exec(body)![1]!)).toEqual(accepts[0])
  expect(decoded(/data-resource="([^"]*)"/.exec(body)![1]!)).toEqual(resource)
  const [, token, invoice] = /L402 macaroon="([^"]*)", invoice="([^"]*)"/.exec([headers['www-authenticate']].flat().join())!
  expect([/data-token="([^"]*)"/.exec(body)![1], /data-invoice="([^"]*)"/.exec(body)![1]]).toEqual([token, invoice])
})

test('the token and the invoice of a page buy this very request', async () => {
  const { body } = await get(BROWSER)
  const [token, invoice] = ['token', 'invoice'].map((name) => new RegExp(`data-${name}="([^"]*)"`).exec(body)![1]!)
  const authorization = `L402 ${token}:${world.lightning.pay(invoice!.slice('lnbcrt'.length))}`
  expect(await get({ accept: 'text/html', authorization }, '/joke?other')).toMatchObject({ statusCode: 402 })
  expect(await get({ accept: 'text/html', authorization })).toMatchObject({ statusCode: 200, body: 'joke 1' })
})

test('a visit costs what the 402 of a client costs, and nothing is written', async () => {
  const visits = async (headers: Record<string, string>) => {
    const { app, lightning, chain, receipts, ran, close } = await openPaidRoute({ finishedKept: 10 })
    onTestFinished(close)
    for (let n = 0; n < 30; n++) await app.inject({ method: 'GET', url: '/joke', headers })
    return { asked: [...lightning.asked, ...chain.asked], written: receipts.length + ran() }
  }
  const [byClients, byBrowsers] = [await visits({}), await visits(BROWSER)]
  expect(byBrowsers).toEqual(byClients)
  expect(byBrowsers.written).toBe(0)
})

describe('no page', () => {
  test.each([
    ['with a payment that nobody can read', 400, { 'payment-signature': 'eA==' }],
    ['with a token that is wrong', 402, { authorization: `L402 AgEA:${'0'.repeat(64)}` }],
    ['to who says what it pays by', 402, { 'accept-payment': 'lightning/charge' }],
  ])('is shown %s', async (_, status, headers) => {
    const answer = await get({ ...BROWSER, ...headers })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8'])
    expect(answer.json()).toHaveProperty(status === 402 ? 'offers' : 'code')
  })

  test('is sent to HEAD, which gets its headers', async () => {
    const { statusCode, headers, body } = await world.app.inject({ method: 'HEAD', url: '/joke', headers: BROWSER })
    expect([statusCode, headers['content-type'], body]).toEqual([402, 'text/html; charset=utf-8', ''])
  })

  test('offers a way where an invoice buys a pass, or the price is a maximum', async () => {
    const ten = await get(BROWSER, '/ten/1')
    expect(ten.body).toContain('data-accepted')
    expect(ten.body).not.toContain('data-token')
    const metered = await get(BROWSER, '/metered')
    expect(metered.body).toContain('≤ 0.05 USD')
    expect(metered.body).not.toMatch(/data-(?:accepted|token)/)
  })
})

test("a seller's name and description are texts, whatever they say", async () => {
  const name = '<script>alert(1)</script>'
  const made = await world.app.inject({
    method: 'POST',
    url: '/v1/admissions',
    headers: { authorization: `Bearer ${world.sellerKey}` },
    payload: {
      attempt: crypto.randomUUID(),
      request: {
        method: 'GET',
        url: `https://shop.example/a?"'<script>`.replaceAll(/["<>']/g, encodeURIComponent),
        route: '/a',
        headers: BROWSER,
      },
      price: { amount: '0.002' },
      description: `</p>${name}`,
    },
  })
  const { kind, status, headers, body } = made.json() as { kind: string; status: number; headers: [string, string][]; body: string }
  expect([kind, status]).toEqual(['unpaid', 402])
  expect(headers).toContainEqual(['content-type', 'text/html; charset=utf-8'])
  expect(headers.filter(([field]) => field === 'content-type')).toHaveLength(1)
  expect(body).toContain('&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(body).not.toContain(name)
})
