import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WAYS } from './badInput/row.ts'
import { LITTLE_BYTES, LONG } from './longWork.ts'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

/** A signature of the tests does not last beyond what the clock is put forward here. */
const byLightning = WAYS.find(([name]) => name === 'a lightning charge')![1]
const WAIT = { timeout: 15_000, interval: 20 }
let folder: string
let world: PaidRouteWorld
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-answers-'))
  await open()
})

async function open(limits?: Readonly<{ all: number; seller: number; payer: number; file: number }>): Promise<void> {
  const opened = await openPaidRoute({ finishedKept: 10, answers: limits ? { folder, limits } : { folder } })
  await opened.app.listen({ port: 0, host: '127.0.0.1' })
  world = opened
  onTestFinished(async () => {
    opened.app.server.closeAllConnections()
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  })
}

type Got = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>
type Headers = Readonly<Record<string, string>>

/** The head of an answer, over a line of its own. */
async function begin(url: string, headers: Headers): Promise<IncomingMessage> {
  const { port } = world.app.server.address() as AddressInfo // It listens.
  const [answer] = await once(get({ port, host: '127.0.0.1', path: url, headers, agent: false }), 'response')
  return answer
}

async function ask(url: string, headers: Headers = {}): Promise<Got> {
  const answer = await begin(url, headers)
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part)
  return { status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }
}

/** A stream that has begun: its first bytes have come, which is when its head is sent. */
async function given(url: string, headers: Headers, first: Uint8Array): Promise<IncomingMessage> {
  const answer = begin(url, headers)
  await vi.waitFor(() => expect(world.ran()).toBe(1), WAIT)
  world.long.give(first)
  await once(await answer, 'data')
  return answer
}

async function proofFor(url: string, pay: (typeof WAYS)[number][1] = WAYS[0]![1]): Promise<Headers> {
  const answer = await begin(url, {})
  answer.resume()
  const challenge = askedOf({ headers: { ...answer.headers, 'www-authenticate': answer.headersDistinct['www-authenticate'] } })
  const { headers } = await pay(challenge, world)
  return headers as Headers // A proof is in headers of one value each.
}

const statusAndCode = ({ status, body }: Got) => [status, JSON.parse(body.toString()).code]
const files = () => readdirSync(folder)

describe.each(WAYS)('a long answer that was bought by %s', (_, pay) => {
  test('is given whole again to the same proof, and no second time by the work', async () => {
    const proof = await proofFor('/long', pay)
    expect((await ask('/long', proof)).body.equals(LONG)).toBe(true)
    const again = await ask('/long', proof)
    expect([again.status, again.headers['idempotent-replayed'], again.headers['content-type']]).toEqual([
      200,
      'true',
      'application/octet-stream',
    ])
    expect(again.headers['switchyard-receipt']).toBeDefined()
    expect(again.body.equals(LONG)).toBe(true)
    expect(world.ran()).toBe(1)
  })
})

test.each([
  ['bytes=0-9', 0, 10],
  ['bytes=199990-', 199_990, 200_000],
  ['bytes=-100', 199_900, 200_000],
  ['bytes=150000-999999', 150_000, 200_000],
  ['bytes=-999999', 0, 200_000],
])('of a kept answer %s is given with 206', async (range, from, end) => {
  const proof = await proofFor('/long')
  await ask('/long', proof)
  const part = await ask('/long', { ...proof, range })
  expect([part.status, part.headers['content-range'], part.headers['content-length']]).toEqual([
    206,
    `bytes ${from}-${end - 1}/200000`,
    `${end - from}`,
  ])
  expect(part.body.equals(LONG.subarray(from, end))).toBe(true)
})

test.each(['bytes=200000-', 'bytes=9-3', 'bytes=-0', 'bytes=', 'bytes=a-b', 'bytes=0x1-5'])(
  'of a kept answer %s is no range',
  async (range) => {
    const proof = await proofFor('/long')
    await ask('/long', proof)
    const refused = await ask('/long', { ...proof, range })
    expect([...statusAndCode(refused), refused.headers['content-range']]).toEqual([416, 'range_not_satisfiable', 'bytes */200000'])
    expect(world.ran()).toBe(1)
  },
)

