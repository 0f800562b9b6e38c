import { randomBytes } from 'node:crypto'
import { ExactEvmScheme } from '@x402/evm'
import { x402Client, x402HTTPClient } from '@x402/fetch'
import { privateKeyToAccount } from 'viem/accounts'
import { control, type Yard } from './yard.ts'

/** One thing a customer wants exactly once: the same request is repeated, with the same proof or key, until it has an answer. */
export type Errand = { kind: string; id: string; send: () => Promise<Response>; receipt: string | undefined; status: number; body: string }

/** Repeats of one errand at most; far more than ten restarts need. */
const TRIES_MAX = 2_000

/** Answers that say "ask again": nothing is known yet, or the same request is still running. */
const AGAIN = new Set([429, 503])

/**
 * Does an errand to its end, through any number of broken connections, or until it is given up. `acknowledged` is told the moment an answer came.
 */
export async function carryOut(errand: Errand, acknowledged: (errand: Errand) => void, givenUp?: AbortSignal): Promise<void> {
  let last = 'nothing was said'
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    if (givenUp?.aborted) return
    try {
      const response = await errand.send()
      const body = await response.text()
      last = `${response.status} ${body}`
      const running = response.status === 409 && body.includes('request_in_progress')
      if (!AGAIN.has(response.status) && !running) {
        Object.assign(errand, { status: response.status, body, receipt: response.headers.get('switchyard-receipt') ?? undefined })
        acknowledged(errand)
        return
      }
    } catch (error) {
      // The gateway is down or died in the middle: the outcome is unknown, so the same request again.
      last = String(error)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${errand.kind} ${errand.id} had no answer after ${TRIES_MAX} tries; the last: ${last}`)
}

/** The answer to a token of L402 whose work was cut off: fresh offers, and what is owed for it. Any other proof is told 409. */
export const cutOff = (e: Errand): boolean => e.status === 402 && e.body.includes('was cut off')

const timeout = () => AbortSignal.timeout(20_000)

/** A request that a balance pays. */
export function fromBalance(yard: Yard, key: string): Errand {
  const id = `book-${randomBytes(8).toString('hex')}`
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': id }
  return { kind: 'book', id, send: () => fetch(yard.route(), { headers, signal: timeout() }), receipt: undefined, status: 0, body: '' }
}

/** A request that an EIP-3009 authorization pays, signed by the x402 client itself. */
export function byX402(yard: Yard): Errand {
  const id = `x402-${randomBytes(8).toString('hex')}`
  const account = privateKeyToAccount(yard.chain.customers[0]!.privateKey)
  const client = new x402HTTPClient(
    x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }], spendControls: false }),
  )
  let headers: Record<string, string> | undefined
  const send = async () => {
    if (!headers) {
      const asked = await fetch(yard.route(), { signal: timeout() })
      const required = client.getPaymentRequiredResponse((name) => asked.headers.get(name), await asked.json())
      headers = client.encodePaymentSignatureHeader(await client.createPaymentPayload(required))
    }
    // With its own key, so that its answer is there longer than the five minutes of a proof.
    return fetch(yard.route(), { headers: { ...headers, 'idempotency-key': id }, signal: timeout() })
  }
  return { kind: 'x402', id, send, receipt: undefined, status: 0, body: '' }
}

/** A request that a paid invoice pays (L402). The customer's node pays the invoice once. */
export function byLightning(yard: Yard): Errand {
  const id = `l402-${randomBytes(8).toString('hex')}`
  let token: string | undefined
  const send = async () => {
    if (!token) {
      const asked = await fetch(yard.route(), { signal: timeout() })
      const match = /macaroon="([^"]+)", invoice="([^"]+)"/.exec(asked.headers.get('www-authenticate') ?? '')
      if (!match) return asked
      const { preimage } = await control<{ preimage: string }>(yard.world.lightning.controlUrl, '/pay', { invoice: match[2] })
      token = `L402 ${match[1]}:${preimage}`
    }
    return fetch(yard.route(), { headers: { authorization: token, 'idempotency-key': id }, signal: timeout() })
  }
  return { kind: 'lightning', id, send, receipt: undefined, status: 0, body: '' }
}

/** A payout of `party` to one destination. */
export function payout(yard: Yard, o: { party: string; amount: string; destination: object }): Errand {
  const id = `payout-${randomBytes(8).toString('hex')}`
  const headers = { authorization: `Bearer ${yard.key}`, 'idempotency-key': id, 'content-type': 'application/json' }
  const body = JSON.stringify({ party: o.party, amount: { asset: 'USDC', amount: o.amount }, destinations: [o.destination] })
  const send = () => fetch(`${yard.url()}/v1/payouts`, { method: 'POST', headers, body, signal: timeout() })
  return { kind: 'payout', id, send, receipt: undefined, status: 0, body: '' }
}
