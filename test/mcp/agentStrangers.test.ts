// What servers and clients that nobody here wrote can do to the program that pays for agents.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { agentV1, agentV2, configFile, type Person, type Question, type Said, spawned, TOKEN } from './agentClients.ts'

/** A request and an answer as they are on the wire. */
type Wire = { id?: string | number; params?: Record<string, unknown>; result?: Said & { resultType?: string } }

let stranger: Server
let site: string
let folder: string
let paid: Set<string>
let asked: Question[]
let network: string
let answer: (response: ServerResponse) => void
beforeAll(async () => {
  stranger = createServer((request, response) => serve(request, response))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  site = `127.0.0.1:${(stranger.address() as AddressInfo).port}` // It listens on a port.
})
afterAll(() => {
  stranger?.closeAllConnections()
  stranger?.close()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-stranger-'))
  paid = new Set()
  asked = []
  network = 'eip155:31337'
  answer = (response) => response.end(`joke ${paid.size}`)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Asks 0.002 dollars for everything and takes any signature for a payment. */
function serve({ headers }: IncomingMessage, response: ServerResponse): void {
  const signed = headers['payment-signature']
  if (typeof signed === 'string') {
    paid.add(JSON.parse(Buffer.from(signed, 'base64').toString()).payload.authorization.nonce)
    answer(response)
    return
  }
  const extra = { name: 'USD Coin', version: '2' }
  const entry = { scheme: 'exact', network, amount: '2000', asset: TOKEN, payTo: `0x${'aa'.repeat(20)}`, maxTimeoutSeconds: 60, extra }
  const challenge = { x402Version: 2, resource: { url: `http://${site}/joke` }, accepts: [entry] }
  response.writeHead(402, { 'payment-required': Buffer.from(JSON.stringify(challenge)).toString('base64') }).end()
}

const url = (path: string) => ({ url: `http://${site}${path}` })
const yes: Person = () => ({ action: 'accept', content: { pay: true } })
const noted =
  (person: Person): Person =>
  (question) => {
    asked.push(question)
    return person(question)
  }

describe('one approval of a person', () => {
  /** A client of 2026-07-28 that can send what it sent last again, under another id. */
  async function repeating(file: string) {
    const client = new Client(
      { name: 'agent', version: '1.0.0' },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    client.setRequestHandler('elicitation/create', async ({ params }) => noted(yes)(params as Question))
    const transport = new StdioClientTransport(spawned(file)) as unknown as {
      send: (message: Wire) => Promise<void>
      onmessage: (message: Wire) => void
    } // Messages of any kind.
    const send = transport.send.bind(transport)
    let last: Wire = {}
    transport.send = (message) => {
      last = structuredClone(message)
      return send(message)
    }
    await client.connect(transport as unknown as StdioClientTransport)
    const receive = transport.onmessage
    const waiting = new Map<unknown, (message: Wire) => void>()
    transport.onmessage = (message) => (waiting.get(message.id) ?? receive)(message)
    const again = (id: string, more: object = {}) =>
      new Promise<Wire['result']>((resolve) => {
        waiting.set(id, ({ result }) => resolve(result))
        void send({ ...last, id, params: { ...last.params, ...more } })
      })
    const pay = async (path: string) => (await client.callTool({ name: 'pay', arguments: url(path) })) as Said
    return { pay, again, close: () => client.close() }
  }

  test('pays once, and the same request sent again has the first answer', async () => {
    const agent = await repeating(configFile(folder, { site }))
    expect((await agent.pay('/joke')).structuredContent).toMatchObject({ body: 'joke 1' })
    const said = await Promise.all(Array.from({ length: 8 }, (_, i) => agent.again(`again ${i}`)))
    const other = await agent.again('other', { arguments: url('/other') })
    await agent.close()
    expect([asked.length, paid.size]).toEqual([1, 1])
    for (const one of said) expect(one?.structuredContent).toMatchObject({ body: 'joke 1' })
    expect(other?.resultType).toBe('input_required')
  })

  test('pays once where its answer was none worth keeping: the person is asked anew', async () => {
    answer = (response) => response.writeHead(404).end('no joke')
    const agent = await repeating(configFile(folder, { site }))
    expect((await agent.pay('/joke')).structuredContent).toMatchObject({ status: 404 })
    const said = await Promise.all(Array.from({ length: 8 }, (_, i) => agent.again(`again ${i}`)))
    await agent.close()
    expect(paid.size).toBe(1)
    for (const one of said) expect(one?.resultType).toBe('input_required')
  })

  test('is not what a client of 2025 says of itself in a call', async () => {
    const client = new ClientV1({ name: 'agent', version: '1.0.0' }, { capabilities: { elicitation: {} } })
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => noted(() => ({ action: 'decline' }))(params))
    await client.connect(new StdioV1(spawned(configFile(folder, { site }))))
    const requestState = 'v1.e30.e30'
    for (const more of [{}, { requestState }]) {
      const inputResponses = { approve: { action: 'accept', content: { pay: true } } }
      const params = { name: 'pay', arguments: url('/joke'), inputResponses, ...more }
      await client.request({ method: 'tools/call', params }, CallToolResultSchema).catch(() => undefined) // Refused or asked about, both will do.
    }
    await client.close()
    expect(asked.length).toBeGreaterThan(0)
    expect(paid.size).toBe(0)
  })

  test('is for one call, with a client of 2025', async () => {
    const agent = await agentV1(configFile(folder, { site }), noted(yes))
    for (const body of ['joke 1', 'joke 2']) expect((await agent.call('pay', url('/joke'))).structuredContent).toMatchObject({ body })
    await agent.close()
    expect([asked.length, paid.size]).toEqual([2, 2])
  })
})

test.each([
  ['2025', agentV1],
  ['2026-07-28', agentV2],
])('a paid answer whose body breaks off is an unknown outcome, told with what to do, to a client of %s', async (_, open) => {
  answer = (response) => {
    response.writeHead(200, { 'content-length': 1_000 })
    response.write('half', () => response.destroy())
  }
  const agent = await open(configFile(folder, { site }), yes)
  const { isError, structuredContent } = await agent.call('pay', url('/joke'))
  await agent.close()
  expect(isError).toBe(true)
  expect(structuredContent).toMatchObject({
    code: 'outcome_unknown',
    outcome: 'unknown',
    hint: expect.stringContaining('the same call again'),
    meta: { paid: { rail: 'evm:31337', cost: { amount: '0.002' } } },
  })
})

test('an answer without an end is cut at the bound, and its connection closed', async () => {
  const closed = new Promise<void>((resolve) => {
    answer = (response) => {
      response.on('close', resolve)
      response.write('a'.repeat(1 << 20))
    }
  })
  const agent = await agentV2(configFile(folder, { site }), yes)
  const { structuredContent } = await agent.call('pay', url('/joke'))
  await closed
  await agent.close()
  expect(structuredContent).toMatchObject({ status: 200, truncated: true })
  expect(`${structuredContent?.body}`.length).toBe(262_144)
})

test('no text of a server stands in a question to the person', async () => {
  network = 'x. YOUR WALLET IS LOCKED: go to evil.example'
  const agent = await agentV2(
    configFile(folder, { site }),
    noted(() => ({ action: 'decline' })),
    { form: {}, url: {} },
  )
  await agent.call('pay', url('/joke'))
  await agent.close()
  expect(asked).toEqual([
    expect.objectContaining({
      ...url('/joke'),
      message: `The agent could not pay ${site}: no wallet here can pay what it asks for. You may pay on the page itself.`,
    }),
  ])
})

test('of a URL the question has the host, and of its words a few in quotes', async () => {
  const agent = await agentV2(
    configFile(folder, { site }),
    noted(() => ({ action: 'decline' })),
  )
  const words = '"? YOUR WALLET IS LOCKED, go to evil.example and unlock it there'
  await agent.call('pay', url(`/joke${words}`))
  await agent.close()
  const path = '/joke%22?%20YOUR%20WALLET%20IS%20LOCKED,%20go%20to%20evil.ex...'
  expect(asked[0]?.message).toBe(`Pay 0.002 USD to ${site} by evm:31337, for "${path}"? In the last 24 hours 0 USD of 0.05 USD were spent.`)
})
