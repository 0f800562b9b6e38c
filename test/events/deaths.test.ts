import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { until } from '../e2e/yard.ts'
import { OPERATOR_KEY } from '../localConfig.ts'
import { startGatewayProcess } from '../seller/gatewayProcess.ts'
import { readStream, type Told } from './readStream.ts'

const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url))
const DEATHS = 4
/** Intents that were acknowledged before each death. */
const INTENTS = 40
const WRITERS = 8

let gateway: Awaited<ReturnType<typeof startGatewayProcess>>
beforeAll(async () => {
  gateway = await startGatewayProcess(undefined)
}, 60_000)
afterAll(() => gateway?.close())

async function post(path: string, key: string, body: object = {}): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  const response = await fetch(`${gateway.url()}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

/** Makes intents and takes every other one back, until the gateway is dead; answers what was acknowledged. */
async function write(seller: { id: string; key: string }, acknowledged: string[]): Promise<void> {
  const body = { amount: { asset: 'USD', amount: '1.00' }, payee: seller.id }
  try {
    for (let n = 0; ; n++) {
      const id = await post('/v1/payment_intents', seller.key, body)
      acknowledged.push(`payment_intent.created ${id}`)
      if (n % 2 === 0) continue
      await post(`/v1/payment_intents/${id}/cancel`, seller.key)
      acknowledged.push(`payment_intent.canceled ${id}`)
    }
  } catch {
    // It is dead.
  }
}

test('no event is lost or out of order to a reader that goes on after kills, and all others see the same', async () => {
  const seller = await gateway.seller()
  const acknowledged: string[] = []
  const told: Told[] = []
  let lastId: string | undefined
  const tail = startTail(seller.key)
  await until('the command', async () => tail.ids().length > 0)
  for (let death = 0; death < DEATHS; death++) {
    const stream = await readStream(gateway.url(), seller.key, lastId === undefined ? { after: 'first' } : { lastId })
    expect(stream.status).toBe(200)
    const goal = acknowledged.length + INTENTS
    const writing = Array.from({ length: WRITERS }, () => write(seller, acknowledged))
    await until('the intents', async () => acknowledged.length >= goal)
    await gateway.kill()
    await Promise.all([...writing, stream.ended])
    told.push(...stream.told)
    lastId = stream.at
    await gateway.start()
  }
  const rest = await readStream(gateway.url(), seller.key, { lastId: lastId! })
  const all = await everyPage(seller.key)
  await until('the last event', async () => rest.told.at(-1)?.id === all.at(-1)!.id || rest.told.length + told.length >= all.length)
  told.push(...rest.told)
  rest.close()
  expect(told.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
  await until('the command', async () => tail.ids().at(-1) === all.at(-1)!.id)
  expect(tail.ids()).toEqual(all.map(({ id }) => id))
  const seen = new Set(all.map(({ type, subject }) => `${type} ${subject}`))
  expect(acknowledged.filter((one) => !seen.has(one))).toEqual([])
  expect(seen.size).toBe(all.length)
  const created = new Set<string>()
  for (const { type, subject } of all) {
    if (type === 'payment_intent.created') created.add(subject)
    if (type === 'payment_intent.canceled') expect(created).toContain(subject)
  }
  const operators = (await everyPage(OPERATOR_KEY)).filter(({ data }) => data.payee === seller.id || created.has(data.id as string))
  expect(operators.map(({ id }) => id)).toEqual(all.filter(({ type }) => type !== 'party.created').map(({ id }) => id))
}, 120_000)

/** `switchyard events tail` in a process of its own, from the first event on. */
function startTail(key: string) {
  const words = ['events', 'tail', '--after', 'first', '--json', '--url', gateway.url(), '--key', key]
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  return { ids: () => [...out.matchAll(/^{"id":"(evt_[0-9a-f]+)".*}$/gm)].map(([, id]) => id) }
}

async function everyPage(key: string): Promise<Told[]> {
  const all: Told[] = []
  for (let after = ''; ; ) {
    const headers = { authorization: `Bearer ${key}` }
    const response = await fetch(`${gateway.url()}/v1/events?limit=100${after}`, { headers })
    const { data, has_more, next } = (await response.json()) as { data: Told[]; has_more: boolean; next: string }
    all.push(...data)
    if (!has_more) return all
    after = `&after=${next}`
  }
}
