import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from '../../app/cli/serve.ts'
import { checkConfig } from '../../app/config/config.ts'
import { EVENT_TYPES, eventSchema } from '../../gateway/events/catalog/catalog.ts'
import { STREAM_LIMITS } from '../../gateway/events/relay/streams.ts'
import { until } from '../e2e/yard.ts'
import { localConfig, OPERATOR_KEY } from '../localConfig.ts'
import { readStream, type Told } from './readStream.ts'

type Page = { data: Told[]; has_more: boolean; next: string | null; code: string }
type Party = { id: string; key: string }

let folder: string
let server: Awaited<ReturnType<typeof serve>>
let [alice, bob]: Party[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-events-'))
  server = await serve(checkConfig(localConfig(folder, {})))
  ;[alice, bob] = [await party('Alice'), await party('Bob')]
}, 60_000)
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<T = Page>(path: string, key: string, body?: object): Promise<{ status: number; body: T; headers: Headers }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  const response = await fetch(server.url + path, { headers, ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}) })
  return { status: response.status, headers: response.headers, body: (await response.json()) as T }
}

async function party(name: string): Promise<Party> {
  const { body, headers } = await ask<{ id: string }>('/v1/parties', OPERATOR_KEY, { name })
  return { id: body.id, key: headers.get('switchyard-api-key')! }
}

async function intentOf({ id, key }: Party, metadata = {}): Promise<string> {
  const body = { amount: { asset: 'USD', amount: '2.50' }, payee: id, metadata }
  return (await ask<{ id: string }>('/v1/payment_intents', key, body)).body.id
}

