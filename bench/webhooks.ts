// Webhooks brought to a hundred receivers: signed, kept in the outbox and sent over HTTP by the courier, beside the same messages sent bare.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPublicPost } from '../adapters/publicHttp/openPublicPost.ts'
import { openWebhookOutbox } from '../adapters/webhookOutbox/sqlite/openWebhookOutbox.ts'
import { endOfBlock, eventId } from '../gateway/events/telling/eventId.ts'
import type { Address } from '../gateway/events/webhooks/address.ts'
import { createCourier } from '../gateway/events/webhooks/courier.ts'
import { NODE_FLAGS } from '../gateway/ports/nodeFlags.ts'
import type { PublicPost } from '../gateway/ports/publicHttp.ts'
import type { ListedEvent } from '../gateway/ports/readModel.ts'

const RECEIVERS = 100
const EVENTS = 10_000
/** How events come, and how often the courier looks, as its thread does. */
const [PER_SECOND, LOOK_MS] = [1_000, 25]
const BARE_AT_ONCE = 64

type Told = ListedEvent & Readonly<{ party: string; at: number }>
const ms = (value: number) => value.toFixed(1)

/** Prints what a message costs bare and by the courier, then how late events come at a pace, with all receivers well and with a silent one. */
export async function run(): Promise<void> {
  const bare = await withReceivers('well', sendBare)
  const all = await withReceivers('well', (ports, post) => bring(ports, post, { pace: undefined }))
  console.log(`hooks bare POSTs          ${bare.perSecond.toFixed(0)}/s  ${bare.cpuUs.toFixed(0)} us CPU each`)
  console.log(
    `hooks courier             ${all.perSecond.toFixed(0)}/s  ${all.cpuUs.toFixed(0)} us CPU each, ${(all.cpuUs / bare.cpuUs).toFixed(1)} times bare`,
  )
  for (const mode of ['well', 'silent'] as const) {
    const { cpuUs, p50, p99 } = await withReceivers(mode, (ports, post) => bring(ports, post, { pace: PER_SECOND }))
    const words = mode === 'well' ? 'all answer' : 'one never answers, the others'
    console.log(
      `hooks at ${PER_SECOND}/s, ${words}: p50 ${ms(p50)} ms, p99 ${ms(p99)} ms from told to answered, ${cpuUs.toFixed(0)} us CPU each`,
    )
  }
}

async function withReceivers<T>(mode: 'well' | 'silent', work: (ports: readonly number[], post: PublicPost) => Promise<T>): Promise<T> {
  const program = fileURLToPath(new URL('./servers/webhookReceivers.ts', import.meta.url))
  const child = fork(program, [`${RECEIVERS}`, mode], { stdio: 'inherit', execArgv: [...NODE_FLAGS] })
  const post = openPublicPost({ localHosts: 'all' })
  try {
    const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }] // Its one message.
    return await work(ports, post)
  } finally {
    post.close()
    child.disconnect()
    await once(child, 'exit')
  }
}

const partyOf = (n: number) => `pa_${n}`

function tell(n: number): Told {
  const [id, subject, data] = [eventId({ seq: n + 1, n: 0, i: 0 }), `rc_${n}`, { id: `rc_${n}`, rail: 'lightning', price: '0.002' }]
  const body = JSON.stringify({
    id,
    object: 'event',
    type: 'payment.settled',
    version: 1,
    created_at: '2026-11-24T00:00:00.000Z',
    subject,
    data,
  })
  return { id, type: 'payment.settled', subject, body, party: partyOf(n % RECEIVERS), at: performance.now() }
}

async function sendBare(ports: readonly number[], post: PublicPost) {
  const urls = ports.map((port) => new URL(`http://127.0.0.1:${port}/`))
  let next = 0
  const began = { at: performance.now(), cpu: process.cpuUsage() }
  await Promise.all(
    Array.from({ length: BARE_AT_ONCE }, async () => {
      for (let n = next++; n < EVENTS; n = next++)
        await post.post(urls[n % RECEIVERS]!, { headers: { 'content-type': 'application/json' }, body: tell(n).body })
    }),
  )
  return costOf(began, EVENTS)
}

/** By the courier: all events at once, or at a pace. One that is silent gets its own, which nobody waits for. */
async function bring(ports: readonly number[], post: PublicPost, { pace }: { pace: number | undefined }) {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const outbox = openWebhookOutbox(join(folder, 'webhooks.db'))
  const byParty = new Map<string, Told[]>(ports.map((_, n) => [partyOf(n), []]))
  const byId = new Map<string, Told>()
  const late: number[] = []
  let newest = ''
  const courier = createCourier({
    reads: {
      events: ({ party = '' }, after, limit) => readAfter(byParty.get(party)!, after, limit),
      event: (id) => byId.get(id),
      lastEvent: () => newest,
    },
    outbox,
    async post(url, message) {
      const answer = await post.post(url, message)
      late.push(performance.now() - byId.get(message.headers['webhook-id']!)!.at)
      return answer
    },
    now: () => Date.now(),
    random: () => 0,
    tell: () => undefined,
  })
  courier.hear(ports.map((port, n) => addressOf(port, n)))
  const began = { at: performance.now(), cpu: process.cpuUsage() }
  const add = (n: number) => {
    const told = tell(n)
    byParty.get(told.party)!.push(told)
    byId.set(told.id, told)
    newest = told.id
  }
  const expected = (EVENTS / RECEIVERS) * (RECEIVERS - (pace === undefined ? 0 : 1)) // not money: a count
  for (let n = 0; late.length < expected; ) {
    const due = pace === undefined ? EVENTS : ((performance.now() - began.at) / 1_000) * pace // not money: a count
    while (n < EVENTS && n < due) add(n++)
    courier.tick()
    await new Promise((resolve) => setTimeout(resolve, pace === undefined ? 0 : LOOK_MS))
  }
  const cost = costOf(began, late.length)
  courier.close()
  outbox.close()
  rmSync(folder, { recursive: true })
  const sorted = late.sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { ...cost, p50: at(0.5), p99: at(0.99) }
}

function readAfter(told: readonly Told[], after: string, limit: number): Told[] {
  const first = told.findIndex(({ id }) => id > after)
  return first < 0 ? [] : told.slice(first, first + limit)
}

function addressOf(port: number, n: number): Address {
  const secret = `whsec_${Buffer.alloc(32, n).toString('base64')}`
  const plain = { former: undefined, formerUntil: 0, off: false, failingSince: undefined, replay: undefined, version: '2026-11-23' }
  const [holder, url] = [partyOf(n), `http://127.0.0.1:${port}/`]
  return { id: `we_${n}`, holder, url, filter: { party: holder }, start: endOfBlock(0), secret, ...plain }
}

function costOf(began: Readonly<{ at: number; cpu: NodeJS.CpuUsage }>, count: number) {
  const { user, system } = process.cpuUsage(began.cpu)
  return { perSecond: (count * 1_000) / (performance.now() - began.at), cpuUs: (user + system) / count }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
