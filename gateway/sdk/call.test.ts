import { describe, expect, test } from 'vitest'
import { createGateway } from './createGateway.ts'
import { TRIES_MAX } from './repeats.ts'

type Sent = { url: string; method: string; key: string | null; headers: Headers; body: unknown }
type Said = Response | Error

const INTENT = { id: 'pi_1', status: 'open' }
const ask = { amount: { asset: 'USD', amount: '1' } } as const
const json = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers })
const problem = (status: number, code: string, o: { outcome?: 'failed' | 'unknown'; after?: string } = {}) =>
  json(
    status,
    { code, status, title: code, detail: code, hint: 'Do.', outcome: o.outcome ?? 'failed' },
    o.after ? { 'retry-after': o.after } : {},
  )
const away = () => new TypeError('fetch failed')

/** A client whose gateway says these, one after the other, and what it was sent. */
function clientOf(...says: readonly (() => Said)[]) {
  const sent: Sent[] = []
  const fetch = async (input: unknown, init: RequestInit = {}) => {
    init.signal?.throwIfAborted()
    const headers = new Headers(init.headers)
    const body = init.body === undefined ? undefined : JSON.parse(String(init.body))
    sent.push({ url: String(input), method: init.method ?? 'GET', key: headers.get('idempotency-key'), headers, body })
    const said = says[Math.min(sent.length, says.length) - 1]!()
    if (said instanceof Error) throw said
    return said
  }
  return { sent, gateway: createGateway({ url: 'https://pay.example/', key: 'sk_1', fetch: fetch as typeof globalThis.fetch }) }
}

const keysOf = (sent: readonly Sent[]) => [sent.length, new Set(sent.map(({ key }) => key)).size]

