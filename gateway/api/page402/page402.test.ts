import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { BTC, erc20Asset, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { LANGUAGES } from '../html/words/chooseWords.ts'
import { createPage402 } from './page402.ts'
import type { PageWay } from './pageWays.ts'

/** Of script, as the checkout's. */
const GZIP_BYTES_MAX = 15_000
const page = createPage402()
const USDC = erc20Asset({ chainId: 8453, address: `0x${'ab'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 100 })
const chain: PageWay = {
  kind: 'chain',
  amount: money(USDC, 2_000n),
  chainId: 8453,
  accepted: { scheme: 'exact' },
  resource: { url: 'https://a.example/joke' },
}
const lightning: PageWay = { kind: 'lightning', amount: money(BTC, 2_000n), invoice: 'lnbc20n1', token: 'AgEA' }
type Shown = Parameters<typeof page>[0]
const body = { expires_at: '2026-11-24T12:00:00.000Z' } as Shown['challenge']['body'] // Nothing else of it is shown.
const plain: Shown = {
  challenge: { status: 402, headers: [], body, assets: [] },
  ways: [chain, lightning],
  price: money(USD, 2_000n),
  isMost: false,
  seller: 'Blue Heron Press',
  description: 'Essay: On Tolls',
  url: 'https://a.example/joke',
  language: undefined,
}

/** Without what stands in it as script and style. */
const markup = (html: string) =>
  html.replace(/(<style>).*?(?=<\/style>)/s, '$1').replace(/(<script type="module">).*?(?=<\/script>)/s, '$1')

test('a page says who sells what for how much, and how a program pays', () => {
  const { html } = page(plain)
  for (const part of ['Blue Heron Press', 'Essay: On Tolls', '0.002 USD', 'USDC, Base', '2 sat', 'switchyard-client pay']) {
    expect(html).toContain(part)
  }
})

test.each(LANGUAGES.map((words) => [words.lang, words] as const))('a page in %s has its words and its direction', (lang, words) => {
  const { html } = page({ ...plain, language: lang })
  expect(html).toContain(`<html lang="${words.lang}" dir="${words.dir}">`)
  expect(html).toContain(words.payHere)
  expect(markup(html)).not.toMatch(/\{\w+\}<|undefined/)
})

/** Ends an attribute, an element and a script, and begins others. */
const HOSTILE = `"'></script></style><script>alert(1)</script><img src=x onerror=alert(2)>{why}`

test.each(['seller', 'description', 'url', 'language'] as const)('script in %s stays text', (name) => {
  const [clean, html] = [page(plain).html, page({ ...plain, [name]: `https://a.example/${HOSTILE}` }).html]
  const elements = (text: string) => [...markup(text).matchAll(/<(?:\/?[a-z]+|!)/g)].map(([tag]) => tag)
  expect(elements(html)).toEqual(elements(clean))
  expect(html).not.toContain('<script>alert')
})

test.each(['accepted', 'resource'] as const)('script in what a payment echoes (%s) stays text', (name) => {
  const { html } = page({ ...plain, ways: [{ ...chain, [name]: { url: HOSTILE } }] })
  expect(html).not.toContain('<img')
  expect(html.match(/<script/g)).toHaveLength(1)
})

test('the command of a program is safe to paste, whatever the address says', () => {
  const { html } = page({ ...plain, url: "https://a.example/x?'$(reboot);`reboot`" })
  const command = /<code dir="ltr">([^<]*)<\/code>/.exec(html)![1]!.replaceAll('&#39;', "'")
  // One word between two quotes, in which a shell reads nothing.
  expect(command).toBe("npx switchyard-client pay 'https://a.example/x?%27$(reboot);`reboot`'")
})

test('a page runs its own script and nothing else, and nobody may frame it', () => {
  const { headers, html } = page(plain)
  const policy = headers.find(([name]) => name === 'content-security-policy')![1]
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; connect-src 'self';/)
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  expect(markup(html)).not.toMatch(/ style=| on\w+=|<link|src=/)
})

test('a page is one answer of at most 15 kB', () => {
  expect(gzipSync(page(plain).html).length).toBeLessThan(GZIP_BYTES_MAX)
})

test('an address that no browser can pay says so by showing how programs do', () => {
  const { html } = page({ ...plain, ways: [], isMost: true })
  expect(html).toContain('≤ 0.002 USD')
  expect(html).toContain('<details open>')
  expect(html).not.toContain('<fieldset')
})
