import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openWebhookLog } from '../../../adapters/webhookOutbox/sqlite/openWebhookLog.ts'
import { openWebhookOutbox } from '../../../adapters/webhookOutbox/sqlite/openWebhookOutbox.ts'
import type { PostAnswer } from '../../ports/publicHttp.ts'
import type { EventFilter, ListedEvent } from '../../ports/readModel.ts'
import { endOfBlock, eventId } from '../telling/eventId.ts'
import type { Address, Notice } from './address.ts'
import { createCourier } from './courier.ts'

const HOUR = 3_600_000
let folder: string
let path: string
beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
  folder = mkdtempSync(join(tmpdir(), 'switchyard-courier-'))
  path = join(folder, 'webhooks.db')
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

type Sent = {
  host: string
  event: string
  headers: Readonly<Record<string, string>>
  answer: (status: number, retryAfter?: string) => void
}

/** Events that the test tells, receivers that it plays, and the outbox in a file. */
function world(o: { tells?: (ListedEvent & { party: string })[]; limits?: { all: number; ofHolder: number; ofEndpoint: number } } = {}) {
  const events = o.tells ?? []
  const sent: Sent[] = []
  /** The newest event where the test says so. */
  const seen: { newest: string | undefined } = { newest: undefined }
  const notices: Notice[] = []
  const outbox = openWebhookOutbox(path)
  const fits =
    ({ party, types }: EventFilter) =>
    (e: ListedEvent & { party: string }) =>
      (party === undefined || e.party === party) && (types === undefined || types.includes(e.type))
  const courier = createCourier({
    reads: {
      events: (filter, after, limit) => events.filter((e) => e.id > after && fits(filter)(e)).slice(0, limit),
      event: (id) => events.find((e) => e.id === id),
      lastEvent: () => seen.newest ?? events.at(-1)?.id ?? '',
    },
    outbox,
    post: (url, { headers }) => {
      const { promise, resolve, reject } = Promise.withResolvers<PostAnswer>()
      const answer = (status: number, retryAfter?: string) =>
        status === 0 ? reject(new Error('no')) : resolve({ status, retryAfter, body: `said ${status}` })
      sent.push({ host: url.host, event: headers['webhook-id']!, headers, answer })
      return promise
    },
    now: () => Date.now(),
    random: () => 0,
    tell: (notice) => notices.push(notice),
    ...(o.limits ? { limits: o.limits } : {}),
  })
  return Object.assign(seen, {
    events,
    sent,
    notices,
    courier,
    outbox,
    tell(subject: string, party = 'pa_1', type = 'payment.settled') {
      const id = eventId({ seq: events.length + 1, n: 0, i: 0 })
      events.push({ id, type, subject, body: JSON.stringify({ id }), party })
      return id
    },
    /** Answers everything that is on its way, and looks again. */
    async answerAll(status: number): Promise<void> {
      for (const one of sent.splice(0)) one.answer(status)
      await vi.advanceTimersByTimeAsync(0)
      courier.tick()
    },
    close() {
      courier.close()
      outbox.close()
    },
  })
}

function address(host: string, more: Partial<Address> = {}): Address {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
  const plain = { former: undefined, formerUntil: 0, off: false, failingSince: undefined, replay: undefined }
  const filter = { party: 'pa_1' }
  return {
    id: `we_${host}`,
    holder: 'pa_1',
    url: `https://${host}/`,
    version: 'v',
    filter,
    start: endOfBlock(0),
    secret,
    ...plain,
    ...more,
  }
}

test('events of one subject come one after the other, those of others beside them, and nothing of another party', async () => {
  const w = world()
  const ids = [w.tell('rc_1'), w.tell('rc_1'), w.tell('rc_2'), w.tell('rc_9', 'pa_2'), w.tell('rc_1')]
  w.courier.hear([address('a')])
  w.courier.tick()
  expect(w.sent.map(({ event }) => event)).toEqual([ids[0], ids[2]])
  await w.answerAll(204)
  expect(w.sent.map(({ event }) => event)).toEqual([ids[1]])
  await w.answerAll(204)
  await w.answerAll(204)
  expect(w.sent).toEqual([])
  w.close()
  const log = openWebhookLog(path)
  const deliveries = log.deliveries('we_a', { limit: 10 })
  expect(deliveries.map(({ event, state }) => [event, state])).toEqual([4, 2, 1, 0].map((i) => [ids[i], 'delivered']))
  expect(log.deliveries('we_a', { limit: 10, after: ids[2], state: 'delivered' }).map(({ event }) => event)).toEqual([ids[1], ids[0]])
  log.close()
})

