import type { Browser, BrowserContext, Page } from 'playwright-core'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { control, startYard, until, type Yard } from '../../e2e/yard.ts'
import { violations } from './axe.ts'
import { startBrowser } from './startBrowser.ts'

// A person opens the address of something priced, pays on the page that it shows, and reads what was bought.
let yard: Yard
let browser: Browser
let context: BrowserContext
const troubles: string[] = []
let signed = 0

beforeAll(async () => {
  browser = await startBrowser()
  yard = await startYard({ chains: 1 })
}, 400_000)
afterAll(async () => {
  await yard?.close()
  await browser?.close()
})
afterEach(async () => {
  await context?.close()
})

/** A page of the browser, with what a wallet's extension would put there before the page's own script runs. */
async function newPage(wallet: (page: Page) => Promise<void> = async () => {}, o: { script?: boolean } = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: o.script !== false })
  const page = await context.newPage()
  troubles.length = 0
  signed = 0
  page.on('pageerror', (error) => troubles.push(error.message))
  // Chromium itself writes a line for a 402, and for a connection that was cut.
  page.on('console', (line) => line.type() === 'error' && !line.text().startsWith('Failed to load resource') && troubles.push(line.text()))
  await wallet(page)
  return page
}

/** A wallet that announces itself by EIP-6963 and signs with the key of a customer of the world. */
async function withWallet(page: Page): Promise<void> {
  const account = privateKeyToAccount(yard.chain.customers[0]!.privateKey)
  await page.exposeFunction('askWallet', async (method: string, params: string[]) => {
    if (method === 'eth_requestAccounts') return [account.address]
    if (method !== 'eth_signTypedData_v4') return null
    signed++
    return account.signTypedData(JSON.parse(params[1]!))
  })
  await page.addInitScript(`{
    const provider = { request: ({ method, params }) => globalThis.askWallet(method, params ?? []) }
    const detail = { info: { uuid: '1', name: 'Heron Wallet', icon: '', rdns: 'example.heron' }, provider }
    addEventListener('eip6963:requestProvider', () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail })))
  }`)
}

const status = (page: Page) => page.locator('#status').textContent()
const shown = (page: Page) => page.locator('#bought pre').textContent()
const isPaid = async (page: Page) => (await status(page).catch(() => ''))?.startsWith('Paid.')
const jokeOf = (text: string | null) => (JSON.parse(text ?? '{}') as { joke?: string }).joke

async function payByWallet(page: Page): Promise<void> {
  await page.goto(yard.route())
  await page.locator('label', { hasText: 'USDC' }).click()
  await page.locator('.chain button', { hasText: 'Pay with Heron Wallet' }).click()
  await until('the page to say so', () => isPaid(page))
}

