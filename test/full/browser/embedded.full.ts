import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newApp } from '../../../gateway/api/app.ts'
import { payPageRoutes } from '../../../gateway/api/pages/payPages.ts'
import type { Intent } from '../../../gateway/payins/intent/intent.ts'
import { PAGE_INTENTS, pageIntent } from '../../fixtures/pageIntents.ts'
import { violations } from './axe.ts'
import { startBrowser } from './startBrowser.ts'

// A shop on one site, the gateway on another, and between them what a browser enforces.
const { id } = pageIntent()
const WALLETS = `globalThis.webln = { enable() {}, sendPayment() {} }; globalThis.ethereum = { request() {} };
addEventListener('eip6963:requestProvider', () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info: { uuid: 'f', name: 'Fox' }, provider: {} } })))`

let browser: Browser
let app: FastifyInstance
let shop: Server
let gateway: string
let shopUrl: string
let context: BrowserContext
let intent: Intent
let inShop: string
const watchers = new Set<(intent: Intent) => void>()

beforeAll(async () => {
  browser = await startBrowser()
  app = newApp({ publicUrl: 'http://localhost' })
  const watch = (_: string, tell: (intent: Intent) => void) => {
    watchers.add(tell)
    return () => void watchers.delete(tell)
  }
  const intents = { get: () => intent, look: async () => intent, watch }
  await app.register(payPageRoutes({ ground: { clock: { now: Date.now } }, guard: {}, payins: { intents } } as never))
  const listening = await app.listen({ host: '127.0.0.1', port: 0 })
  gateway = listening.replace('127.0.0.1', 'localhost')
  shop = createServer((_, reply) => {
    reply.setHeader('content-type', 'text/html; charset=utf-8')
    // As strict as a shop can be and show it: nothing inline.
    reply.setHeader('content-security-policy', `default-src 'none'; script-src ${gateway}; frame-src ${gateway}`)
    reply.end(inShop)
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
}, 400_000)
afterAll(async () => {
  await app?.close()
  shop?.close()
  await browser?.close()
})
afterEach(async () => {
  await context?.close()
})

type Look = Parameters<Browser['newContext']>[0] &
  Readonly<{ shops?: readonly string[]; named?: string; dir?: string; scheme?: string; theme?: string }>
type Told = { name: string; detail: unknown }

async function open(o: Look = {}): Promise<Page> {
  const { shops = [shopUrl], named = 'waiting', dir = 'ltr', scheme, theme, ...look } = o
  const now = Date.now()
  const about = { ...pageIntent().about, embedOrigins: shops }
  intent = { ...PAGE_INTENTS[named]!, id, about, createdAt: now, expiresAt: now + 900_000 }
  inShop = `<!doctype html><html lang="en" dir="${dir}"><title>Shop</title>${scheme ? `<meta name="color-scheme" content="${scheme}">` : ''}<main><h1>Shop</h1>
<switchyard-checkout intent="${id}"${theme ? ` theme="${theme}"` : ''}><a href="${gateway}/pay/${id}">Pay</a></switchyard-checkout></main>
<script type="module" src="${gateway}/pay/checkout.js"></script>`
  context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...look })
  const page = await context.newPage()
  await context.addInitScript(WALLETS)
  const names = ['waiting', 'partial', 'paid', 'over', 'expired', 'canceled']
  await page.addInitScript(`globalThis.told = []; addEventListener('DOMContentLoaded', () => { for (const name of ${JSON.stringify(names)})
document.querySelector('switchyard-checkout')?.addEventListener(name, ({ detail }) => told.push({ name, detail })) })`)
  await page.goto(shopUrl)
  return page
}
const told = (page: Page) => page.evaluate('told') as Promise<Told[]>
const frameOf = (page: Page) => page.frames()[1] as Frame
const groundOf = async (page: Page) => {
  const ground = (await frameOf(page).evaluate('getComputedStyle(document.documentElement).backgroundColor')) as string
  return { 'rgb(23, 23, 28)': 'dark', 'rgb(255, 255, 255)': 'light' }[ground] ?? ground
}
const isShown = (page: Page) => page.evaluate(`document.querySelector('switchyard-checkout').matches(':state(shown)')`)
const becomes = (next: Partial<Intent>) => {
  intent = { ...intent, ...next }
  for (const tell of watchers) tell(intent)
}