test('who begins later is told what comes from then on', () => {
  const w = world()
  w.tell('rc_1')
  const second = w.tell('rc_2')
  w.courier.hear([address('a', { start: endOfBlock(1) })])
  w.courier.tick()
  expect(w.sent.map(({ event }) => event)).toEqual([second])
  w.close()
})

test('what is told while a page is read is brought once', async () => {
  const w = world()
  const [first, second] = [w.tell('rc_1'), w.tell('rc_2')]
  w.newest = first
  w.courier.hear([address('a')])
  w.courier.tick()
  await w.answerAll(200)
  w.newest = undefined
  w.courier.tick()
  expect(w.sent).toEqual([])
  w.close()
  const log = openWebhookLog(path)
  expect(log.deliveries('we_a', { limit: 9 }).map(({ event, tries }) => [event, tries.length])).toEqual([
    [second, 1],
    [first, 1],
  ])
  log.close()
})

test('a receiver that never answers delays nobody, nor one that refuses', async () => {
  const w = world()
  w.courier.hear([address('silent'), address('refusing'), address('good')])
  for (let n = 0; n < 40; n++) w.tell(`rc_${n}`)
  const got: string[] = []
  for (let n = 0; n < 200; n++) {
    w.courier.tick()
    for (const one of w.sent.splice(0)) {
      if (one.host === 'good') got.push(one.event)
      if (one.host !== 'silent') one.answer(one.host === 'good' ? 200 : 500)
    }
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(got).toEqual(w.events.map(({ id }) => id))
  w.close()
})

test('what fails is tried ten times over three days; its holder is warned after one and it is switched off after three', async () => {
  const w = world()
  const id = w.tell('rc_1')
  w.courier.hear([address('a')])
  let tries = 0
  for (let hour = 0; hour < 90; hour += 0.25) {
    w.courier.tick()
    for (const one of w.sent.splice(0)) {
      tries += 1
      one.answer(tries % 2 === 0 ? 500 : 0)
    }
    await vi.advanceTimersByTimeAsync(HOUR / 4)
    const heard = w.notices.find(({ kind }) => kind === 'failing')
    if (heard) w.courier.hear([address('a', { failingSince: 1_800_000_000_000 })])
  }
  w.courier.tick()
  expect(tries).toBe(10)
  expect(w.notices.map(({ kind }) => kind)).toEqual(['failing', 'off'])
  w.close()
  const log = openWebhookLog(path)
  const [dead] = log.deliveries('we_a', { limit: 1, state: 'dead' })
  expect([dead?.event, dead?.tries.length, dead?.tries[0]?.status, dead?.tries[1]]).toEqual([
    id,
    10,
    0,
    expect.objectContaining({ status: 500, detail: 'said 500' }),
  ])
  log.close()
})

test('one that is switched on again is brought what has waited, at once', async () => {
  const w = world()
  const ids = [w.tell('rc_1'), w.tell('rc_1')]
  w.courier.hear([address('a')])
  w.courier.tick()
  await w.answerAll(410)
  expect(w.notices).toEqual([{ kind: 'off', endpoint: 'we_a', why: 'gone' }])
  w.courier.hear([address('a', { off: true })])
  w.tell('rc_2')
  w.courier.tick()
  expect(w.sent).toEqual([])
  w.courier.hear([address('a')])
  w.courier.tick()
  expect(w.sent.map(({ event }) => event)).toEqual([ids[0]])
  await w.answerAll(200)
  expect(w.sent).toHaveLength(2)
  w.close()
})

test('what was on its way when the process died comes again, and nothing is lost', async () => {
  const first = world()
  const ids = [first.tell('rc_1'), first.tell('rc_2'), first.tell('rc_3')]
  first.courier.hear([address('a')])
  first.courier.tick()
  first.sent[0]!.answer(200)
  await vi.advanceTimersByTimeAsync(0)
  first.courier.tick()
  first.outbox.close() // As a kill leaves it: nothing is written down any more.
  const second = world({ tells: first.events })
  second.courier.hear([address('a')])
  second.courier.tick()
  expect(second.sent.map(({ event }) => event)).toEqual([ids[1], ids[2]])
  second.close()
})

test('a million behind waits in the journal, and not here', async () => {
  const w = world({ limits: { all: 8, ofHolder: 4, ofEndpoint: 4 } })
  for (let n = 0; n < 5_000; n++) w.tell(`rc_${n}`)
  w.courier.hear([address('a')])
  for (let n = 0; n < 30; n++) w.courier.tick()
  expect(w.outbox.waiting('we_a')).toHaveLength(256)
  expect(w.courier.busy()).toBe(4)
  let got = 0
  for (let n = 0; n < 3_000 && got < 5_000; n++) {
    got += w.sent.length
    await w.answerAll(200)
  }
  expect(got).toBe(5_000)
  w.close()
})

test('no holder takes all the places of the others', () => {
  const w = world({ limits: { all: 8, ofHolder: 3, ofEndpoint: 8 } })
  for (let n = 0; n < 20; n++) w.tell(`rc_${n}`, n % 2 === 0 ? 'pa_1' : 'pa_2')
  const of2 = { holder: 'pa_2', filter: { party: 'pa_2' } }
  w.courier.hear([address('a'), address('b'), address('c', of2), address('d', of2)])
  w.courier.tick()
  expect(w.sent.map(({ host }) => host)).toEqual(['a', 'a', 'a', 'c', 'c', 'c'])
  w.close()
})

test('many holders who answer late leave places for another one', async () => {
  const w = world()
  const late = Array.from({ length: 16 }, (_, n) => ({ holder: `pa_late${n}`, filter: { party: `pa_late${n}` } }))
  const other = { holder: 'pa_other', filter: { party: 'pa_other' } }
  w.courier.hear([
    ...late.flatMap((of) => ['a', 'b', 'c', 'd'].map((name) => address(`${of.holder}-${name}`, of))),
    address('other', other),
  ])
  for (const { holder } of late) for (let n = 0; n < 8; n++) w.tell(`rc_${holder}_${n}`, holder)
  w.courier.tick()
  w.tell('rc_other', 'pa_other')
  w.courier.tick()
  expect(w.sent.filter(({ host }) => host === 'other')).toHaveLength(1)
  expect(w.courier.busy()).toBeGreaterThan(450)
  w.close()
})

test('a replay brings a range again, also what has arrived, and once', async () => {
  const w = world()
  const ids = Array.from({ length: 5 }, (_, n) => w.tell(`rc_${n}`))
  w.courier.hear([address('a')])
  w.courier.tick()
  await w.answerAll(200)
  const replay = { n: 1, from: ids[1]!, until: ids[3]! }
  w.courier.hear([address('a', { replay })])
  w.courier.tick()
  expect(w.sent.map(({ event }) => event)).toEqual([ids[1], ids[2], ids[3]])
  await w.answerAll(200)
  w.courier.tick()
  expect(w.sent).toEqual([])
  w.close()
  const again = world({ tells: w.events })
  again.courier.hear([address('a', { replay })])
  again.courier.tick()
  expect(again.sent).toEqual([])
  again.close()
})

test('both secrets sign while one replaces the other, and one that is deleted is forgotten', async () => {
  const w = world()
  w.tell('rc_1')
  const former = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
  w.courier.hear([address('a', { former, formerUntil: Date.now() + 1_000 }), address('b')])
  w.courier.tick()
  const signatures = (host: string) => w.sent.find((one) => one.host === host)!.headers['webhook-signature']!.split(' ').length
  expect([signatures('a'), signatures('b')]).toEqual([2, 1])
  w.courier.hear([address('b')])
  await w.answerAll(200)
  expect([w.outbox.known(), w.courier.busy()]).toEqual([['we_b'], 0])
  w.close()
})

test('after a failure one message at a time is sent there, and a receiver may ask for a longer wait', async () => {
  const w = world()
  for (let n = 0; n < 8; n++) w.tell(`rc_${n}`)
  w.courier.hear([address('a')])
  w.courier.tick()
  expect(w.sent).toHaveLength(8)
  for (const one of w.sent.splice(0)) one.answer(503, '60')
  await vi.advanceTimersByTimeAsync(59_000)
  w.courier.tick()
  expect(w.sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  w.courier.tick()
  expect(w.sent).toHaveLength(1)
  await w.answerAll(200)
  expect(w.sent).toHaveLength(2)
  w.close()
})

test('what a read model that was built again tells no more keeps nothing of its subject waiting; what it has not reached yet does', async () => {
  const before = world()
  const [gone, next] = [before.tell('rc_1'), before.tell('rc_1')]
  before.courier.hear([address('a')])
  before.courier.tick()
  expect(before.sent.map(({ event }) => event)).toEqual([gone])
  before.close()

  const w = world({ tells: before.events.slice(1) })
  w.newest = ''
  w.courier.hear([address('a')])
  w.courier.tick()
  expect(w.sent).toEqual([])
  w.newest = next
  await vi.advanceTimersByTimeAsync(2_000)
  w.courier.tick()
  w.courier.tick()
  expect(w.sent.map(({ event }) => event)).toEqual([next])
  await w.answerAll(200)
  expect(w.outbox.waiting('we_a')).toEqual([])
  w.close()
})
