import type { Browser, BrowserContext, Page } from 'playwright-core'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { control, partyWith, startYard, until, type Yard } from '../../e2e/yard.ts'
import { startBrowser } from './startBrowser.ts'

let yard: Yard
let browser: Browser
let context: BrowserContext
let seller: { id: string; key: string }
const troubles: string[] = []

beforeAll(async () => {
  browser = await startBrowser()
  yard = await startYard({ chains: 1 })
  seller = await partyWith(yard, { name: 'seller' })
}, 400_000)
afterAll(async () => {
  await yard?.close()
  await browser?.close()
})
afterEach(async () => {
  await context?.close()
})

type Intent = { id: string; page: string }

/** The page of a new intent, with what a wallet's extension would put there before the page's own script runs. */
async function open(wallet: (page: Page) => Promise<void> = async () => {}): Promise<{ page: Page; intent: Intent }> {
  const made = await yard.call<Intent>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '1.5' }, payee: seller.id },
  })
  context = await browser.newContext({ colorScheme: 'dark', viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  troubles.length = 0
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()))
  await wallet(page)
  await page.goto(`${yard.url()}${made.body.page}`)
  return { page, intent: made.body }
}

const status = (page: Page) => page.locator('#status').textContent()
const paid = async (page: Page) => (await status(page).catch(() => ''))?.startsWith('Paid.')

describe('the payment page in Chromium', () => {
  test('shows what can be paid without a wallet, and no button that does nothing', async () => {
    const { page } = await open()
    expect(await page.locator('h1').textContent()).toBe('1.50 USD')
    expect(await page.locator('.seller').textContent()).toBe('seller')
    await page.locator('label', { hasText: 'Lightning' }).click()
    expect(await page.locator('section:visible .amount').allTextContents()).toEqual([expect.stringMatching(/^[\d,.]+ sat Copy$/)])
    expect(await page.locator('button.lightning').isVisible()).toBe(false)
    await page.locator('label', { hasText: 'USDC' }).click()
    expect(await page.locator('.chain button').count()).toBe(0)
    expect(await page.locator('.no-wallet').isVisible()).toBe(true)
    // Wider than the screen, the code could not be read from it.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(troubles).toEqual([])
  })

  test('is paid over WebLN and then says so by itself', async () => {
    const { page, intent } = await open(async (p) => {
      await p.exposeFunction('payInvoice', async (invoice: string) => {
        await control(yard.world.lightning.controlUrl, '/pay', { invoice })
      })
      await p.addInitScript('globalThis.webln = { enable: async () => {}, sendPayment: (invoice) => globalThis.payInvoice(invoice) }')
    })
    await page.locator('label', { hasText: 'Lightning' }).click()
    await page.locator('button.lightning').click()
    await until('the page to say so', () => paid(page))
    expect((await yard.call('GET', `/v1/payment_intents/${intent.id}`)).body).toMatchObject({
      status: 'settled',
      paid: { rail: 'lightning' },
    })
    expect(troubles).toEqual([])
  })

  test('leads to a receipt, whose signature the browser checks by itself', async () => {
    const { page, intent } = await open()
    const [offer] = (
      await yard.call<{ offers: { rail: string; pay: { invoice: string } }[] }>('GET', `/v1/payment_intents/${intent.id}`)
    ).body.offers.filter(({ rail }) => rail === 'lightning')
    await control(yard.world.lightning.controlUrl, '/pay', { invoice: offer!.pay.invoice })
    await until('the page to say so', () => paid(page))
    await page.locator('#status a').click()
    await page.waitForURL(/\/receipts\/rc_/)
    const signature = page.locator('#signature')
    await until('the signature', async () => (await signature.textContent())?.startsWith('The signature holds'))
    expect(await page.locator('h1').textContent()).toBe('Receipt for 1.50 USD')
    expect(await page.locator('button.print').isVisible()).toBe(true)
    await page.route('**/v1/receipts/**', async (route) => {
      const answer = await route.fetch()
      const signed = (await answer.json()) as { receipt: { price: { amount: string } } }
      signed.receipt.price.amount = '0.5'
      await route.fulfill({ response: answer, json: signed })
    })
    await page.reload()
    await until('the broken one', async () => (await signature.textContent())?.startsWith('The signature does not hold'))
    expect(troubles).toEqual([])
  })

  test("is paid with a browser wallet's signature", async () => {
    const account = privateKeyToAccount(yard.chain.customers[0]!.privateKey)
    const { page, intent } = await open(async (p) => {
      await p.exposeFunction('askWallet', async (method: string, params: string[]) => {
        if (method === 'eth_requestAccounts') return [account.address]
        return method === 'eth_signTypedData_v4' ? account.signTypedData(JSON.parse(params[1]!)) : null
      })
      await p.addInitScript('globalThis.ethereum = { request: ({ method, params }) => globalThis.askWallet(method, params ?? []) }')
    })
    await page.locator('label', { hasText: 'USDC' }).click()
    await page.locator('.chain button').first().click()
    await until('the page to say so', () => paid(page))
    expect((await yard.call('GET', `/v1/payment_intents/${intent.id}`)).body).toMatchObject({
      status: 'settled',
      paid: { rail: 'evm:31337' },
    })
    expect(troubles).toEqual([])
  })
})
