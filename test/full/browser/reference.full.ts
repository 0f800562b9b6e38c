import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGatewayProcess } from '../../seller/gatewayProcess.ts'
import { startBrowser } from './startBrowser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PAGES = [
  '/reference',
  '/reference?q=payout',
  '/reference/createPaymentIntent',
  '/reference/getPaymentIntent',
  '/reference/listEvents',
]

let browser: Browser
let gateway: Awaited<ReturnType<typeof startGatewayProcess>>
beforeAll(async () => {
  browser = await startBrowser()
  gateway = await startGatewayProcess(undefined)
}, 400_000)
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
})

type Found = { violations: { id: string; nodes: unknown[] }[] }

test.each([
  ['a phone in the dark', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
  ['a desk by day', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
] as const)('on %s every page fits, loads nothing from elsewhere, and axe finds nothing', async (_, options) => {
  const context = await browser.newContext({ ...options, bypassCSP: true }) // axe is put into the page, whose own policy lets nothing run.
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  for (const path of PAGES) {
    await page.goto(`${gateway.url()}${path}`)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(options.viewport.width)
    await page.evaluate(AXE)
    const { violations } = (await page.evaluate('axe.run(document)')) as Found // What axe answers.
    expect([path, violations.map(({ id, nodes }) => `${id} x${nodes.length}`)]).toEqual([path, []])
  }
  expect(asked.filter((url) => !url.startsWith(`${gateway.url()}/reference`))).toEqual([])
  await context.close()
})

test('is searched and read without a script', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${gateway.url()}/reference`)
  await page.getByLabel('Search').fill('refunds rail')
  await page.getByRole('button', { name: 'Find' }).click()
  await page.getByRole('link', { name: 'Give back what was paid, wholly or in part, over any rail' }).click()
  await page.getByRole('heading', { level: 1, name: 'Give back what was paid' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/reference/createRefund')
  await context.close()
})