describe('the page in a frame of a shop', () => {
  test('is as tall as it is, passes axe, and offers codes and a window instead of buttons that pay', async () => {
    const page = await open()
    await expect.poll(() => isShown(page)).toBe(true)
    const frame = frameOf(page)
    const size = (await page.evaluate(
      `document.querySelector('switchyard-checkout').shadowRoot.querySelector('iframe').clientHeight`,
    )) as number
    expect(size).toBe(Math.ceil((await frame.evaluate('document.documentElement.getBoundingClientRect().height')) as number))
    expect(await frame.evaluate('innerHeight >= document.documentElement.scrollHeight')).toBe(true)
    expect(await frame.locator('.qr svg').first().isVisible()).toBe(true)
    expect(await frame.locator('button.lightning').isVisible()).toBe(false)
    await frame.locator('label', { hasText: 'USDC' }).click()
    expect([await frame.locator('.chain button').count(), await frame.locator('.no-wallet').isVisible()]).toEqual([0, false])
    expect(await page.getByRole('link', { name: 'Pay', exact: true }).isVisible()).toBe(false)
    expect(await violations(page)).toEqual([])
    const [own] = await Promise.all([context.waitForEvent('page'), frame.locator('a.window').click()])
    await own.waitForLoadState()
    await own.locator('label', { hasText: 'USDC' }).click()
    expect(await own.locator('.chain button').allTextContents()).toEqual(['Pay with Fox'])
    expect(await own.evaluate('[opener, document.querySelector("a.window").hidden]')).toEqual([null, true])
  })

  test('tells the shop each state once, and leads back in the window and to the receipt in another', async () => {
    const page = await open()
    await expect.poll(() => told(page)).toEqual([{ name: 'waiting', detail: { intent: id, state: 'waiting', receipt: null } }])
    const tall = (await page.evaluate('document.body.scrollHeight')) as number
    await expect.poll(() => watchers.size).toBeGreaterThan(0)
    becomes({ status: 'settled', paid: PAGE_INTENTS.over!.paid, surplus: PAGE_INTENTS.over!.surplus })
    const { receipt } = PAGE_INTENTS.over!.paid!
    await expect.poll(async () => (await told(page)).slice(1)).toEqual([{ name: 'paid', detail: { intent: id, state: 'over', receipt } }])
    expect(await page.evaluate('document.body.scrollHeight')).toBeLessThan(tall)
    const links = frameOf(page).locator('#status a, a.button')
    expect(await links.evaluateAll((all) => all.map((a) => a.getAttribute('target')))).toEqual(['_blank', '_top'])
  })

  test('is not shown by a shop that the intent does not name: its link stays', async () => {
    for (const shops of [[], ['https://heron.example']]) {
      const page = await open({ shops })
      await page.waitForLoadState('networkidle')
      expect(await frameOf(page).locator('main').count()).toBe(0)
      expect([await isShown(page), await told(page)]).toEqual([false, []])
      expect(await page.getByRole('link', { name: 'Pay', exact: true }).isVisible()).toBe(true)
      await context.close()
    }
  })

  test('says nothing that somebody else says for it', async () => {
    const page = await open()
    await expect.poll(() => isShown(page)).toBe(true)
    const lie = JSON.stringify({ switchyard: 'checkout', intent: id, state: 'paid', receipt: 'rc_1', title: 'x', height: 9_999 })
    await page.evaluate(`postMessage(${lie}, '*'); dispatchEvent(new MessageEvent('message', { origin: '${gateway}', data: ${lie} }))`)
    // From the frame, but of another page than the gateway's.
    await page.evaluate(`{ const frame = document.querySelector('switchyard-checkout').shadowRoot.querySelector('iframe');
dispatchEvent(new MessageEvent('message', { origin: 'https://evil.example', source: frame.contentWindow, data: ${lie} })) }`)
    await page.evaluate('new Promise((done) => setTimeout(done, 100))')
    expect((await told(page)).map(({ name }) => name)).toEqual(['waiting'])
    await page.evaluate(`{ const frame = document.querySelector('switchyard-checkout').shadowRoot.querySelector('iframe');
dispatchEvent(new MessageEvent('message', { origin: '${gateway}', source: frame.contentWindow, data: ${lie} })) }`)
    expect((await told(page)).map(({ name }) => name)).toEqual(['waiting', 'paid'])
  })

  test('without script is the link that the shop wrote', async () => {
    const page = await open({ javaScriptEnabled: false })
    expect(page.frames()).toHaveLength(1)
    await page.getByRole('link', { name: 'Pay', exact: true }).click()
    expect(await page.locator('h1').textContent()).toBe('4.20 USD')
  })

  test.each([
    { colorScheme: 'dark', locale: 'ar', dir: 'rtl' },
    { colorScheme: 'light', locale: 'en', dir: 'ltr' },
  ] as const)('in the $colorScheme, in $locale, has the colours and the direction of its reader', async (look) => {
    const page = await open({ ...look, scheme: 'light dark' })
    await expect.poll(() => isShown(page)).toBe(true)
    expect(await frameOf(page).evaluate('document.documentElement.dir')).toBe(look.dir)
    expect(await groundOf(page)).toBe(look.colorScheme)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(await violations(page)).toEqual([])
  })

  test.each([
    ['dark', undefined, undefined, 'light'],
    ['dark', 'light dark', undefined, 'dark'],
    ['light', 'dark', undefined, 'dark'],
    ['light', undefined, 'dark', 'dark'],
    ['dark', 'light dark', 'light', 'light'],
  ] as const)('for a payer who likes it %s, in a shop that is %s with the theme %s, is %s', async (colorScheme, scheme, theme, ground) => {
    const page = await open({ colorScheme, ...(scheme ? { scheme } : {}), ...(theme ? { theme } : {}) })
    await expect.poll(() => isShown(page)).toBe(true)
    expect(await groundOf(page)).toBe(ground)
    const other = ground === 'dark' ? 'light' : 'dark'
    await page.evaluate(`document.querySelector('switchyard-checkout').setAttribute('theme', '${other}')`)
    await expect.poll(() => groundOf(page)).toBe(other)
    expect(await violations(page)).toEqual([])
  })

  test('opens another payment when the shop says so, and ends with the element', async () => {
    const page = await open()
    await expect.poll(() => isShown(page)).toBe(true)
    await page.evaluate(`document.querySelector('switchyard-checkout').removeAttribute('intent')`)
    expect([page.frames().length, await isShown(page)]).toEqual([1, false])
    await page.evaluate(`document.querySelector('switchyard-checkout').setAttribute('intent', '${id}')`)
    await expect.poll(() => isShown(page)).toBe(true)
    await page.evaluate(`document.querySelector('switchyard-checkout').remove()`)
    expect(page.frames()).toHaveLength(1)
  })

  test('is small: the element and what the framed page adds', async () => {
    const parts = await Promise.all(['/pay/checkout.js', '/pay/frame.js'].map(async (path) => (await app.inject(path)).rawPayload))
    expect(gzipSync(Buffer.concat(parts)).byteLength).toBeLessThan(3_000)
  })
})
