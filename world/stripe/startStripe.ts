import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAccount, type StripeAccount } from './account.ts'
import { type AccountOptions, StripeRefusal } from './books.ts'
import { readForm } from './form.ts'
import type { Cursor } from './lists.ts'

const BODY_BYTES_MAX = 100_000

type Answer = Readonly<{ status: number; body: object }>
type Kept = Readonly<{ path: string; body: string; answer: Answer }>

export const TEST_KEY = 'sk_test_simulated'

/**
 * Stripe's API of one account on a free port of loopback. `hush`: from now on requests
 * are carried out and never answered (`after`), or cut off and not carried out (`cut`).
 */
export async function startStripe(options: AccountOptions) {
  const account = createAccount(options)
  const kept = new Map<string, Kept>()
  let silence: 'none' | 'after' | 'cut' = 'none'

  const server = createServer(async (request, response) => {
    const body = await readBody(request)
    if (silence === 'cut') return void request.socket.destroy()
    const answer = answerOf(request, body)
    if (silence === 'none') send(response, answer)
  })

  function answerOf(request: IncomingMessage, body: string): Answer {
    if (request.headers.authorization !== `Bearer ${TEST_KEY}`) return refused(401, 'authentication_required', 'Invalid API Key provided')
    const url = new URL(request.url ?? '/', 'http://localhost')
    const key = request.headers['idempotency-key']
    if (request.method !== 'POST' || typeof key !== 'string') return carryOut(account, request.method ?? 'GET', url, body)
    const before = kept.get(key)
    if (before) {
      if (before.path === url.pathname && before.body === body) return before.answer
      return refused(
        400,
        'idempotency_key_in_use',
        'Keys for idempotent requests can only be used with the same parameters',
        'idempotency_error',
      )
    }
    const answer = carryOut(account, 'POST', url, body)
    kept.set(key, { path: url.pathname, body, answer })
    return answer
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // It listens on TCP.
  return {
    url: `http://127.0.0.1:${port}`,
    account,
    hush: (when: typeof silence) => {
      silence = when
      // Who waits would wait for as long as the client does.
      if (when === 'none') server.closeAllConnections()
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function refused(status: number, code: string, message: string, type = 'invalid_request_error'): Answer {
  return { status, body: { error: { type, code, message } } }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function carryOut(account: StripeAccount, method: string, { pathname, searchParams }: URL, body: string): Answer {
  const asked = (name: string) => searchParams.get(name)
  const cursor: Cursor = {
    limit: Number(asked('limit') ?? 10),
    starting_after: asked('starting_after'),
    ending_before: asked('ending_before'),
  }
  try {
    switch (`${method} ${pathname}`) {
      case 'POST /v1/checkout/sessions':
        return { status: 200, body: account.openSession(readForm(body)) }
      case 'POST /v1/transfers':
        return { status: 200, body: account.transfer(readForm(body)) }
      case 'POST /v1/refunds':
        return { status: 200, body: account.refund(readForm(body)) }
      case 'GET /v1/transfers':
        return { status: 200, body: account.transfersOf(asked('transfer_group')) }
      case 'GET /v1/refunds':
        return { status: 200, body: account.refundsOf(asked('payment_intent'), cursor) }
      case 'GET /v1/charges':
        return { status: 200, body: account.chargesOf(asked('payment_intent')) }
      case 'GET /v1/payouts':
        return { status: 200, body: account.payoutsOf(cursor) }
      case 'GET /v1/balance':
        return { status: 200, body: account.balance() }
      case 'GET /v1/balance_transactions':
        return { status: 200, body: account.transactions({ ...cursor, since: Number(asked('created[gte]') ?? 0) }) }
    }
    const transfer = /^\/v1\/transfers\/(\w+)$/.exec(pathname)
    const transaction = /^\/v1\/balance_transactions\/(\w+)$/.exec(pathname)
    if (method === 'GET' && transaction)
      return { status: 200, body: account.transactionOf(transaction[1]!, asked('expand[0]') === 'source') }
    if (method === 'GET' && transfer) return { status: 200, body: account.transferOf(transfer[1]!) }
    return refused(404, 'resource_missing', `Unrecognized request URL (${method}: ${pathname})`)
  } catch (error) {
    if (error instanceof StripeRefusal) return refused(error.status, error.code, error.message)
    throw error
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const part of request.setEncoding('utf8')) {
    body += part
    if (body.length > BODY_BYTES_MAX) throw new Error('the body is too long')
  }
  return body
}
