import type { FastifyInstance } from 'fastify'
import { describe, expect, test } from 'vitest'

type Ask = (
  method: 'GET' | 'POST',
  url: string,
  key: string | undefined,
  payload?: object,
) => Promise<Awaited<ReturnType<FastifyInstance['inject']>>>
type Tenant = { id: string; key: string }
/** What `matrix.test.ts` has started: Alice owns one of everything, by the path that it is read under, and Bob has a key. */
type World = Readonly<{
  ask: Ask
  made: <T>(url: string, key: string, payload: object) => Promise<T>
  app: FastifyInstance
  alice: Tenant
  bob: Tenant
  ids: Record<string, string>
  secret: string
  operator: string
}>

type Page = { data: ({ id: string } & Record<string, unknown>)[]; has_more: boolean; next?: string }
type Read = (path: string, key: string) => Promise<Page>

function readerOf(world: () => World): Read {
  return async (path, key) => {
    const answer = await world().ask('GET', path, key)
    expect([path, answer.statusCode, answer.body]).toEqual([path, 200, expect.anything()])
    expect(Number(answer.headers['switchyard-read-position'])).toBeGreaterThan(0)
    return answer.json<Page>()
  }
}

/** An address is its name. */
const idsOf = ({ data }: Page) => data.map(({ id, name }) => id ?? name)

/** Every list shows a party its own, by whatever it is asked. */
export function listsOfTenants(world: () => World): void {
  describe('lists', () => {
    const read = readerOf(world)
    whatTheyShow(world, read)
    whatIsFound(world, read)
    whatTheyRefuse(world)
  })
}

function whatTheyShow(world: () => World, read: Read): void {
  test.each([
    '/v1/payment_intents',
    '/v1/payment_links',
    '/v1/invoices',
    '/v1/plans',
    '/v1/subscriptions',
    '/v1/payouts',
    '/v1/splits',
    '/v1/parties',
    '/v1/withdraw_links',
    '/v1/lightning_addresses',
  ])('%s shows each party its own alone', async (root) => {
    const { alice, ask, bob, ids, operator, secret } = world()
    const id = ids[root]!
    expect(idsOf(await read(root, alice.key))).toContain(id)
    expect(idsOf(await read(`${root}?limit=100`, operator))).toContain(id)
    expect(idsOf(await read(`${root}?party=${alice.id}`, operator))).toContain(id)
    for (const query of ['', `?party=${bob.id}`, `?reference=${secret}`]) expect(idsOf(await read(root + query, bob.key))).not.toContain(id)
    expect(idsOf(await read(`${root}?party=${bob.id}`, operator))).not.toContain(id)
    expect((await ask('GET', `${root}?party=${alice.id}`, bob.key)).statusCode).toBe(403)
  })

  test('an intent that was just paid is found by all that it is asked by, with its payment', async () => {
    const { alice, ask, bob, made } = world()
    const intent = { amount: { asset: 'USD', amount: '0.125' }, payee: bob.id, metadata: { table: '7' }, order_id: 'B 12/7' }
    const { id } = await made<{ id: string }>('/v1/payment_intents', bob.key, intent)
    const open = await read(`/v1/payment_intents?status=open&reference=b12/7`, bob.key)
    expect(idsOf(open)).toEqual([id])
    expect((await ask('POST', `/v1/payment_intents/${id}/pay`, alice.key, { rail: 'book' })).statusCode).toBe(200)
    const found =
      'status=settled&rail=book&amount_min=0.125&amount_max=0.125&metadata_key=table&metadata_value=7&created_from=2020-01-01T00:00:00Z'
    const page = await read(`/v1/payment_intents?${found}&reference=B12/7&expand=payments`, bob.key)
    const { receipt } = page.data[0]!.paid as { receipt: string } // As the contract promises.
    expect(page).toMatchObject({ has_more: false, data: [{ id, payments: [{ id: receipt, status: 'settled', payee: bob.id }] }] })
    for (const other of [
      'status=open',
      'rail=bank',
      'amount_min=0.126',
      'metadata_key=table&metadata_value=8',
      'created_before=2020-01-01T00:00:00Z',
    ])
      expect(idsOf(await read(`/v1/payment_intents?reference=B12/7&${other}`, bob.key))).toEqual([])
    expect(idsOf(await read(`/v1/payments?reference=${id}&status=settled&rail=book`, bob.key))).toEqual([receipt])
    expect(idsOf(await read('/v1/payments', alice.key))).not.toContain(receipt)
  })
}