describe('the 402 of a priced address in Chromium', () => {
  test('says what is sold, and offers no button that does nothing', async () => {
    const page = await newPage()
    const answer = await page.goto(yard.route())
    expect([answer!.status(), await page.locator('h1').textContent()]).toEqual([402, '0.002 USD'])
    expect(await page.locator('.description').textContent()).toBe('A joke')
    expect(await page.locator('#pay button:visible').allTextContents()).toEqual([])
    expect(await page.locator('#pay .no-wallet:visible').count()).toBe(1)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(await violations(page)).toEqual([])
    expect(troubles).toEqual([])
  })

  test("is paid with a browser wallet's signature, and shows what was bought, also when it is loaded again", async () => {
    const page = await newPage(withWallet)
    await payByWallet(page)
    expect(jokeOf(await shown(page))).toMatch(/^Two sats/)
    const receipt = await page.locator('#status a').getAttribute('href')
    const [id] = /rc_[\w-]+$/.exec(receipt!)!
    const { body } = await yard.call('GET', `/v1/payments/${id}`, { key: null })
    expect(body).toMatchObject({ rail: 'evm:31337', price: { amount: '0.002' } })
    expect(['held', 'collecting', 'settled']).toContain(body.status)
    await until('the chain to have it', async () => (await yard.call('GET', `/v1/payments/${id}`, { key: null })).body.status === 'settled')
    await page.reload()
    await until('the page to say so', () => isPaid(page))
    expect([jokeOf(await shown(page)), signed]).toEqual([expect.stringMatching(/^Two sats/), 1])
    expect(await page.locator('#status a').getAttribute('href')).toBe(receipt)
    expect(troubles).toEqual([])
  })

  test('is sold again, without a word of the old payment, when what was bought can be had no more', async () => {
    const page = await newPage(withWallet)
    await payByWallet(page)
    await page.route(yard.route(), async (route) => {
      if (route.request().headers()['payment-signature'] === undefined) return route.continue()
      return route.fulfill({ status: 402, json: { detail: 'The proof was used' } })
    })
    await page.reload()
    await until('the ways to pay', async () => (await status(page).catch(() => '')) === 'Pay, and it is shown here at once.')
    await page.locator('label', { hasText: 'USDC' }).click()
    expect(await page.locator('.chain button').isEnabled()).toBe(true)
    expect(signed).toBe(1)
  })

  test('says that it does not know where a wallet paid and gave no proof', async () => {
    const page = await newPage(async (p) => {
      await p.addInitScript('globalThis.webln = { enable: async () => {}, sendPayment: async () => ({}) }')
    })
    await page.goto(yard.route())
    await page.locator('label', { hasText: 'Lightning' }).click()
    await page.locator('.lightning button').click()
    await until('the page to say so', async () => (await status(page)) === 'We are checking what became of the payment. Do not pay again.')
  })

  test('asks again with the same payment when the line was cut, and signs no other', async () => {
    const page = await newPage(withWallet)
    let cut = 0
    await page.route(yard.route(), async (route) => {
      if (route.request().headers()['payment-signature'] === undefined || cut++ > 0) return route.continue()
      // The gateway has served it, and its answer is lost on its way.
      await route.fetch()
      return route.abort('connectionreset')
    })
    await payByWallet(page)
    expect([jokeOf(await shown(page)), signed, cut]).toEqual([expect.stringMatching(/^Two sats/), 1, 2])
    expect(troubles).toEqual([])
  })

  test('is paid over WebLN', async () => {
    const page = await newPage(async (p) => {
      await p.exposeFunction('payInvoice', (invoice: string) => control(yard.world.lightning.controlUrl, '/pay', { invoice }))
      await p.addInitScript('globalThis.webln = { enable: async () => {}, sendPayment: (invoice) => globalThis.payInvoice(invoice) }')
    })
    await page.goto(yard.route())
    await page.locator('label', { hasText: 'Lightning' }).click()
    await page.locator('.lightning button').click()
    await until('the page to say so', () => isPaid(page))
    expect(jokeOf(await shown(page))).toMatch(/^Two sats/)
    expect(troubles).toEqual([])
  })

  test('shows HTML that was bought in a frame that runs nothing', async () => {
    const page = await newPage(withWallet)
    await page.route(yard.route(), async (route) => {
      const answer = await route.fetch()
      if (answer.status() !== 200) return route.fulfill({ response: answer })
      const body = '<p>An essay</p><script>top.document.title = "taken"</script>'
      return route.fulfill({ response: answer, headers: { 'content-type': 'text/html' }, body })
    })
    await payByWallet(page)
    expect(await page.frameLocator('#bought iframe').locator('p').textContent()).toBe('An essay')
    expect(await page.title()).toBe('Pay 0.002 USD')
  })

  test('takes nothing when the wallet says no, and says so', async () => {
    const page = await newPage(async (p) => {
      await p.addInitScript("globalThis.ethereum = { request: async () => { throw new Error('The person said no') } }")
    })
    await page.goto(yard.route())
    await page.locator('label', { hasText: 'USDC' }).click()
    await page.locator('.chain button').click()
    await until('the page to say so', async () => (await status(page)) === 'Not paid: The person said no')
    expect(await page.locator('.chain button').isEnabled()).toBe(true)
  })

  test('says without script what it is and how a program pays', async () => {
    const page = await newPage(undefined, { script: false })
    await page.goto(yard.route())
    expect(await page.locator('noscript').textContent()).toContain('JavaScript')
    await page.locator('summary').click()
    expect(await page.locator('details code').textContent()).toBe(`npx switchyard-client pay '${yard.route()}'`)
  })
})
