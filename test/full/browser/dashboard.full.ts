import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { openDashboardWorld } from './dashboardWorld.ts'
import { startBrowser } from './startBrowser.ts'

// With PICTURES=docs/images the pictures of docs/dashboard.md are taken on the way.
const { PICTURES } = process.env
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const
const DESK = { viewport: { width: 1280, height: 860 }, colorScheme: 'light' } as const
const PICTURED: Readonly<Record<string, string>> = {
  '/dashboard': 'live',
  '/dashboard/payments': 'payments',
  '/dashboard/ledger': 'ledger',
  '/dashboard/decisions/:id': 'decision',
}

let world: Awaited<ReturnType<typeof openDashboardWorld>>
let browser: Browser
let context: BrowserContext | undefined
/** What a program without a key shows. */
let code: string
const troubles: string[] = []

beforeAll(async () => {
  browser = await startBrowser()
  world = await openDashboardWorld()
  const wish = { name: 'researcher', request_usd_max: '0.05' }
  const asked = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish) }
  code = ((await (await fetch(`${world.yard.url()}/v1/device_codes`, asked)).json()) as { user_code: string }).user_code
}, 400_000)
afterAll(async () => {
  await world?.yard.close()
  await browser?.close()
})
afterEach(async () => {
  await context?.close()
  context = undefined
})

type Look = Parameters<Browser['newContext']>[0]

/** A browser of somebody who has just logged in with this key. */
async function loggedIn(key: string, look: Look = DESK): Promise<Page> {
  context = await browser.newContext(look)
  const page = await context.newPage()
  troubles.length = 0
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()))
  page.on('request', (request) => request.url().startsWith(world.yard.url()) || troubles.push(request.url()))
  await page.goto(`${world.yard.url()}/dashboard`)
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL(/\/dashboard$/)
  return page
}

const paths = (): [path: string, url: string][] => [
  ['/dashboard', ''],
  ...['payments', 'decisions', 'savings', 'splits', 'ledger', 'payouts', 'batches', 'orders', 'webhooks', 'agents', 'keys', 'health'].map(
    (name): [string, string] => [`/dashboard/${name}`, ''],
  ),
  ['/dashboard/payments/:id', `/dashboard/payments/${world.intents[0]}`],
  ['/dashboard/payments/:id', `/dashboard/payments/${world.payouts[0]!.id}`],
  ['/dashboard/payments/:id', `/dashboard/payments/${world.dispute}`],
  ['/dashboard/batches/:id', `/dashboard/batches/${world.batch}`],
  ['/dashboard/orders/:id', `/dashboard/orders/${world.order}`],
  ['/dashboard/decisions/:id', `/dashboard/decisions/${world.payouts[0]!.decision_id}`],
  ['/dashboard/splits/:id', `/dashboard/splits/${world.split}?compare=1`],
  ['/dashboard/ledger/accounts', `/dashboard/ledger/accounts?path=party:${world.seller.id}&asset=USDC`],
  ['/dashboard/webhooks/:id', `/dashboard/webhooks/${world.endpoint}`],
  ['/dashboard/ledger', '/dashboard/ledger?verify=1'],
  ['/dashboard/agents', `/dashboard/agents?code=${code}`],
]

