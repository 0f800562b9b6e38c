import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createSeller } from '../../../gateway/seller/createSeller.ts'
import { usd } from '../../../gateway/seller/price.ts'
import { control, partyWith, startYard, until, type Yard } from '../../e2e/yard.ts'
import { copyExample, INSTALL_MS_MAX, OUR_NODE, openProjects, runTypeScript } from '../packages/emptyProjects.ts'
import { startBrowser } from './startBrowser.ts'

const JOKE = 'Two sats walk into a channel.'
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }
/** As the seller's page says it for payers in browsers. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, payment-signature, x-payment, idempotency-key, content-type',
  'access-control-expose-headers':
    'www-authenticate, payment-required, payment-response, x-payment-response, payment-receipt, switchyard-receipt, retry-after',
}

let yard: Yard
let browser: Browser
let context: BrowserContext
let projects: ReturnType<typeof openProjects>
/** The page is of one origin, the shop of another. */
let page: { url: string; server: Server }
let shop: { url: string; server: Server }
let told = 0

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<{ url: string; server: Server }> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port.
  return { url: `http://127.0.0.1:${port}`, server }
}

beforeAll(async () => {
  browser = await startBrowser()
  yard = await startYard({ chains: 1 })
  const seller = createSeller({ gateway: yard.url(), key: (await partyWith(yard, { name: 'shop' })).key })
  const tell = seller.node({ price: usd('0.002') }, (_: IncomingMessage, response: ServerResponse) => {
    told += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ joke: JOKE }))
  })
  shop = await serve((request, response) => {
    for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value)
    return request.method === 'OPTIONS' ? response.writeHead(204).end() : tell(request, response)
  })
  projects = openProjects()
  const built = bundled()
  page = await serve((request, response) => {
    const path = request.url === '/' ? '/index.html' : request.url!
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(readFileSync(join(built, path)))
  })
}, INSTALL_MS_MAX)
afterEach(() => context?.close())
afterAll(async () => {
  for (const { server } of [page, shop].filter(Boolean)) server.close().closeAllConnections()
  projects?.remove()
  await yard?.close()
  await browser?.close()
}, INSTALL_MS_MAX)

/** The example with the packed client, for our shop and the yard's token, as Vite bundles it. */
function bundled(): string {
  const project = projects.install('browser', 'switchyard-client', 'vite@8.3.8')
  copyExample('browser', project)
  runTypeScript(project, ['page.ts'], { resolution: 'bundler' })
  const { chainId, token: address, tokenName: name, tokenVersion: version } = yard.chain
  const tokens = JSON.stringify([{ chainId, address, scale: 6, name, version }])
  const html = readFileSync(join(project, 'index.html'), 'utf8')
  const ours = html.replace(/data-joke="[^"]*"/, `data-joke="${shop.url}/joke"`).replace(/data-tokens="[^"]*"/, `data-tokens='${tokens}'`)
  writeFileSync(join(project, 'index.html'), ours)
  const { file, flags } = OUR_NODE
  execFileSync(file, [...flags, 'node_modules/vite/bin/vite.js', 'build'], { cwd: project, stdio: 'pipe' })
  return join(project, 'dist')
}

/** The page with what a wallet's extension would put there before its own script runs; the person says yes to what it asks. */
async function open(wallet: (page: Page) => Promise<unknown>): Promise<{ tab: Page; asked: string[]; paid: () => number }> {
  context = await browser.newContext()
  const tab = await context.newPage()
  const asked: string[] = []
  const invoices: string[] = []
  tab.on('dialog', (dialog) => {
    asked.push(dialog.message())
    return dialog.accept()
  })
  await tab.exposeFunction('payInvoice', async (invoice: string) => {
    invoices.push(invoice)
    return control(yard.world.lightning.controlUrl, '/pay', { invoice })
  })
  await wallet(tab)
  await tab.goto(page.url)
  return { tab, asked, paid: () => invoices.length }
}

const say = (tab: Page) => until('the page to say something', async () => (await tab.locator('p').textContent()) || undefined, 120_000)
const ask = async (tab: Page) => {
  await tab.locator('button').click()
  return say(tab)
}
const webln = (tab: Page) =>
  tab.addInitScript('globalThis.webln = { enable: async () => {}, sendPayment: (i) => globalThis.payInvoice(i) }')

test("a page of another origin pays with a browser wallet's signature, and reads the receipt", async () => {
  const account = privateKeyToAccount(yard.chain.customers[0]!.privateKey)
  const { tab, asked } = await open(async (p) => {
    await p.exposeFunction('askWallet', async (method: string, params: string[]) => {
      if (method === 'eth_chainId') return `0x${yard.chain.chainId.toString(16)}`
      if (method === 'eth_accounts' || method === 'eth_requestAccounts') return [account.address]
      if (method === 'eth_signTypedData_v4') return account.signTypedData(JSON.parse(params[1]!))
      throw new Error(`the wallet does not know ${method}`)
    })
    await p.addInitScript('globalThis.ethereum = { request: ({ method, params }) => globalThis.askWallet(method, params ?? []) }')
  })
  expect(await ask(tab)).toBe(`${JOKE} (evm:31337)`)
  expect(asked).toEqual([expect.stringMatching(/^Pay 0\.00\d+ USD for a joke\?$/)])
})

test('it pays over WebLN', async () => {
  const { tab, paid } = await open(webln)
  expect(await ask(tab)).toBe(`${JOKE} (lightning)`)
  expect(paid()).toBe(1)
})

test('a page that is loaded again before the answer came shows the proof that it has, and pays nothing', async () => {
  const { tab, paid } = await open(webln)
  const before = told
  await tab.route(`${shop.url}/joke`, (route) => (route.request().headers().authorization ? route.abort() : route.continue()))
  await tab.locator('button').click()
  await until('the invoice to be paid', async () => paid() === 1)
  expect(await say(tab)).toContain('outcome_unknown')
  await tab.unroute(`${shop.url}/joke`)
  await tab.reload()
  expect(await ask(tab)).toBe(`${JOKE} (lightning)`)
  expect([paid(), told - before]).toEqual([1, 1])
})

test('a visitor without a wallet is told so', async () => {
  const { tab } = await open(async () => {})
  expect(await ask(tab)).toContain('wallet')
})
