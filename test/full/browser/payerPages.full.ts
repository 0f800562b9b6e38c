import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { control, partyWith, startYard, until, type Yard } from '../../e2e/yard.ts'
import { violations } from './axe.ts'
import { startBrowser } from './startBrowser.ts'

// Every page that a payer sees, of a gateway that runs. With PICTURES=docs/images the pictures of the documentation are taken on the way.
const { PICTURES } = process.env
const LOOKS = {
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  'phone, dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  desk: { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  'desk, dark': { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
} as const
type Look = keyof typeof LOOKS
/** Which pictures the documentation has, and how each is looked at. */
const PICTURED: Readonly<Record<string, Look>> = {
  pay: 'phone',
  offers: 'phone',
  link: 'phone, dark',
  claim: 'phone',
  receipt: 'phone, dark',
  shop: 'desk',
}
/** Both sides of a picture, in its pixels: as small as it can still be read. */
const PICTURE = { phone: { width: 390, height: 700 }, desk: { width: 780, height: 700 } } as const

type Intent = { id: string; page: string; offers: { rail: string; pay: { invoice?: string } }[]; paid: { receipt: string } | null }

let yard: Yard
let browser: Browser
let shop: Server
let context: BrowserContext | undefined
const places: Record<string, string> = {}

beforeAll(async () => {
  browser = await startBrowser()
  yard = await startYard({ chains: 1 })
  const seller = await partyWith(yard, { name: 'Blue Heron Press' })
  shop = createServer((_, reply) => {
    reply.setHeader('content-type', 'text/html; charset=utf-8')
    reply.end(shopPage())
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  const shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  const fields = { payee: seller.id, description: 'Essay: On Tolls', order_id: 'A-1017', return_url: 'https://heron.example/thanks' }
  const make = async (more: object) =>
    (await yard.call<Intent>('POST', '/v1/payment_intents', { body: { amount: { asset: 'USD', amount: '4.2' }, ...fields, ...more } })).body
  const [open, framed, sold] = [await make({}), await make({ embed_origins: [shopUrl] }), await make({})]
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: sold.offers.find(({ rail }) => rail === 'lightning')!.pay.invoice })
  const settled = async () => (await yard.call<Intent>('GET', `/v1/payment_intents/${sold.id}`)).body.paid
  const { receipt } = await until('the payment', async () => (await settled()) ?? undefined)
  const refund = { payment: receipt, reason: 'A page was missing' }
  const { body: made } = await yard.call<{ id: string }>('POST', '/v1/refunds', { body: refund })
  const { body: given } = await yard.call<{ claim_page: string }>('GET', `/v1/refunds/${made.id}`)
  const price = { amount: { asset: 'USD', amount: '4.2' }, payee: seller.id, description: 'Essay: On Tolls', uses_max: 10 }
  const { body: link } = await yard.call<{ page: string }>('POST', '/v1/payment_links', { body: price })
  const at = (path: string) => new URL(path, yard.url()).href
  Object.assign(places, {
    pay: at(open.page),
    offers: yard.route(),
    link: at(link.page),
    claim: at(given.claim_page),
    receipt: at(`/receipts/${receipt}`),
  })
  Object.assign(places, { shop: shopUrl, framed: framed.id })
}, 400_000)
afterAll(async () => {
  shop?.close()
  await yard?.close()
  await browser?.close()
})
afterEach(async () => {
  await context?.close()
  context = undefined
})

/** A shop as plain as shops are, with the payment in it. */
function shopPage(): string {
  return `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Blue Heron Press</title>
<style>:root{color-scheme:light dark;font-family:Georgia,serif}main{max-width:44rem;margin:auto;padding:1rem}h1{font-size:1.5rem}</style>
<main><h1>Blue Heron Press</h1><p>Your order A-1017: <em>On Tolls</em>, an essay.</p>
<switchyard-checkout intent="${places.framed}"><a href="${yard.url()}/pay/${places.framed}">Pay</a></switchyard-checkout></main>
<script type="module" src="${yard.url()}/pay/checkout.js"></script></html>`
}

async function open(name: string, look: Look): Promise<Page> {
  context = await browser.newContext(LOOKS[look])
  const page = await context.newPage()
  const answer = await page.goto(places[name]!)
  expect([name, answer!.status()]).toEqual([name, name === 'offers' ? 402 : 200])
  if (name === 'shop')
    await expect.poll(() => page.evaluate(`document.querySelector('switchyard-checkout').matches(':state(shown)')`)).toBe(true)
  return page
}

describe.each(Object.keys(PICTURED))('the page %s', (name) => {
  test.each(Object.keys(LOOKS) as Look[])('on a %s passes axe, has one heading, and does not scroll sideways', async (look) => {
    const page = await open(name, look)
    expect(await violations(page)).toEqual([])
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(LOOKS[look].viewport.width)
    if (!PICTURES || (PICTURED[name] !== look && PICTURES === 'docs/images')) return
    mkdirSync(PICTURES, { recursive: true })
    await page.setViewportSize(look.startsWith('desk') ? PICTURE.desk : PICTURE.phone)
    const file = PICTURES === 'docs/images' ? `payer-${name}` : `payer-${name}-${look.replace(', ', '-')}`
    await page.screenshot({ path: join(PICTURES, `${file}.png`), fullPage: name === 'pay' })
  })
})
