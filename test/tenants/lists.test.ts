import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../app/cli/serve.ts'
import { checkConfig } from '../../app/config/config.ts'
import { localConfig, OPERATOR_KEY } from '../localConfig.ts'

const PARTIES = 203

type Page = { data: { id: string; account: string; asset_id: string }[]; has_more: boolean; next?: string }

let folder: string
let server: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-lists-'))
  server = await serve(checkConfig(localConfig(folder, {})))
}, 60_000)
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<T>(path: string, o: { body?: object; idempotencyKey?: string } = {}) {
  const headers = {
    authorization: `Bearer ${OPERATOR_KEY}`,
    'content-type': 'application/json',
    'idempotency-key': o.idempotencyKey ?? crypto.randomUUID(),
  }
  const request = o.body ? { method: 'POST', body: JSON.stringify(o.body) } : {}
  const response = await fetch(server.url + path, { headers, ...request })
  return { status: response.status, headers: response.headers, body: (await response.json()) as T }
}

/** All pages of a list, as they are read one after another. */
async function pagesOf(path: string): Promise<Page[]> {
  const pages: Page[] = []
  for (let after = ''; ; ) {
    const { body } = await ask<Page>(`${path}${after}`)
    pages.push(body)
    if (body.next === undefined) return pages
    after = `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(body.next)}`
  }
}

test('parties and accounts are listed a page at a time, each once', async () => {
  const made: string[] = []
  for (let i = 0; i < PARTIES; i++) made.push((await ask<{ id: string }>('/v1/parties', { body: { name: `party ${i}` } })).body.id)
  const pages = await pagesOf('/v1/parties')
  expect(pages.map(({ data, has_more }) => [data.length, has_more])).toEqual([
    [50, true],
    [50, true],
    [50, true],
    [50, true],
    [3, false],
  ])
  expect(pages.flatMap(({ data }) => data.map(({ id }) => id))).toEqual(made.toReversed())
  const [large, rest] = await pagesOf('/v1/parties?limit=200')
  expect([large?.data.length, rest?.data.length]).toEqual([200, 3])
  for (const bad of ['limit=201', 'limit=0', 'after=pa_00000000000000000000000000000000', 'page=2'])
    expect(await ask(`/v1/parties?${bad}`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})

test('the trial balance goes on after the account that was last', async () => {
  for (const credit of ['capital:one', 'capital:two', 'capital:three']) {
    const why = { reason: 'to have some accounts', evidence: { text: 'this test' } }
    const body = { debit: 'capital:operator', credit, asset: 'EUR', amount: '1', ...why }
    expect(await ask('/v1/suspense/adjust', { body })).toMatchObject({ status: 201 })
  }
  const all = await pagesOf('/v1/balances?limit=1')
  const whole = await pagesOf('/v1/balances')
  expect([all.length, whole.length]).toEqual([4, 1])
  expect(all.flatMap(({ data }) => data)).toEqual(whole.flatMap(({ data }) => data))
  for (const bad of ['limit=201', 'after=x', 'after=-1'])
    expect(await ask(`/v1/balances?${bad}`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})

test('a repeat of the request that made a party says where the key was, and what to do where it is lost', async () => {
  const twice = { body: { name: 'seller' }, idempotencyKey: 'one-seller-only' }
  const [first, again] = [await ask<{ id: string; hint: string }>('/v1/parties', twice), await ask<object>('/v1/parties', twice)]
  expect(first.headers.get('switchyard-api-key')).toMatch(/^sk_/)
  expect([again.headers.get('switchyard-api-key'), again.headers.get('idempotent-replayed')]).toEqual([null, 'true'])
  expect(again.body).toEqual(first.body)
  expect(first.body.hint).toMatch(/switchyard-api-key.*lost.*POST \/v1\/keys/s)
  expect((await ask<object>(`/v1/parties/${first.body.id}`)).body).not.toHaveProperty('hint')
})

test('the description says how to send a key, which calls need one, and where a new one is', async () => {
  type Operation = { security?: object[]; responses?: Record<string, { headers?: object }> }
  type Document = { components: { securitySchemes: Record<string, object> }; paths: Record<string, Record<string, Operation>> }
  const { body } = await ask<Document>('/openapi.json')
  expect(body.components.securitySchemes).toMatchObject({
    apiKey: { type: 'http', scheme: 'bearer', description: expect.stringMatching(/switchyard-api-key/) },
  })
  expect(body.paths['/v1/payouts']?.post?.security ?? [{ apiKey: [] }]).toEqual([{ apiKey: [] }])
  expect(body.paths['/v1/receipts/{id}']?.get?.security).toEqual([])
})
