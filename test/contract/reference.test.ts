import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { placedIn } from '../../gateway/api/reference/description.ts'
import { withApi } from './describedApi.ts'

const PAGE_BYTES_MAX = 100_000
type Description = Parameters<typeof placedIn>[0]

async function page(app: FastifyInstance, url: string): Promise<string> {
  const { statusCode, headers, body } = await app.inject({ url })
  expect([url, statusCode, headers['content-type']]).toEqual([url, 200, 'text/html; charset=utf-8'])
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  expect(body).not.toMatch(/undefined|\[object|<script/)
  expect(Buffer.byteLength(body)).toBeLessThan(PAGE_BYTES_MAX)
  return body
}

test('each operation has a page, which the list and the others of its group lead to', async () => {
  await withApi(async (app) => {
    const all = placedIn(app.swagger() as unknown as Description)
    const list = await page(app, '/reference')
    for (const { path, operation } of all) {
      expect(list).toContain(`href="/reference/${operation.operationId}"`)
      const own = await page(app, `/reference/${operation.operationId}`)
      expect(own).toContain(path)
      expect(own).toContain('href="/errors"')
    }
    const made = await page(app, '/reference/createPaymentIntent')
    expect(made).toContain('curl -X POST &quot;http://localhost/v1/payment_intents&quot;')
    expect(made).toContain('Idempotency-Key: $(openssl rand -hex 16)')
    expect(made).toContain('<code>order_id</code>')
    expect(made).toContain('href="/reference/cancelPaymentIntent"')
    expect((await app.inject({ url: '/reference/toString' })).statusCode).toBe(404)
  })
})

test('a search shows what has each of its words, and writes them as text', async () => {
  await withApi(async (app) => {
    const found = await page(app, '/reference?q=PAYOUTS+post')
    expect(found).toContain('href="/reference/createPayout"')
    expect(found).not.toContain('href="/reference/listPayouts"')
    expect(found).not.toContain('href="/reference/createParty"')
    expect(await page(app, '/reference?q=%3Cscript%3E%22')).toContain('0 of ')
    expect((await app.inject({ url: `/reference?q=${'x'.repeat(101)}` })).statusCode).toBe(400)
  })
})
