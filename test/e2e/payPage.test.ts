import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Browser, type BrowserPage } from 'happy-dom'
import decodeQR from 'qr/decode.js'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { runWords } from '../../app/cli/program.ts'
import { commandRun } from '../cli/commandRun.ts'
import { balanceOf, control, partyWith, startYard, until, type Yard } from './yard.ts'

const invoice = { run: (words: readonly string[]) => runWords(['invoice', ...words], { name: 'switchyard' }) }

/** Side of a module of the code, in pixels. */
const PIXELS = 4

let yard: Yard
let seller: { id: string; key: string }
const browsers: Browser[] = []
beforeAll(async () => {
  yard = await startYard({ chains: 1 })
  seller = await partyWith(yard, { name: 'seller' })
})
afterAll(() => yard?.close())
afterEach(async () => {
  for (const browser of browsers.splice(0)) await browser.close()
})

type Intent = {
  id: string
  status: string
  uri: string
  offers: { rail: string; pay: { invoice?: string; iban?: string; remittance?: string } }[]
}
const newIntent = async () =>
  (await yard.call<Intent>('POST', '/v1/payment_intents', { body: { amount: { asset: 'USD', amount: '1.5' }, payee: seller.id } })).body

/** The page in a browser without a screen, with what its wallets would put there. */
async function open(intent: Intent, wallets: Record<string, unknown> = {}): Promise<BrowserPage> {
  const browser = new Browser({ settings: { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true } })
  browsers.push(browser)
  const page = browser.newPage()
  await page.goto(`${yard.url()}/pay/${intent.id}`, { beforeContentCallback: (window) => void Object.assign(window, wallets) })
  return page
}

const shown = (page: BrowserPage) => page.mainFrame.document.querySelector('#status')?.textContent ?? ''
const button = (page: BrowserPage, selector: string) => page.mainFrame.document.querySelector(selector) as unknown as HTMLButtonElement // happy-dom's own type.

