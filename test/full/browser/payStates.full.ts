import type { FastifyInstance } from 'fastify'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newApp } from '../../../gateway/api/app.ts'
import { payPageRoutes } from '../../../gateway/api/pages/payPages.ts'
import type { Intent } from '../../../gateway/payins/intent/intent.ts'
import { PAGE_INTENTS } from '../../fixtures/pageIntents.ts'
import { violations } from './axe.ts'
import { startBrowser } from './startBrowser.ts'

// Each state of the page as a person sees it. Where the money is real, `payPage.full.ts` pays.
const PHONE = { width: 390, height: 844 }
const STATES = Object.keys(PAGE_INTENTS)

let browser: Browser
let app: FastifyInstance
let url: string
let context: BrowserContext | undefined
let intents: Record<string, Intent>
let now: number
const watchers = new Map<string, (intent: Intent) => void>()

beforeAll(async () => {
  browser = await startBrowser()
  app = newApp({ publicUrl: 'http://localhost' })
  const found = (id: string) => intents[id.slice('pi_'.length)]!
  const payins = {
    intents: {
      get: found,
      look: async (id: string) => found(id),
      watch(id: string, tell: (intent: Intent) => void) {
        watchers.set(id, tell)
        return () => void watchers.delete(id)
      },
    },
  }
  // The page reads intents and nothing else of what it could be handed.
  await app.register(payPageRoutes({ ground: { clock: { now: () => now } }, guard: {}, payins } as never))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
}, 400_000)
afterAll(async () => {
  await app?.close()
  await browser?.close()
})
afterEach(async () => {
  await context?.close()
  context = undefined
})

type Look = Parameters<Browser['newContext']>[0]

async function open(name: string, look: Look = {}, script = ''): Promise<Page> {
  now = Date.now()
  const life = { createdAt: now - 1_000, expiresAt: now + 899_000 }
  // A real clock runs in the browser.
  intents = Object.fromEntries(
    Object.entries(PAGE_INTENTS).map(([state, intent]) => [state, { ...intent, ...life, id: `pi_${state}` as const }]),
  )
  context = await browser.newContext({ viewport: PHONE, ...look })
  const page = await context.newPage()
  if (script) await page.addInitScript(script)
  await page.goto(`${url}/pay/pi_${name}`)
  return page
}

describe('every state', () => {
  const shownBy = STATES.filter((name) => name !== 'detected' && name !== 'unknown')
  test.each(shownBy.flatMap((name) => (['light', 'dark'] as const).map((colorScheme) => [name, colorScheme] as const)))(
    '%s in the %s passes axe, on a phone and without scrolling sideways',
    async (name, colorScheme) => {
      const page = await open(name, { colorScheme })
      expect(await violations(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width)
    },
  )

  test.each(['ar', 'de', 'ja', 'hi'])('in %s passes axe, and nothing is cut off', async (locale) => {
    const page = await open('waiting', { locale, viewport: { width: 320, height: 640 } })
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
    expect(await page.evaluate('getComputedStyle(document.body).direction')).toBe(locale === 'ar' ? 'rtl' : 'ltr')
  })
})

describe('a person with a phone', () => {
  test('sees the price, the cheapest way and its code without scrolling', async () => {
    const page = await open('waiting')
    for (const seen of ['h1', 'label', 'section:visible .qr svg']) {
      const box = await page.locator(seen).first().boundingBox()
      expect(box!.y + box!.height, seen).toBeLessThanOrEqual(PHONE.height)
    }
  })

  test('chooses another way by touch or by keys, also without script', async () => {
    const page = await open('waiting', { javaScriptEnabled: false })
    const shown = () => page.locator('section:visible').getAttribute('aria-label')
    expect(await shown()).toBe('Lightning')
    await page.locator('label', { hasText: 'Bank transfer' }).click()
    expect(await shown()).toBe('Bank transfer')
    await page.keyboard.press('ArrowUp')
    expect(await shown()).toBe('USDC, Base')
    expect(await page.locator('noscript').count()).toBe(1)
  })

  test('copies exactly what the code says by touching it', async () => {
    const page = await open('waiting', { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.locator('a.qr').click()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await page.locator('a.qr').getAttribute('data-copy'))
    await page.locator('section:visible button.copy').first().click()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('6318')
  })

  test('gets a button for each wallet that announces itself, once', async () => {
    const page = await open(
      'waiting',
      {},
      `addEventListener('eip6963:requestProvider', () => { for (const name of ['Fox', 'Hare', 'Fox']) dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info: { uuid: name, name }, provider: {} } })) })`,
    )
    await page.locator('label', { hasText: 'USDC' }).click()
    expect(await page.locator('.chain button').allTextContents()).toEqual(['Pay with Fox', 'Pay with Hare'])
  })
})

describe('the page', () => {
  test('is another one as soon as the state is another, and asks nothing meanwhile', async () => {
    const page = await open('waiting')
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await expect.poll(() => watchers.has('pi_waiting')).toBe(true)
    intents.waiting = { ...intents.paid!, id: 'pi_waiting' }
    watchers.get('pi_waiting')!(intents.waiting)
    await page.waitForSelector('[data-state=paid]')
    expect(asked.filter((path) => path.endsWith('/status'))).toEqual([])
    expect(await page.title()).toMatch(/^Paid\./)
  })

  test('asks again and again where nobody tells it', async () => {
    const page = await open('waiting', {}, 'delete globalThis.EventSource')
    intents.waiting = { ...intents.paid!, id: 'pi_waiting' }
    await page.waitForSelector('[data-state=paid]', { timeout: 20_000 })
  })

  test('shows the time in its last quarter, and says it at five minutes, at one and at the end', async () => {
    const page = await open('waiting')
    expect(await page.locator('#left').isVisible()).toBe(false)
    await context!.close()
    const said = async (ms: number) => {
      const late = await open('waiting', {}, `const now = Date.now; Date.now = () => now() + 899_000 - ${ms}`)
      const told = [await late.locator('#left').isVisible(), await late.locator('#announce').textContent()]
      await context!.close()
      return told
    }
    expect(await said(310_000)).toEqual([false, ''])
    expect(await said(200_000)).toEqual([true, '5 minutes left to pay.'])
    expect(await said(50_000)).toEqual([true, 'One minute left to pay.'])
    expect(await said(-1)).toEqual([true, 'The time to pay is over.'])
  })

  test('is small: one page, one style and one script, which are less than 15 kB together with gzip', async () => {
    const { gzipSync } = await import('node:zlib')
    const parts = await Promise.all(['/pay/page.js', '/pay/page.css'].map(async (path) => (await app.inject(path)).rawPayload))
    expect(gzipSync(Buffer.concat(parts)).byteLength).toBeLessThan(5_000)
    const page = await open('waiting')
    const loaded = (await page.evaluate('performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)')) as string[]
    expect(loaded.filter((path) => !path.endsWith('/events')).toSorted()).toEqual(['/pay/page.css', '/pay/page.js'])
  })
})