describe('what may have been done is asked again under the same key', () => {
  test.each<[string, () => Said]>([
    ['a gateway that is not reached', away],
    ['a first request that still runs', () => problem(409, 'request_in_progress', { outcome: 'unknown' })],
    ['an outcome that is not known', () => problem(503, 'outcome_unknown', { outcome: 'unknown' })],
    ['a proxy’s page', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['an answer that breaks off', () => new Response('{"id": "pi_', { status: 201 })],
  ])('%s', async (_, first) => {
    const { sent, gateway } = clientOf(first, () => json(201, INTENT))
    const made = gateway.intents.create(ask)
    if (_ === 'an answer that breaks off') {
      await expect(made).rejects.toMatchObject({ code: 'unreadable_answer', outcome: 'unknown', idempotencyKey: sent[0]!.key })
      return
    }
    expect(await made).toEqual(INTENT)
    expect(keysOf(sent)).toEqual([2, 1])
    expect(sent[0]!.key).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('with the caller’s own key, in the version of the API that the types are of', async () => {
    const { sent, gateway } = clientOf(away, () => json(201, INTENT))
    await gateway.intents.create(ask, { idempotencyKey: 'order-4711' })
    expect(sent.map(({ key }) => key)).toEqual(['order-4711', 'order-4711'])
    expect(sent[0]).toMatchObject({ url: 'https://pay.example/v1/payment_intents', method: 'POST', body: ask })
    expect(Object.fromEntries(sent[0]!.headers)).toMatchObject({
      authorization: 'Bearer sk_1',
      'switchyard-version': expect.stringMatching(/^\d{4}-/),
    })
  })

  test('a bounded number of times, and then the outcome is said to be unknown, with the key to ask again', async () => {
    const { sent, gateway } = clientOf(away)
    const error = await gateway.payouts.create({} as never).catch((thrown) => thrown)
    expect(keysOf(sent)).toEqual([TRIES_MAX, 1])
    expect(error).toMatchObject({
      code: 'not_reached',
      outcome: 'unknown',
      status: undefined,
      idempotencyKey: sent[0]!.key,
      operation: 'createPayout',
    })
  })

  test('a refusal ends it: it says that nothing was done, though a try before was not answered', async () => {
    const { sent, gateway } = clientOf(away, () => problem(422, 'invalid_amount'))
    await expect(gateway.payouts.create({} as never)).rejects.toMatchObject({ code: 'invalid_amount', outcome: 'failed' })
    expect(sent.length).toBe(2)
  })

  test('to be told to come later ends nothing that may have been done before', async () => {
    const { gateway } = clientOf(away, () => problem(429, 'too_busy'))
    await expect(gateway.payouts.create({} as never)).rejects.toMatchObject({ code: 'too_busy', outcome: 'unknown' })
  })
})

describe('what is not asked again', () => {
  test.each<[string, () => Said, object]>([
    ['a refusal', () => problem(409, 'intent_closed'), { code: 'intent_closed', outcome: 'failed' }],
    ['a limit without a time', () => problem(429, 'too_busy'), { code: 'too_busy', outcome: 'failed' }],
    ['a time beyond the deadline', () => problem(503, 'too_busy', { after: '3600' }), { retryAfterMs: 3_600_000, outcome: 'failed' }],
    ['a code that is newer than the client', () => problem(418, 'teapot'), { code: 'unrecognized_code', problem: { code: 'teapot' } }],
    [
      'a redirect',
      () => new Response(null, { status: 307, headers: { location: 'https://evil.example' } }),
      { code: 'unreadable_answer', outcome: 'failed' },
    ],
  ])('%s', async (_, first, error) => {
    const { sent, gateway } = clientOf(first)
    await expect(gateway.intents.create(ask)).rejects.toMatchObject(error)
    expect(sent.length).toBe(1)
  })

  test('what has no Idempotency-Key and was not answered: it may stand, and says so', async () => {
    const { sent, gateway } = clientOf(away)
    await expect(gateway.intents.handOver('pi_1', {} as never)).rejects.toMatchObject({
      code: 'not_reached',
      outcome: 'unknown',
      idempotencyKey: undefined,
    })
    expect(sent.length).toBe(1)
  })
})

test('a limit with a time is waited for, whatever is asked', async () => {
  const { sent, gateway } = clientOf(
    () => problem(429, 'too_busy', { after: '0' }),
    () => json(202, { id: 'pi_1' }),
  )
  expect(await gateway.intents.handOver('pi_1', {} as never)).toEqual({ id: 'pi_1' })
  expect(sent.length).toBe(2)
})

test('a read that is not answered has failed, and nothing is unknown', async () => {
  const { sent, gateway } = clientOf(away)
  await expect(gateway.parties.get('pa_1')).rejects.toMatchObject({ code: 'not_reached', outcome: 'failed' })
  expect(sent.length).toBe(TRIES_MAX)
})

describe('a signal and a deadline end a call', () => {
  test('before it is sent: nothing was done', async () => {
    const { sent, gateway } = clientOf(away)
    const signal = AbortSignal.abort('no more')
    await expect(gateway.intents.create(ask, { signal })).rejects.toMatchObject({ code: 'aborted', outcome: 'failed', cause: 'no more' })
    expect(sent).toEqual([])
  })

  test('while it waits to be asked again: it may have been done', async () => {
    const stop = new AbortController()
    const { sent, gateway } = clientOf(() => {
      setTimeout(() => stop.abort('enough'))
      return problem(503, 'outcome_unknown', { outcome: 'unknown', after: '30' })
    })
    await expect(gateway.intents.create(ask, { signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
      outcome: 'unknown',
      idempotencyKey: sent[0]?.key,
    })
  })

  test('while it is sent', async () => {
    const never = (_: unknown, { signal }: RequestInit) =>
      new Promise<never>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)))
    const gateway = createGateway({ url: 'http://127.0.0.1', fetch: never as typeof fetch, deadlineMs: 1 })
    await expect(gateway.intents.create(ask)).rejects.toMatchObject({ code: 'deadline_exceeded', outcome: 'unknown' })
    const stop = new AbortController()
    const asked = gateway.intents.create(ask, { signal: stop.signal, deadlineMs: 60_000 })
    stop.abort()
    await expect(asked).rejects.toMatchObject({ code: 'aborted', outcome: 'unknown' })
  })
})

test.each(['', '.', '..', undefined])('an id that would make another path of it (%s) is sent nowhere', async (id) => {
  const { sent, gateway } = clientOf(away)
  await expect(gateway.parties.get(id as string)).rejects.toThrow(/which is no id/)
  expect(sent).toEqual([])
})

test('ids are encoded, and a query has what is defined', async () => {
  const { sent, gateway } = clientOf(() => json(200, { data: [] }))
  await gateway.parties.get('a/b?c')
  await gateway.payouts.list({ limit: 3, after: undefined })
  expect(sent.map(({ url }) => url)).toEqual(['https://pay.example/v1/parties/a%2Fb%3Fc', 'https://pay.example/v1/payouts?limit=3'])
})

test('a list ends where a page does not go on from where it stands', async () => {
  const { sent, gateway } = clientOf(() => json(200, { data: [{ id: 'po_1' }], has_more: true, next: 'po_1' }))
  const seen = []
  for await (const { id } of gateway.payouts.list()) seen.push(id)
  expect([seen, sent.length]).toEqual([['po_1', 'po_1'], 2])
})
