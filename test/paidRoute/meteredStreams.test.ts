import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import type { Meter } from '../../gateway/seller/meter.ts'
import { usd } from '../../gateway/seller/price.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// Streams of the gateway's own process that are paid by their use: kept, fetched again, broken off. Each word is a thousandth of a dollar of five hundredths.
const WAIT = { timeout: 15_000, interval: 20 }
let folder: string
let world: PaidRouteWorld
let url: string
let runs: Readonly<{ meter: Meter; source: PassThrough }>[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-metered-'))
  const opened = await openPaidRoute({ finishedKept: 10, answers: { folder } })
  world = opened
  runs = []
  const sold = { price: { upto: usd('0.05') }, payee: world.seller }
  for (const [path, keep] of [
    ['/words', 1_000_000],
    ['/unkept', 0],
  ] as const)
    world.app.get(path, { config: { ...sold, keep } }, async ({ meter }, reply) => {
      const source = new PassThrough()
      runs.push({ meter, source })
      return reply.type('text/event-stream').send(source)
    })
  url = await world.app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(async () => {
    opened.app.server.closeAllConnections()
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  })
})

const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })
const earned = () => world.has(accounts.party(world.seller), USDC)
const held = () => world.holds(accounts.party(world.customer.id), USDC)
const files = () => readdirSync(folder)
const word = (n: number) => `id: ${n}\ndata: ${n}\n\n`
const words = (to: number, from = 1) => Array.from({ length: to - from + 1 }, (_, n) => word(n + from)).join('')
const get = (path: string, headers: Record<string, string>) => fetch(`${url}${path}`, { headers })

function use(to: number, from = 1): void {
  const { meter, source } = runs[0]!
  for (let n = from; n <= to; n++) {
    meter.add(usd('0.001'))
    source.write(word(n))
  }
}

/** A stream whose first words have come. */
async function begun(path: string, headers: Record<string, string>, count: number) {
  const stop = new AbortController()
  const answering = fetch(`${url}${path}`, { headers, signal: stop.signal })
  await expect.poll(() => runs.length, WAIT).toBe(1)
  use(count)
  const answer = await answering
  const reader = answer.body!.getReader()
  let text = ''
  while (text.length < words(count).length) text += new TextDecoder().decode((await reader.read()).value)
  return { answer, reader, stop, text }
}

test('is charged at its end, and the same payment gets all of it again for nothing more', async () => {
  const headers = pays()
  const { reader } = await begun('/words', headers, 3)
  expect([earned(), held()]).toEqual([0n, 50_000n])
  use(12, 4)
  runs[0]!.source.end()
  while (!(await reader.read()).done);
  await expect.poll(earned, WAIT).toBe(12_000n)
  const again = await get('/words', headers)
  expect([again.status, again.headers.get('idempotent-replayed'), await again.text()]).toEqual([200, 'true', words(12)])
  const after = await get('/words', { ...headers, 'last-event-id': '10' })
  expect(await after.text()).toBe(words(12, 11))
  const part = await get('/words', { ...headers, range: 'bytes=0-3' })
  expect([part.status, await part.text()]).toEqual([206, 'id: '])
  expect([earned(), held(), runs.length]).toEqual([12_000n, 0n, 1])
})

test('whose reader goes is read on for it, charged once, and fetched from where it broke', async () => {
  const headers = pays()
  const { stop } = await begun('/words', headers, 3)
  stop.abort()
  const busy = await get('/words', headers)
  expect([busy.status, (await busy.json()).code]).toEqual([409, 'request_in_progress'])
  use(20, 4)
  runs[0]!.source.end()
  await expect.poll(earned, WAIT).toBe(20_000n)
  const rest = await get('/words', { ...headers, 'last-event-id': '3' })
  expect(await rest.text()).toBe(words(20, 4))
  expect([earned(), held(), runs.length]).toEqual([20_000n, 0n, 1])
})

test('that is not kept ends with its reader, and is charged what it had used', async () => {
  const { stop } = await begun('/unkept', pays(), 4)
  stop.abort()
  await expect.poll(() => runs[0]!.source.destroyed, WAIT).toBe(true)
  await expect.poll(earned, WAIT).toBe(4_000n)
  expect([runs[0]!.meter.left().units, held(), files()]).toEqual([0n, 0n, []])
})

test('that breaks off is charged what it had used, and what there is of it is given again', async () => {
  const headers = pays()
  const { reader } = await begun('/words', headers, 7)
  runs[0]!.source.destroy(new Error('the model fell over'))
  await expect(reader.read()).rejects.toThrow()
  await expect.poll(earned, WAIT).toBe(7_000n)
  const again = await get('/words', headers)
  expect([again.status, again.headers.get('switchyard-cut'), await again.text()]).toEqual([200, `bytes=${words(7).length}`, words(7)])
  expect((await get('/words', { ...headers, 'last-event-id': '7' })).status).toBe(204)
  expect([earned(), held(), runs.length]).toEqual([7_000n, 0n, 1])
})

test('that fails before it begins is charged nothing', async () => {
  const answering = get('/words', pays())
  await expect.poll(() => runs.length, WAIT).toBe(1)
  runs[0]!.meter.add(usd('0.01'))
  runs[0]!.source.destroy(new Error('the model fell over'))
  expect((await answering).status).toBe(500)
  await expect.poll(held, WAIT).toBe(0n)
  expect(earned()).toBe(0n)
})

test('of twenty at once each is charged its own', async () => {
  const answers = Array.from({ length: 20 }, () => get('/words', pays()))
  await expect.poll(() => runs.length, WAIT).toBe(20)
  for (const [n, { meter, source }] of runs.entries()) {
    for (let step = 0; step <= n; step++) {
      meter.add(usd('0.001'))
      source.write(word(step))
    }
    source.end()
  }
  const texts = await Promise.all(answers.map(async (answer) => (await answer).text()))
  expect(texts.map((text) => text.split('\n\n').length - 1).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  await expect.poll(earned, WAIT).toBe(210_000n)
  expect(held()).toBe(0n)
})

test('which wants more than its maximum goes on, unpaid, as its work decides', async () => {
  const { reader } = await begun('/words', pays(), 60)
  expect(runs[0]!.meter.left().units).toBe(0n)
  runs[0]!.source.end()
  while (!(await reader.read()).done);
  await expect.poll(earned, WAIT).toBe(50_000n)
})