test('several ranges, another unit, and a part of another answer get all of it', async () => {
  const proof = await proofFor('/long')
  await ask('/long', proof)
  const { headers } = await ask('/long', proof)
  for (const asked of [{ range: 'bytes=0-1,5-6' }, { range: 'lines=1-2' }, { range: 'bytes=0-1', 'if-range': '"another"' }])
    expect(await ask('/long', { ...proof, ...asked })).toMatchObject({ status: 200, body: LONG })
  expect(await ask('/long', { ...proof, range: 'bytes=0-1', 'if-range': headers.etag! })).toMatchObject({ status: 206 })
})

test('a stream whose line broke midway is read to its end, and the same proof gets the rest of it', async () => {
  const proof = await proofFor('/stream')
  const answer = await given('/stream', proof, LONG.subarray(0, 70_000))
  expect(statusAndCode(await ask('/stream', proof))).toEqual([409, 'request_in_progress'])
  answer.destroy()
  world.long.give(LONG.subarray(70_000))
  world.long.end()
  await vi.waitFor(() => expect(files()).toEqual([expect.not.stringMatching(/part$/)]), WAIT)
  expect(await ask('/stream', { ...proof, range: 'bytes=65000-' })).toMatchObject({ status: 206, body: LONG.subarray(65_000) })
  expect((await ask('/stream', proof)).body.equals(LONG)).toBe(true)
  expect(world.ran()).toBe(1)
})

test('events that came after the last one that was seen are given again', async () => {
  const proof = await proofFor('/events')
  const first = ask('/events', proof)
  await vi.waitFor(() => expect(world.ran()).toBe(1), WAIT)
  for (const part of [
    'id: 1\ndata: one\n\n',
    'id:2\r\ndata: id: 3\r\n\r\ndata: no id\n\n',
    'data: three\rid: 3\r\r',
    'id: ü\ndata: four\n\n',
  ])
    world.long.give(part)
  world.long.end()
  const whole = (await first).body.toString()
  const after = async (id: string) => {
    const { status, body } = await ask('/events', { ...proof, 'last-event-id': Buffer.from(id).toString('latin1') })
    return [status, body.toString()]
  }
  expect(await after('1')).toEqual([200, whole.slice(whole.indexOf('id:2'))])
  expect(await after('2')).toEqual([200, 'data: no id\n\ndata: three\rid: 3\r\rid: ü\ndata: four\n\n'])
  expect(await after('3')).toEqual([200, 'id: ü\ndata: four\n\n'])
  expect(await after('ü')).toEqual([204, ''])
  expect(await after('not one of them')).toEqual([200, whole])
  expect(world.ran()).toBe(1)
})

test('a stream beyond what its route keeps is given to its end, once', async () => {
  const proof = await proofFor('/little')
  const first = ask('/little', proof)
  await vi.waitFor(() => expect(world.ran()).toBe(1), WAIT)
  world.long.give(LONG.subarray(0, LITTLE_BYTES))
  world.long.give(LONG.subarray(LITTLE_BYTES))
  world.long.end()
  expect((await first).body.equals(LONG)).toBe(true)
  expect((await ask('/little', proof)).status).not.toBe(200)
  expect([files(), world.ran()]).toEqual([[], 1])
})

test('nobody reads on what is beyond it when its payer has gone', async () => {
  const answer = await given('/little', await proofFor('/little'), LONG.subarray(0, 70_000))
  answer.destroy()
  world.long.give(LONG)
  await vi.waitFor(() => expect([world.long.isDone(), files()]).toEqual([true, []]), WAIT)
})

test('a route that keeps nothing gives a long answer once', async () => {
  const proof = await proofFor('/once')
  expect((await ask('/once', proof)).body.equals(LONG)).toBe(true)
  expect((await ask('/once', proof)).status).not.toBe(200)
  expect(files()).toEqual([])
})

