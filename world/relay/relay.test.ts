import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Relay, startRelay } from './relay.ts'

/** As long as a busy machine may take. */
const SOON = { timeout: 30_000 }

let relay: Relay
const sockets: WebSocket[] = []
beforeEach(async () => {
  relay = await startRelay()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await relay.close()
})

/** A client that collects what it is told. */
async function connect() {
  const socket = new WebSocket(relay.url)
  sockets.push(socket)
  const told: unknown[][] = []
  socket.on('message', (data) => told.push(JSON.parse(String(data)) as unknown[]))
  await new Promise((resolve) => socket.once('open', resolve))
  const say = (...message: unknown[]) => socket.send(JSON.stringify(message))
  const hear = (verb: string) => expect.poll(() => told.filter(([first]) => first === verb).at(-1), SOON)
  return { say, told, hear }
}

const secret = generateSecretKey()
const event = (kind: number, content: string, at: number) => finalizeEvent({ kind, content, tags: [], created_at: at }, secret)

test('of replaceable events the newest is kept for who asks later, of ephemeral ones nothing', async () => {
  const writer = await connect()
  for (const made of [event(13_194, 'old', 1), event(13_194, 'new', 2), event(23_194, 'gone', 3)]) writer.say('EVENT', made)
  await writer.hear('OK').toMatchObject(['OK', expect.any(String), true, ''])
  await expect.poll(() => relay.taken().length, SOON).toBe(3)
  const reader = await connect()
  reader.say('REQ', 'all', { authors: [getPublicKey(secret)] })
  await reader.hear('EOSE').toEqual(['EOSE', 'all'])
  expect(reader.told.filter(([verb]) => verb === 'EVENT').map(([, , made]) => (made as { content: string }).content)).toEqual(['new'])
})

test('an event reaches who asked for its kind, until the asking ends', async () => {
  const [reader, other, writer] = [await connect(), await connect(), await connect()]
  reader.say('REQ', 'a', { kinds: [23_194] })
  other.say('REQ', 'b', { kinds: [1] })
  await reader.hear('EOSE').toEqual(['EOSE', 'a'])
  await other.hear('EOSE').toEqual(['EOSE', 'b'])
  writer.say('EVENT', event(23_194, 'first', 1))
  await reader.hear('EVENT').toMatchObject(['EVENT', 'a', { content: 'first' }])
  reader.say('CLOSE', 'a')
  reader.say('REQ', 'c', { kinds: [2] })
  await reader.hear('EOSE').toEqual(['EOSE', 'c'])
  writer.say('EVENT', event(23_194, 'second', 2))
  await expect.poll(() => relay.taken().length, SOON).toBe(2)
  // What is answered after it shows that it did not come.
  for (const client of [reader, other]) {
    client.say('REQ', 'd', { kinds: [2] })
    await client.hear('EOSE').toEqual(['EOSE', 'd'])
  }
  expect([reader.told, other.told].map((told) => told.filter(([verb]) => verb === 'EVENT').length)).toEqual([1, 0])
})

test('a wrong signature and a text that is no message are refused', async () => {
  const client = await connect()
  client.say('EVENT', { ...event(1, 'x', 1), content: 'y' })
  await client.hear('OK').toMatchObject(['OK', expect.any(String), false, expect.stringContaining('signature')])
  client.say('HELLO')
  await client.hear('NOTICE').toEqual(['NOTICE', 'this is not a message of NIP-01'])
  expect(relay.taken()).toEqual([])
})