function whatIsFound(world: () => World, read: Read): void {
  test('a search finds what has a reference or an id, of any kind, and a party its own alone', async () => {
    const { alice, app, ask, bob, ids, operator, secret } = world()
    const key = crypto.randomUUID()
    const headers = { 'idempotency-key': key, authorization: `Bearer ${alice.key}` }
    const body = { amount: { asset: 'USD', amount: '2' }, payee: alice.id, order_id: 'Order 99' }
    const { id } = (await app.inject({ method: 'POST', url: '/v1/payment_intents', headers, payload: body })).json<{ id: string }>()
    const split = ids['/v1/splits']!
    const { split_id: onChain } = (await ask('GET', `/v1/splits/${split}`, operator)).json<{ split_id: string }>()
    for (const [reference, type, found] of [
      [key, 'payment_intent', id],
      ['order  99', 'payment_intent', id],
      [id, 'payment_intent', id],
      [onChain.toUpperCase(), 'split', split],
      [secret, 'payout', ids['/v1/payouts']],
    ] as const) {
      const path = `/v1/search?reference=${encodeURIComponent(reference)}`
      const one = { object: 'search_result', type, id: found, url: `/v1/${type}s/${found}` }
      expect((await read(path, alice.key)).data).toContainEqual(one)
      expect((await read(path, operator)).data).toContainEqual(one)
      expect((await read(path, bob.key)).data).toEqual([])
      expect((await ask('GET', String(one.url), alice.key)).statusCode).toBe(200)
    }
    expect((await read('/v1/search?reference=nothing', operator)).data).toEqual([])
    expect((await ask('GET', '/v1/search', operator)).statusCode).toBe(400)
  })

  test('a payout comes with its decision, and pages go on until there is no next one', async () => {
    const { alice, ids, operator } = world()
    const [first] = (await read('/v1/payouts?limit=1&expand=decision', alice.key)).data
    expect(first).toMatchObject({ id: ids['/v1/payouts'], decision: { object: 'decision', payout_id: ids['/v1/payouts'] } })
    const seen: string[] = []
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: Page = await read(`/v1/payment_intents?limit=1${after && `&after=${after}`}`, operator)
      expect([page.has_more, page.data.length]).toEqual([page.next !== undefined, 1])
      seen.push(...idsOf(page))
      after = page.next
    }
    expect(seen).toEqual([...new Set(seen)].sort().reverse())
    expect(seen).toContain(ids['/v1/payment_intents'])
  })
}

function whatTheyRefuse(world: () => World): void {
  test.each([
    ['a filter that it does not have', 'colour=red', /colour.*limit, after, wait.*metadata_key/],
    ['a status that it does not have', 'status=paid', /status/],
    ['half of a pair', 'metadata_key=a', /metadata_value/],
    ['an amount that is none', 'amount_min=cheap', /amount|cheap/],
    ['an asset that is not here', 'amount_min=1&asset=XYZ', /XYZ/],
    ['a time that is none', 'created_from=yesterday', /created_from/],
    ['something to expand that it does not have', 'expand=everything', /expand/],
    ['more than a page', 'limit=101', /limit/],
    ['a filter twice', 'status=open&status=settled', /status/],
  ])('a list asked for %s says so', async (_, query, detail) => {
    const { ask, operator } = world()
    const answer = await ask('GET', `/v1/payment_intents?${query}`, operator)
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ detail: string }>().detail).toMatch(detail)
  })

  test('a cursor of another list, or of another party, is no place in a list', async () => {
    const { ask, bob, ids, operator } = world()
    const cursors = [ids['/v1/payouts']!, 'pi_none', '']
    for (const after of cursors) {
      const answer = await ask('GET', `/v1/payment_intents?after=${after}`, operator)
      expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
        400,
        expect.stringMatching(/no place in this list.*next/),
      ])
    }
    const other = await ask('GET', `/v1/payment_intents?after=${ids['/v1/payment_intents']}`, bob.key)
    const none = await ask('GET', `/v1/payment_intents?after=${missing(ids['/v1/payment_intents']!)}`, bob.key)
    expect([other.statusCode, none.statusCode]).toEqual([400, 400])
  })
}

/** The same id but for its last letters: well formed, and nobody's. */
const missing = (id: string) => `${id.slice(0, -4)}${id.endsWith('0000') ? '1111' : '0000'}`