test('of work that breaks in the middle of its stream the same proof gets what there is, which says that it is no whole', async () => {
  const proof = await proofFor('/stream')
  const answer = await given('/stream', proof, LONG)
  const ended = once(answer.resume(), 'end')
  world.long.breaks()
  await expect(ended).rejects.toThrow('aborted')
  await vi.waitFor(() => expect(files()).toEqual([expect.stringMatching(/cut$/)]), WAIT)
  const again = await ask('/stream', proof)
  expect([again.status, again.headers['switchyard-cut'], again.body.equals(LONG)]).toEqual([200, 'bytes=200000', true])
  const part = await ask('/stream', { ...proof, range: 'bytes=199990-' })
  expect([part.status, part.headers['content-range'], part.body.length]).toEqual([206, 'bytes 199990-199999/*', 10])
  expect(world.ran()).toBe(1)
})

test('where there is no room an answer is given once, and one that has expired makes room', async () => {
  await open({ all: 250_000, seller: 250_000, payer: 250_000, file: 0 })
  const [one, two] = [await proofFor('/long'), await proofFor('/long')]
  for (const proof of [one, two]) expect((await ask('/long', proof)).body.equals(LONG)).toBe(true)
  expect((await ask('/long', one)).status).toBe(200)
  expect((await ask('/long', two)).status).not.toBe(200)
  world.pass(310_000)
  expect((await ask('/long', one)).status).toBe(402)
  const three = await proofFor('/long', byLightning)
  await ask('/long', three)
  expect((await ask('/long', three)).body.equals(LONG)).toBe(true)
})

test('one payer of a balance does not take the room of the others', async () => {
  await open({ all: 1_000_000, seller: 1_000_000, payer: 250_000, file: 0 })
  const use = (key: string) => ask('/long', { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': key })
  for (const key of ['the-first-request', 'the-second-request']) expect((await use(key)).status).toBe(200)
  expect((await use('the-first-request')).body.equals(LONG)).toBe(true)
  expect(statusAndCode(await use('the-second-request'))).toEqual([410, 'answer_not_kept'])
  const other = await proofFor('/long')
  await ask('/long', other)
  expect((await ask('/long', other)).body.equals(LONG)).toBe(true)
})

test('a proof of another payer gets an answer of its own, and one for another route none', async () => {
  const [mine, other] = [await proofFor('/long'), await proofFor('/joke')]
  await ask('/long', mine)
  expect((await ask('/long', { ...other, range: 'bytes=0-9' })).status).toBe(402)
  expect((await ask('/long', { range: 'bytes=0-9' })).status).toBe(402)
  expect((await ask('/joke', { ...mine, range: 'bytes=0-9' })).status).toBe(402)
  expect(world.ran()).toBe(1)
})

test('a kept answer is no answer for ever, but for a day to a request with its Idempotency-Key', async () => {
  const plain = await proofFor('/long')
  const named = { ...(await proofFor('/long')), 'idempotency-key': 'one-of-a-day' }
  for (const proof of [plain, named]) await ask('/long', proof)
  world.pass(310_000)
  expect((await ask('/long', plain)).status).toBe(402)
  expect((await ask('/long', named)).body.equals(LONG)).toBe(true)
  world.pass(86_400_000)
  expect(statusAndCode(await ask('/long', named))).toEqual([410, 'answer_not_kept'])
})

test('it is an answer for a day to a payment that its payer has named, as a short one is', async () => {
  const proof = await proofFor('/long')
  const [[name, value]] = Object.entries(proof) as [[string, string]] // One header.
  const payment = JSON.parse(Buffer.from(value, 'base64').toString())
  const extensions = { 'payment-identifier': { info: { required: false, id: 'pay_of_a_long_answer' } } }
  const named = { [name]: Buffer.from(JSON.stringify({ ...payment, extensions })).toString('base64') }
  await ask('/long', named)
  world.pass(23 * 3_600_000)
  expect((await ask('/long', named)).body.equals(LONG)).toBe(true)
  world.pass(2 * 3_600_000)
  expect(statusAndCode(await ask('/long', named))).toEqual([409, 'payment_id_used'])
  expect(world.ran()).toBe(1)
})