describe('the page of a payment intent', () => {
  test('is what `switchyard invoice` prints', async () => {
    const printed: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
    const code = await invoice.run(['2.50', '--payee', seller.id, '--url', yard.url(), '--key', yard.key])
    log.mockRestore()
    expect(code).toBe(0)
    const html = await (await fetch(printed.join('\n').split('\n')[0]!)).text()
    expect(/<h1><bdi>(.*)<\/bdi><\/h1>/.exec(html)?.[1]).toBe('2.50 USD')
    expect(printed.join('\n')).toMatch(/^pi_\w+, payable until .*\nover .*lightning/m)
    await expect(invoice.run(['x', '--payee', seller.id, '--url', yard.url(), '--key', yard.key])).rejects.toThrow('answered 400')
  })

  test('shows the price and a code that any wallet reads, needs nothing from elsewhere, and tells nothing else', async () => {
    const intent = await newIntent()
    const response = await fetch(`${yard.url()}/pay/${intent.id}`)
    const html = await response.text()
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(/<h1><bdi>(.*)<\/bdi><\/h1>/.exec(html)?.[1]).toBe('1.50 USD')
    expect(html.match(/(?:src|href)="(?!\/pay\/|bitcoin:)/g)).toBeNull()
    expect(html.includes(seller.id)).toBe(false)
    const { invoice } = intent.offers.find((o) => o.rail === 'lightning')!.pay
    const { iban, remittance } = intent.offers.find((o) => o.rail === 'bank')!.pay
    const codes = codesOf(html)
    expect(codes.toSorted()).toEqual([
      expect.stringMatching(new RegExp(`^BCD\\n002\\n1\\nSCT\\n\\n.+\\n${iban}\\nEUR\\d+\\.\\d\\d?\\n\\n${remittance}$`)),
      `LIGHTNING:${invoice!.toUpperCase()}`,
    ])
    expect(/href="(bitcoin:[^"]*)"/.exec(html)?.[1]).toBe(intent.uri.replaceAll('&', '&amp;'))
  })

  test('is paid by the browser’s Lightning wallet over WebLN, and says so', async () => {
    const intent = await newIntent()
    const webln = {
      enable: async () => undefined,
      sendPayment: (invoice: string) => control(yard.world.lightning.controlUrl, '/pay', { invoice }),
    }
    const page = await open(intent, { webln })
    await until('the button', async () => !button(page, 'button.lightning').hidden)
    button(page, 'button.lightning').click()
    await until('the page to say so', async () => shown(page).startsWith('Paid.'))
    expect((await yard.call<Intent>('GET', `/v1/payment_intents/${intent.id}`)).body).toMatchObject({ status: 'settled' })
  })

  test('is paid by a browser wallet that signs, and the gateway pays the gas', async () => {
    const intent = await newIntent()
    const account = privateKeyToAccount(yard.chain.customers[0]!.privateKey)
    const asked: string[] = []
    const ethereum = {
      async request({ method, params }: { method: string; params: string[] }) {
        asked.push(method)
        if (method === 'eth_requestAccounts') return [account.address]
        if (method === 'eth_signTypedData_v4') return account.signTypedData(JSON.parse(params[1]!))
        return null
      },
    }
    const page = await open(intent, { ethereum })
    await until('the button', async () => button(page, '.chain button') !== null)
    button(page, '.chain button').click()
    await until('the page to say so', async () => shown(page).startsWith('Paid.'))
    expect(asked).toEqual(['eth_requestAccounts', 'wallet_switchEthereumChain', 'eth_signTypedData_v4'])
    expect(await balanceOf(yard, seller.id, 'USDC')).toBe('3')
  })

  test('shows no button of a wallet that is not there, and why a wallet did not pay', async () => {
    const page = await open(await newIntent(), { webln: { enable: () => Promise.reject(new Error('the user said no')) } })
    await until('the button', async () => !button(page, 'button.lightning').hidden)
    expect(button(page, '.chain button')).toBeNull()
    button(page, 'button.lightning').click()
    await until('the page to say so', async () => shown(page) === 'Not paid: the user said no')
  })

  test('may be framed by the shops that its seller names, by their origins alone, and by nobody where none is', async () => {
    const make = (more: object) =>
      yard.call<Intent & { embed_origins: string[] }>('POST', '/v1/payment_intents', {
        body: { amount: { asset: 'USD', amount: '1.5' }, payee: seller.id, ...more },
      })
    const policyOf = async ({ id }: Intent) => (await fetch(`${yard.url()}/pay/${id}`)).headers.get('content-security-policy')
    expect(await policyOf((await make({})).body)).toMatch(/frame-ancestors 'none'$/)
    const shops = ['https://heron.example', 'https://shop.heron.example:8443', 'http://localhost:3000']
    const { body } = await make({ embed_origins: shops })
    expect(body.embed_origins).toEqual(shops)
    expect(await policyOf(body)).toMatch(
      /frame-ancestors https:\/\/heron.example https:\/\/shop.heron.example:8443 http:\/\/localhost:3000$/,
    )
    const own = `*|https://*.heron.example|https://heron.example/|https://heron.example:443|https://Heron.example|http://heron.example|null|https:`
    const bad = [
      ...own.split('|'),
      "https://a.example; script-src 'unsafe-inline'",
      'https://a.example https://b.example',
      'https://a:99999',
    ]
    for (const origin of bad) {
      const refused = await make({ embed_origins: [origin] })
      expect([refused.status, refused.body], origin).toMatchObject([400, { code: 'invalid_request' }])
    }
    expect((await make({ embed_origins: Array(9).fill('https://heron.example') })).status).toBe(400)
    for (const url of ['https://heron:secret@shop.example/done', 'https://heron@shop.example'])
      expect([(await make({ return_url: url })).body, url]).toMatchObject([{ code: 'invalid_request' }, url])
    const element = await fetch(`${yard.url()}/pay/checkout.js`)
    expect(element.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('of a payment that is over asks nobody to pay, and one that never was is not found', async () => {
    const intent = await newIntent()
    await yard.call('POST', `/v1/payment_intents/${intent.id}/cancel`)
    const html = await (await fetch(`${yard.url()}/pay/${intent.id}`)).text()
    expect(html.includes('This payment was canceled, and nothing was taken.')).toBe(true)
    expect(/lnbc|<script|<svg/i.test(html)).toBe(false)
    expect((await fetch(`${yard.url()}/pay/pi_${'0'.repeat(32)}`)).status).toBe(404)
  })
})

/** What the QR codes on the page say, read from their pixels. */
function codesOf(html: string): string[] {
  return [...html.matchAll(/<svg viewBox="0 0 (\d+) \d+"[^>]*><path d="([^"]*)"/g)].map(([, width, path]) => readCode(width!, path!))
}

function readCode(width: string, path: string): string {
  const size = Number.parseInt(width, 10) * PIXELS
  const data = new Uint8Array(size * size * 4).fill(255)
  let [x, y] = [0, 0]
  // Each part of the path is one dark square, from its upper left corner; a small m counts from the one before.
  for (const [, kind, right, down] of path.matchAll(/([Mm])(-?\d+)[ ,]?(-?\d+)/g)) {
    const [dx, dy] = [Number.parseInt(right!, 10), Number.parseInt(down!, 10)]
    ;[x, y] = kind === 'M' ? [dx, dy] : [x + dx, y + dy]
    for (let n = 0; n < PIXELS * PIXELS; n++) {
      const at = 4 * ((y * PIXELS + Math.floor(n / PIXELS)) * size + x * PIXELS + (n % PIXELS))
      data.fill(0, at, at + 3)
    }
  }
  return decodeQR({ width: size, height: size, data })
}

describe('the command, beside the local network', () => {
  test('pays a route with the test wallet, and finds its 402 correct', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-beside-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { chains, lightning } = yard.world
    mkdirSync(join(folder, '.switchyard'))
    const world = { chains, lightningUrl: lightning.controlUrl, customers: chains[0].customers }
    writeFileSync(join(folder, '.switchyard', 'local.json'), JSON.stringify({ url: yard.url(), key: randomUUID(), world }))
    const o = { cwd: folder, env: { HOME: folder } }
    const paid = await commandRun(['pay', yard.route(), '--json'], o)
    expect([paid.code, JSON.parse(paid.out)]).toMatchObject([0, { status: 200, receipt: { id: expect.stringMatching(/^rc_/) } }])
    const validated = await commandRun(['validate', yard.route(), '--json'], o)
    expect(JSON.parse(validated.out)).toMatchObject({ ok: true })
    const rules = (JSON.parse(validated.out) as { findings: { where: string }[] }).findings // The command's own JSON.
    expect(new Set(rules.map(({ where }) => where.split(' ')[0]))).toEqual(new Set(['http', 'x402', 'mpp', 'l402']))
  })
})
