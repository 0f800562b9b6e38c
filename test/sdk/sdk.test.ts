import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createGateway, type Gateway } from '../../gateway/sdk/createGateway.ts'
import { webhookHeaders } from '../../gateway/seller/webhooks.ts'
import { OPERATOR_KEY } from '../localConfig.ts'
import { listeningGateway } from './listeningGateway.ts'

let running: Awaited<ReturnType<typeof listeningGateway>>
let operator: Gateway
let heron: Gateway
let payee: string
beforeAll(async () => {
  running = await listeningGateway()
  operator = createGateway({ url: running.url, key: OPERATOR_KEY })
  const party = await operator.parties.create({ name: 'Heron' })
  payee = party.id
  heron = createGateway({ url: `${running.url}/`, key: party.api_key! })
}, 60_000)
afterAll(() => running?.close())

const asks = (amount: string) => ({ amount: { asset: 'USD', amount }, payee, rails: ['book'] }) as const

test('a party is made with its key, which a repeat under the same name has no more', async () => {
  const once = await operator.parties.create({ name: 'Egret' }, { idempotencyKey: 'egret-is-made' })
  const again = await operator.parties.create({ name: 'Egret' }, { idempotencyKey: 'egret-is-made' })
  expect(once.api_key).toMatch(/^sk_/)
  expect(again).toEqual({ ...once, api_key: null })
})

test('a list is awaited for a page, and goes through all of it with for await', async () => {
  const made: string[] = []
  for (const amount of ['1', '2', '3', '4', '5']) made.push((await heron.intents.create(asks(amount))).id)
  // Lists are read behind the journal.
  await vi.waitFor(async () => expect((await operator.intents.list({ limit: 1 })).data[0]?.id).toBe(made[4]), { timeout: 30_000 })
  const page = await operator.intents.list({ limit: 2 })
  expect([page.data.map(({ id }) => id), page.has_more]).toEqual([[made[4], made[3]], true])
  const all = []
  for await (const { id } of operator.intents.list({ limit: 2 })) all.push(id)
  expect(all).toEqual(made.toReversed())
})

test('an intent is read, canceled, and not paid any more: a refusal has its code, its hint and the gateway’s words', async () => {
  const { id, page } = await heron.intents.create(asks('4.2'))
  expect((await heron.intents.get(id)).page).toBe(page)
  expect((await heron.intents.cancel(id)).status).toBe('canceled')
  const refused = await heron.intents.pay(id, { rail: 'book' }).catch((error) => error)
  expect(refused).toMatchObject({
    name: 'SwitchyardError',
    operation: 'payPaymentIntent',
    status: 409,
    outcome: 'failed',
    code: 'intent_closed',
  })
  expect(refused.problem.hint).toBe(refused.hint)
  const wrong = await heron.intents.create({ amount: { asset: 'USD', amount: '1.1.1' }, payee }).catch((error) => error)
  expect(wrong).toMatchObject({ code: 'invalid_amount', problem: { detail: expect.stringContaining('1.1.1') } })
})

test('what is another’s is not there, and without a key nothing is', async () => {
  const { id } = await heron.keys.create({ name: 'till' })
  const egret = createGateway({ url: running.url, key: (await operator.parties.create({ name: 'Stork' })).api_key! })
  await expect(egret.keys.get(id)).rejects.toMatchObject({ code: 'not_found', outcome: 'failed' })
  await expect(createGateway({ url: running.url }).parties.get('pa_1')).rejects.toMatchObject({ code: 'unauthorized', status: 401 })
  expect((await createGateway({ url: running.url }).rails.list()).rails.length).toBeGreaterThan(0)
})

test('events come as they happen and behind what was read, and pages tell the same', async () => {
  const stop = new AbortController()
  const seen: string[] = []
  const { id } = await heron.intents.create(asks('7'))
  for await (const event of heron.events({ after: 'first', types: ['payment_intent.*'], signal: stop.signal })) {
    seen.push(event.id)
    if (event.type === 'payment_intent.created' && event.data.id === id) await heron.intents.cancel(id)
    if (event.type === 'payment_intent.canceled' && event.data.id === id) stop.abort()
  }
  const paged: string[] = []
  for await (const event of heron.events.list({ type: 'payment_intent.*', limit: 3 })) paged.push(event.id)
  expect(seen).toEqual(paged)
  expect(seen.length).toBeGreaterThan(3)
})

test('a webhook is verified into the event that it brings', async () => {
  const [event] = (await heron.events.list({ limit: 1 })).data
  const [body, secret] = [JSON.stringify(event), `whsec_${btoa('x'.repeat(32))}`]
  const headers = await webhookHeaders([secret], { id: event!.id, body, now: Date.now() })
  expect(await heron.webhooks.verify(body, headers, secret)).toEqual(event)
  await expect(heron.webhooks.verify(`${body} `, headers, secret)).rejects.toMatchObject({
    name: 'SwitchyardError',
    code: 'webhook_invalid',
  })
})