describe('every page', () => {
  test.each([
    ['a phone in the dark', PHONE],
    ['a desk in the light', DESK],
  ] as const)(
    'on %s passes axe, does not scroll sideways, loads nothing from elsewhere and has no errors',
    async (name, look) => {
      const page = await loggedIn(world.yard.key, look)
      for (const [path, url] of paths()) {
        const answer = await page.goto(`${world.yard.url()}${url || path}`)
        expect([url || path, answer!.status()]).toEqual([url || path, 200])
        expect([url || path, await violations(page)]).toEqual([url || path, []])
        expect([url || path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([url || path, look.viewport.width])
        const seen =
          '(() => { const { left, right } = document.querySelector(".rail [aria-current]").getBoundingClientRect(); return left >= 0 && right <= innerWidth })()'
        expect([url || path, await page.evaluate(seen)]).toEqual([url || path, true])
        const picture = PICTURED[path]
        if (PICTURES && picture && name.includes('desk') !== (picture === 'payments')) {
          mkdirSync(PICTURES, { recursive: true })
          if (look === DESK) await page.setViewportSize({ width: 860, height: 430 })
          await page.screenshot({ path: join(PICTURES, `dashboard-${picture}.png`) })
          await page.setViewportSize(look.viewport)
        }
      }
      expect(troubles).toEqual([])
    },
    300_000,
  )

  test('weighs less than 60 kB with its style and script, with gzip', async () => {
    const page = await loggedIn(world.yard.key)
    const parts = ['/dashboard', '/dashboard/assets/dashboard.css', '/dashboard/assets/dashboard.js']
    const bodies = await Promise.all(parts.map(async (part) => (await page.request.get(`${world.yard.url()}${part}`)).body()))
    expect(gzipSync(Buffer.concat(bodies)).byteLength).toBeLessThan(60_000)
  })
})

describe('an operator', () => {
  test('sees a payment come without loading the page again, and its story behind it', async () => {
    const page = await loggedIn(world.yard.key)
    await page.getByText('Live: what happens appears here.').waitFor()
    const { body } = await world.yard.call<{ id: string }>('POST', '/v1/payment_intents', {
      body: { amount: { asset: 'USD', amount: '3.3' }, payee: world.seller.id },
    })
    const row = page.locator('#events li', { hasText: 'payment_intent.created' })
    await row.waitFor()
    expect(await row.textContent()).toContain('3.3 USD')
    await row.getByRole('link').click()
    await page.waitForURL(`**/dashboard/payments/${body.id}`)
    expect(await page.locator('.story li').first().textContent()).toContain('A seller wants something paid, once.')
    expect(troubles).toEqual([])
  })

  test('reads the whole story of a payment: offered, paid, and the entries that stand for it', async () => {
    const page = await loggedIn(world.yard.key)
    await page.goto(`${world.yard.url()}/dashboard/payments/${world.intents[0]}`)
    const text = await page.locator('main').textContent()
    for (const told of ['4.2', 'lightning', 'payment_intent.settled', '<script>alert(1)</script>', 'In the ledger', 'rc_'])
      expect(text).toContain(told)
  })

  test('sees on a phone of each payment what it is, how much and how it stands, without scrolling sideways', async () => {
    const page = await loggedIn(world.yard.key, PHONE)
    const row = page.getByRole('row').filter({ hasText: 'royalties <b>2</b>' })
    for (const part of ['.state', '.amount', 'time', 'a']) {
      const { x, width } = (await row.locator(part).first().boundingBox())!
      expect([part, x >= 0 && x + width <= PHONE.viewport.width]).toEqual([part, true])
    }
    expect(await page.getByRole('columnheader').count()).toBe(7)
  })

  test('comes from the sum of a rail in a picture to its rows', async () => {
    const page = await loggedIn(world.yard.key)
    await page.goto(`${world.yard.url()}/dashboard/payments?status=settled`)
    await page.locator('.legend a', { hasText: 'lightning' }).click()
    expect(new URL(page.url()).search).toBe('?status=settled&rail=lightning')
    expect(await page.getByLabel('Rail', { exact: true }).inputValue()).toBe('lightning')
    expect(await page.getByLabel('Rail', { exact: true }).isVisible()).toBe(true)
    expect(await page.locator('tbody tr').count()).toBe(world.intents.length)
  })

  test('grants the code of a program what it may spend, and not what it asked for', async () => {
    const page = await loggedIn(world.yard.key)
    await page.goto(`${world.yard.url()}/dashboard/agents`)
    await page.getByLabel('Code').fill(code.toLowerCase())
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByLabel('Of the party').first().fill(world.seller.id)
    await page.getByLabel('Dollars a request').fill('0.01')
    await page.getByLabel('Dollars a day').fill('3')
    await page.getByLabel('May pay only').fill(world.rival.id)
    await page.getByRole('button', { name: 'Let it spend so much' }).click()
    await page.goto(`${world.yard.url()}/dashboard/agents?party=${world.seller.id}`)
    const row = page.getByRole('row').filter({ hasText: 'researcher' })
    for (const part of ['0.01', '3', 'active', world.rival.id]) expect(await row.textContent()).toContain(part)
    await page.goto(`${world.yard.url()}/dashboard/agents?code=${code}`)
    expect(await page.getByRole('main').textContent()).toContain('No program waits under this code')
  })

  test('pauses a standing order, and decides a dispute that was answered', async () => {
    const page = await loggedIn(world.yard.key, PHONE)
    await page.goto(`${world.yard.url()}/dashboard/orders`)
    await page.locator('tbody tr').first().getByRole('link').first().click()
    expect(await page.getByRole('main').textContent()).toContain('every Friday at 06:00')
    await page.getByRole('button', { name: 'Pause it' }).click()
    await page.getByRole('button', { name: 'Let it run again' }).waitFor()
    await page.goto(`${world.yard.url()}/dashboard/payments/${world.dispute}`)
    expect(await page.getByRole('button', { name: /^Lost/ }).count()).toBe(0)
    await page.getByLabel('What happened').fill('It came <b>whole</b>')
    await page.getByRole('button', { name: 'Show it as evidence' }).click()
    await page.getByRole('button', { name: /^Lost/ }).waitFor()
    expect(await page.getByRole('main').textContent()).toContain('It came <b>whole</b>')
    await page.getByRole('button', { name: /^Won/ }).click()
    await page.getByText('dispute.won').first().waitFor()
    expect((await world.yard.call<{ status: string }>('GET', `/v1/disputes/${world.dispute}`)).body.status).toBe('won')
    expect(troubles).toEqual([])
  })

  test('cancels an intent by a form, once', async () => {
    const page = await loggedIn(world.yard.key)
    await page.goto(`${world.yard.url()}/dashboard/payments/${world.open}`)
    await page.getByRole('button', { name: 'Cancel it' }).click()
    await page.getByText('payment_intent.canceled').waitFor()
    expect((await world.yard.call<{ status: string }>('GET', `/v1/payment_intents/${world.open}`)).body.status).toBe('canceled')
    expect(await page.getByRole('button', { name: 'Cancel it' }).count()).toBe(0)
  })

  test('adds a passkey, logs in with it, and no more once it is taken away', async () => {
    const page = await loggedIn(world.yard.key)
    const named = world.yard.url().replace('127.0.0.1', 'localhost')
    troubles.length = 0
    page.removeAllListeners('request')
    const protocol = await context!.newCDPSession(page)
    await protocol.send('WebAuthn.enable')
    const device = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    } as const
    await protocol.send('WebAuthn.addVirtualAuthenticator', { options: device })
    await page.goto(`${named}/dashboard/login`)
    await page.getByLabel('API key').fill(world.yard.key)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByRole('link', { name: 'operator' }).click()
    await page.getByLabel('Name').fill('laptop')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('cell', { name: 'laptop' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('button', { name: 'Log in with a passkey' }).click()
    await page.waitForURL(/\/dashboard$/)
    await page.goto(`${named}/dashboard/passkeys`)
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Log out' }).click()
    expect(troubles).toEqual([])
    await page.getByRole('button', { name: 'Log in with a passkey' }).click()
    await page.getByText('This passkey is not known here').waitFor()
  })

  test('verifies the ledger by a button', async () => {
    const page = await loggedIn(world.yard.key)
    await page.goto(`${world.yard.url()}/dashboard/ledger`)
    await page.getByRole('button', { name: 'Verify now' }).click()
    await page.waitForURL(/verify=1/)
    expect(await page.locator('#verification').textContent()).toContain('hash chain')
  })

  test('does all this without script', async () => {
    const page = await loggedIn(world.yard.key, { ...PHONE, javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Payouts' }).click()
    // And that of the batch.
    expect(await page.locator('tbody tr').count()).toBe(world.payouts.length + 1)
    await page.getByRole('button', { name: 'Log out' }).click()
    expect(await page.locator('h1').textContent()).toBe('Log in')
    await page.goto(`${world.yard.url()}/dashboard/payouts`)
    expect(await page.locator('h1').textContent()).toBe('Log in')
  })
})

test('a person whose act needs another one is told what waits, and does it once that one has agreed', async () => {
  const { yard, rival } = world
  const person = async (name: string, role: string) => {
    const { headers } = await yard.call('POST', '/v1/keys', { body: { name, person: name, role }, key: rival.key })
    return String(headers.get('switchyard-api-key'))
  }
  const [admin, approver] = [await person('ada', 'admin'), await person('bea', 'approver')]
  await yard.call('POST', `/v1/parties/${rival.id}/approvals`, { body: { payouts_usd_max: '0.5' }, key: rival.key })
  const asked = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'reader' }) }
  const { user_code } = (await (await fetch(`${yard.url()}/v1/device_codes`, asked)).json()) as { user_code: string }
  const page = await loggedIn(admin, PHONE)
  await page.goto(`${yard.url()}/dashboard/agents?code=${user_code}`)
  await page.getByLabel('Dollars a request').fill('0.01')
  await page.getByLabel('Dollars a day').fill('3')
  await page.getByRole('button', { name: 'Let it spend so much' }).click()
  await page.getByText('It was not done yet').waitFor()
  expect(await violations(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.viewport.width)
  const approval = await page.locator('input[name=approval]').inputValue()
  await page.getByRole('button', { name: 'Do it' }).click()
  await page.getByText('approval_needed').waitFor()
  expect((await yard.call('POST', `/v1/approvals/${approval}/approve`, { key: approver })).status).toBe(200)
  await page.getByRole('button', { name: 'Do it' }).click()
  await page.waitForURL(/\/dashboard\/agents$/)
  expect(await page.getByRole('row').filter({ hasText: 'reader' }).textContent()).toContain('active')
})

test('a party sees its own, and not what its rival has', async () => {
  const page = await loggedIn(world.rival.key, PHONE)
  for (const [path, url] of paths()) {
    await page.goto(`${world.yard.url()}${url || path}`)
    const text = await page.locator('body').textContent()
    // Whoever knows an intent's id may pay it, and sees what its page says.
    if (!url.includes('/pi_')) expect(text, path).not.toContain('Heron')
    for (const hers of ['royalties', 'alert(1)', world.endpoint]) expect(text, path).not.toContain(hers)
  }
  await page.goto(`${world.yard.url()}/dashboard/keys`)
  expect(await page.locator('main').textContent()).toContain('Rival of the heron')
})
