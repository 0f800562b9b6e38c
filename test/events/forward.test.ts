import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { newWebhookSecret, webhooks } from '../../gateway/seller/webhooks.ts'
import { until } from '../e2e/yard.ts'
import { startGatewayProcess } from '../seller/gatewayProcess.ts'
import type { Told } from './readStream.ts'

const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url))
const SECRET = newWebhookSecret()

let gateway: Awaited<ReturnType<typeof startGatewayProcess>>
beforeAll(async () => {
  gateway = await startGatewayProcess(undefined)
}, 60_000)
afterAll(() => gateway?.close())

/** A receiver that verifies what comes, and answers as `answer` says for the nth. */
async function startReceiver(answer: (n: number, response: ServerResponse) => void) {
  const came: Told[] = []
  let n = 0
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const event = await webhooks.verify(body, request.headers, SECRET)
    new Webhook(SECRET).verify(body, request.headers as Record<string, string>) // Each once, as Node has them.
    expect(event.id).toBe(request.headers['webhook-id'])
    came.push(event)
    answer(n++, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, came } // A TCP server's.
}

function startForward(port: number, ...more: string[]): void {
  const words = [
    'webhooks',
    'forward',
    `${port}`,
    '--path',
    '/hooks',
    '--secret',
    SECRET,
    '--after',
    'first',
    '--url',
    gateway.url(),
    ...more,
  ]
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...words], { stdio: ['ignore', 'ignore', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
}

test('webhooks are brought signed, in order, until each is taken, and on after the gateway was killed', async () => {
  const seller = await gateway.seller()
  const taken: string[] = []
  const refusals = [
    (response: ServerResponse) => response.writeHead(500).end(),
    (response: ServerResponse) => response.destroy(),
    (response: ServerResponse) => response.writeHead(307, { location: '/elsewhere' }).end(),
  ]
  const receiver = await startReceiver((n, response) => {
    const refuse = refusals[n]
    if (refuse) return void refuse(response)
    taken.push(receiver.came.at(-1)!.id)
    response.writeHead(204).end()
  })
  startForward(receiver.port, '--key', seller.key, '--type', 'party.*,payment_intent.*')
  await until('the first', async () => taken.length === 1)
  expect(new Set(receiver.came.map(({ id }) => id)).size).toBe(1)
  await gateway.kill()
  await gateway.start()
  const headers = { authorization: `Bearer ${seller.key}`, 'content-type': 'application/json' }
  for (let n = 0; n < 5; n++) {
    const body = JSON.stringify({ amount: { asset: 'USD', amount: '1' }, payee: seller.id })
    const made = await fetch(`${gateway.url()}/v1/payment_intents`, {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
      body,
    })
    expect(made.status).toBe(201)
  }
  await until('all of them', async () => taken.length >= 6)
  const page = await fetch(`${gateway.url()}/v1/events?limit=100`, { headers })
  const { data } = (await page.json()) as { data: Told[] }
  expect(taken).toEqual(data.map(({ id }) => id))
}, 90_000)
