import { control, type Json, type Yard } from '../e2e/yard.ts'

/** One kind of traffic, which goes on while the gateway is killed again and again. */
export type Traffic = Readonly<{
  kind: string
  /** One errand, to its end through any number of restarts. */
  errand: () => Promise<void>
  /** How many errands were acknowledged. */
  acknowledged: () => number
  /** Fails unless each acknowledged errand is where it should be, once, and nothing else is. */
  check: () => Promise<void>
}>

/** Tries of one step at most: some minutes, far more than a restart needs. */
const TRIES_MAX = 3_000
const PAUSE_MS = 100
/** A payment that an exchange holds waits as long as the gateway is killed again and again before its payout ends. */
const PAY_MS_MAX = 1_200_000

/** Repeats a step until it has an answer. What is thrown is a gateway that is down, or died in the middle: the same again, under the same id. */
export async function persist<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  let last: unknown
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    try {
      const found = await ask()
      if (found !== undefined) return found
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error(`${what} had no answer after ${TRIES_MAX} tries`, { cause: last })
}

/** A POST under one idempotency key, until the gateway says what became of it. */
export async function post<T = Json>(yard: Yard, path: string, o: { body: unknown; key?: string }): Promise<T> {
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const answer = await persist(`POST ${path}`, async () => {
    const made = await yard.call<T & { code?: string }>('POST', path, { ...o, headers })
    const again = made.status === 429 || made.status === 503 || made.body.code === 'request_in_progress'
    return again ? undefined : made
  })
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export const read = <T>(yard: Yard, path: string): Promise<T> =>
  persist(`GET ${path}`, async () => {
    const { status, body } = await yard.call<T>('GET', path)
    return status === 200 ? body : undefined
  })

/** The customer's node pays an invoice of ours; undefined when the gateway gave the payment back. */
export async function customerPays(yard: Yard, invoice: string): Promise<string | undefined> {
  try {
    const body = { invoice, deadlineMs: PAY_MS_MAX }
    return (await control<{ preimage: string }>(yard.world.lightning.controlUrl, '/pay', body, PAY_MS_MAX + PAUSE_MS)).preimage
  } catch (error) {
    if (/the payment failed/.test(String(error))) return undefined
    throw error
  }
}

/** An invoice of the customer's node. */
export const customerInvoice = (yard: Yard, amountMsat: bigint) =>
  control<{ invoice: string; paymentHash: string }>(yard.world.lightning.controlUrl, '/invoice', { amountMsat: `${amountMsat}` })

/**
 * Waits until an intent is settled. Over Lightning by `invoice`, when it is given: a payment that a kill made fail is begun again, and one that went
 * through is only looked at, because the customer's node pays no invoice twice.
 */
export const settles = (yard: Yard, intent: string, invoice?: string): Promise<true> =>
  persist(`the settlement of ${intent}`, async () => {
    const { status } = await read<{ status: string }>(yard, `/v1/payment_intents/${intent}`)
    if (status === 'settled') return true
    if (invoice !== undefined) await customerPays(yard, invoice)
    return undefined
  })