describe('a page of events', () => {
  test('says what happened in the words of the catalog, and has one event by its id', async () => {
    const id = await intentOf(alice!, { order: '17' })
    const { body } = await ask(`/v1/events?subject=${id}`, alice!.key)
    expect(body).toMatchObject({ has_more: false, next: body.data[0]!.id, data: [{ type: 'payment_intent.created', subject: id }] })
    const [event] = body.data
    expect(eventSchema('payment_intent.created').parse(event)).toMatchObject({
      data: { id, amount: { asset: 'USD', amount: '2.5' }, payee: alice!.id, metadata: { order: '17' } },
    })
    expect((await ask<Told>(`/v1/events/${event!.id}`, alice!.key)).body).toEqual(event)
  })

  test('is of whom it is alone: another party finds nothing under its filters, its ids and its cursors', async () => {
    const id = await intentOf(alice!)
    const { body: own } = await ask(`/v1/events?subject=${id}`, alice!.key)
    const event = own.data[0]!.id
    expect((await ask(`/v1/events?subject=${id}`, bob!.key)).body.data).toEqual([])
    expect(await ask(`/v1/events/${event}`, bob!.key)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(await ask(`/v1/events?after=${event}`, bob!.key)).toMatchObject({ status: 400, body: { code: 'event_cursor_unknown' } })
    const bobs = (await ask('/v1/events?limit=100', bob!.key)).body.data
    expect(bobs.filter((told) => JSON.stringify(told).includes(alice!.id))).toEqual([])
    expect((await ask('/v1/events?limit=100', OPERATOR_KEY)).body.data.map((told) => told.id)).toContain(event)
  })

  test.each([
    ['after=evt_00000000000100000000', 'event_cursor_unknown'],
    ['after=evt_ffffffffffff00000000', 'event_cursor_unknown'],
    ['after=pi_1', 'event_cursor_unknown'],
    ['type=payout.unheard', 'invalid_request'],
    ['type=nobody.*', 'invalid_request'],
    ['status=open', 'invalid_request'],
    ['limit=101', 'invalid_request'],
  ])('is refused for %s', async (query, code) => {
    expect(await ask(`/v1/events?${query}`, bob!.key)).toMatchObject({ status: 400, body: { code } })
    expect((await readStream(server.url, bob!.key, { more: `&${query}` })).status).toBe(400)
  })

  test('is of the types that are asked for, or of a family', async () => {
    const types = async (type: string) =>
      new Set((await ask(`/v1/events?limit=100&type=${type}`, OPERATOR_KEY)).body.data.map((e) => e.type))
    expect(await types('party.created')).toEqual(new Set(['party.created']))
    expect(await types('party.*,payment_intent.created')).toEqual(new Set(['party.created', 'payment_intent.created']))
  })
})

describe('a stream of events', () => {
  test('begins with what comes, or behind a cursor, and never gives what is another’s', async () => {
    const before = await intentOf(alice!)
    const [live, all, bobs] = await Promise.all([
      readStream(server.url, alice!.key),
      readStream(server.url, alice!.key, { after: 'first' }),
      readStream(server.url, bob!.key, { after: 'first' }),
    ])
    const id = await intentOf(alice!)
    const bobsOwn = await intentOf(bob!)
    await until('the event', async () => live.told.length > 0 && all.told.some(({ subject }) => subject === id))
    await until('the other’s', async () => bobs.told.some(({ subject }) => subject === bobsOwn))
    expect(live.told.map(({ subject }) => subject)).toEqual([id])
    expect(all.told.map(({ subject }) => subject)).toEqual(expect.arrayContaining([before, id]))
    expect(all.told).toEqual((await ask('/v1/events?limit=100', alice!.key)).body.data)
    expect(bobs.told.filter((told) => JSON.stringify(told).includes(alice!.id))).toEqual([])
    for (const stream of [live, all, bobs]) stream.close()
  })

  test('is one of a bounded number for each key', async () => {
    const open = await Promise.all(Array.from({ length: STREAM_LIMITS.perCaller }, () => readStream(server.url, bob!.key)))
    expect(open.map(({ status }) => status)).toEqual(open.map(() => 200))
    expect((await readStream(server.url, bob!.key)).status).toBe(429)
    const others = await readStream(server.url, alice!.key)
    expect(others.status).toBe(200)
    for (const stream of [...open, others]) stream.close()
    await until('room again', async () => {
      const again = await readStream(server.url, bob!.key)
      again.close()
      return again.status === 200
    })
  })

  test('waits for a reader that does not read, and gives it everything once it does', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key ${n}`, 'x'.repeat(500)]))
    const lazy = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${alice!.key}`, accept: 'text/event-stream' }
      request(`${server.url}/v1/events?after=first`, { headers }, resolve).on('error', reject).end()
    })
    lazy.pause()
    for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 10 }, () => intentOf(alice!, metadata)))
    const last = await intentOf(alice!)
    let text = ''
    lazy.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    lazy.resume()
    await until('everything', async () => text.includes(last))
    lazy.destroy()
    const ids = [...text.matchAll(/^id: (evt_.*)$/gm)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual([...ids].sort())
    expect(ids.length).toBeGreaterThan(200)
  }, 60_000)
})

test('OpenAPI lists each event with its schema', async () => {
  const { body } = await ask<{ webhooks: Record<string, { post: { requestBody: { content: object } } }> }>('/openapi.json', alice!.key)
  expect(Object.keys(body.webhooks).sort()).toEqual([...EVENT_TYPES])
  expect(body.webhooks['payout.settled']!.post.requestBody.content).toMatchObject({
    'application/json': { schema: { properties: { type: { const: 'payout.settled' }, data: { properties: { id: { type: 'string' } } } } } },
  })
})

test('a gateway that closes ends its streams, which go on behind their last id at the next', async () => {
  const stream = await readStream(server.url, alice!.key)
  await until('its place', async () => stream.at !== undefined)
  const id = await intentOf(alice!)
  await until('the event', async () => stream.told.length > 0)
  await server.close()
  await stream.ended
  server = await serve(checkConfig(localConfig(folder, {})))
  const next = await intentOf(alice!)
  const again = await readStream(server.url, alice!.key, { lastId: stream.at! })
  await until('the next event', async () => again.told.length > 0)
  expect([...stream.told, ...again.told].map(({ subject }) => subject)).toEqual([id, next])
})
