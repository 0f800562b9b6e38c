import { Credential, Method, Receipt } from 'mppx'
import { Mppx } from 'mppx/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { control, startYard, until, verified, type Yard } from './yard.ts'

// Sessions over Lightning on real nodes: what the customer's node deposits is served, spent and paid back, though the gateway is killed in between.
let yard: Yard
beforeAll(async () => {
  yard = await startYard({ program: new URL('./sessionGateway.ts', import.meta.url) })
}, 90_000)
afterAll(() => yard?.close(), 30_000)

type Challenge = Readonly<Record<string, string>>
type Closed = Readonly<{ status: string; refundSats: number; refundStatus: string }>
const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${yard.url()}${path}`, { headers, signal: AbortSignal.timeout(45_000) })
const lightning = <T>(path: string, body?: unknown) => control<T>(yard.world.lightning.controlUrl, path, body)
const by = (challenge: Challenge, payload: object) => ({
  authorization: `Payment ${Buffer.from(JSON.stringify({ challenge, payload })).toString('base64url')}`,
})

async function offered(path: string) {
  const values = (await ask(path)).headers.get('www-authenticate')!.split(/, (?=Payment )/)
  const challenges: Challenge[] = values.map((value) =>
    Object.fromEntries([...value.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!])),
  )
  const challenge = challenges.find(({ method, intent }) => method === 'lightning' && intent === 'session')!
  return { challenge, request: JSON.parse(Buffer.from(challenge.request!, 'base64url').toString()) as Record<string, string> }
}

/** Pays a deposit; what opens the session, and what shows and ends it. */
async function deposited(path = '/told') {
  const { challenge, request } = await offered(path)
  const { invoice: returnInvoice } = await lightning<{ invoice: string }>('/invoice', {})
  const { preimage } = await lightning<{ preimage: string }>('/pay', { invoice: request.depositInvoice })
  const sessionId = request.paymentHash!
  const shown = (action: string) => by(challenge, { action, sessionId, preimage })
  const open = by(challenge, { action: 'open', preimage, returnInvoice })
  return {
    sessionId,
    open,
    bearer: shown('bearer'),
    close: shown('close'),
    depositSat: Number(request.depositAmount),
    cost: Number(request.amount),
  }
}

/** Pays another deposit; what adds it. */
async function toppingUp(sessionId: string, path: string): Promise<{ authorization: string }> {
  const { challenge, request } = await offered(path)
  const { preimage } = await lightning<{ preimage: string }>('/pay', { invoice: request.depositInvoice })
  return by(challenge, { action: 'topUp', sessionId, topUpPreimage: preimage })
}

const topUp = async (sessionId: string, path: string): Promise<Response> => ask(path, await toppingUp(sessionId, path))

/** What the customer's node has, with what it has taken and the channel does not count yet. */
async function customerSat(): Promise<bigint> {
  const { customer } = await lightning<{ customer: { ownMsat: string; claimedMsat: string } }>('/status')
  return (BigInt(customer.ownMsat) + BigInt(customer.claimedMsat)) / 1_000n
}

const unequal = async () => (await verified(yard)).rails.filter(({ verdict }) => verdict !== 'equal')

describe('a session over real channels', () => {
  test('is opened, spent and topped up, and pays back the rest of both deposits', async () => {
    const session = await deposited()
    const { depositSat, cost } = session
    expect(await (await ask('/told', session.open)).text()).toBe('told')
    const answers = await Promise.all(Array.from({ length: 9 }, () => ask('/told', session.bearer)))
    expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(200))
    expect(await (await topUp(session.sessionId, '/told')).json()).toEqual({ status: 'ok' })
    const before = await customerSat()
    const refundSats = 2 * depositSat - 10 * cost
    expect(await (await ask('/told', session.close)).json()).toEqual({ status: 'closed', refundSats, refundStatus: 'succeeded' })
    await until('the money', async () => (await customerSat()) === before + BigInt(refundSats))
    expect(await unequal()).toEqual([])
  })

  test('is opened once though the gateway is killed meanwhile, and what ran then is not paid', async () => {
    const session = await deposited()
    const opening = ask('/told', session.open).catch(() => undefined)
    await yard.kill()
    await opening
    await yard.start()
    expect((await ask('/told', session.open)).status).toBe(200)
    const begun = ask('/begun')
    const { challenge } = await offered('/takes-long')
    const payload = JSON.parse(Buffer.from(session.bearer.authorization.slice('Payment '.length), 'base64url').toString()).payload
    const running = ask('/takes-long', by(challenge, payload)).catch(() => undefined)
    await begun
    await yard.kill()
    await running
    await yard.start()
    expect((await ask('/told', session.bearer)).status).toBe(200)
    const refundSats = session.depositSat - 2 * session.cost
    expect(await (await ask('/told', session.close)).json()).toEqual({ status: 'closed', refundSats, refundStatus: 'succeeded' })
    expect(await unequal()).toEqual([])
  })

  test('is topped up once though the gateway is killed meanwhile', async () => {
    const session = await deposited()
    expect((await ask('/told', session.open)).status).toBe(200)
    const more = await toppingUp(session.sessionId, '/told')
    const adding = ask('/told', more).catch(() => undefined)
    await yard.kill()
    await adding
    await yard.start()
    for (let n = 0; n < 3; n++) expect(await (await ask('/told', more)).json()).toEqual({ status: 'ok' })
    const refundSats = 2 * session.depositSat - session.cost
    expect(await (await ask('/told', session.close)).json()).toEqual({ status: 'closed', refundSats, refundStatus: 'succeeded' })
    expect(await unequal()).toEqual([])
  })

  test.each([0, 5, 20, 60])('is paid back once though the gateway is killed %i ms after it was to close it', async (ms) => {
    const session = await deposited()
    expect((await ask('/told', session.open)).status).toBe(200)
    const before = await customerSat()
    const closing = ask('/told', session.close).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, ms))
    await yard.kill()
    await closing
    await yard.start()
    const refundSats = session.depositSat - session.cost
    const told = await until('the refund', async () => {
      const closed = (await (await ask('/told', session.close)).json()) as Closed
      return closed.refundStatus === 'succeeded' && closed
    })
    expect(told).toEqual({ status: 'closed', refundSats, refundStatus: 'succeeded' })
    await until('the money', async () => (await customerSat()) === before + BigInt(refundSats))
    expect(await unequal()).toEqual([])
  })

  test('pays a stream step by step, which stands still until more is deposited and then goes on', async () => {
    const session = await deposited('/tokens?n=1')
    const answer = await ask('/tokens?n=19', { ...session.open, accept: 'text/event-stream' })
    expect((await answer.text()).match(/^data: \d+$/gm)).toHaveLength(19)
    const reading = await ask('/tokens?n=3', { ...session.bearer, accept: 'text/event-stream' })
    let seen = ''
    let asked = 0
    for await (const part of reading.body!.pipeThrough(new TextDecoderStream())) {
      seen += part
      const needs = seen.match(/event: payment-need-topup\ndata: (.*)/)
      if (!needs || asked++ > 0) continue
      expect(JSON.parse(needs[1]!)).toEqual({
        sessionId: session.sessionId,
        balanceSpent: session.depositSat,
        balanceRequired: session.cost,
      })
      expect((await topUp(session.sessionId, '/told')).status).toBe(200)
    }
    expect(seen.match(/^data: \d+$/gm)).toEqual(['data: 1', 'data: 2', 'data: 3'])
    const last = /event: payment-receipt\ndata: (.*)/.exec(seen)![1]!
    expect(JSON.parse(last)).toMatchObject({ reference: session.sessionId, spent: 3 * session.cost, units: 3 })
    expect(await (await ask('/tokens?n=1', session.close)).json()).toMatchObject({ refundStatus: 'succeeded' })
    expect(await unequal()).toEqual([])
  })

  test('is paid by mppx as it is, with a method that says the words of the draft', async () => {
    let opened: Readonly<{ sessionId: string; preimage: string }> | undefined
    const { invoice: returnInvoice } = await lightning<{ invoice: string }>('/invoice', {})
    const words = Method.from({
      name: 'lightning',
      intent: 'session',
      schema: {
        credential: { payload: z.looseObject({ action: z.string() }) },
        request: z.looseObject({ amount: z.string(), currency: z.literal('sat'), paymentHash: z.string(), depositInvoice: z.string() }),
      },
    })
    const method = Method.toClient(words, {
      async createCredential({ challenge }) {
        if (opened) return Credential.serialize({ challenge, payload: { action: 'bearer', ...opened } })
        const { depositInvoice: invoice, paymentHash: sessionId } = challenge.request
        const { preimage } = await lightning<{ preimage: string }>('/pay', { invoice })
        opened = { sessionId, preimage }
        return Credential.serialize({ challenge, payload: { action: 'open', preimage, returnInvoice } })
      },
    })
    const client = Mppx.create({ polyfill: false, methods: [method] })
    for (let n = 0; n < 3; n++) {
      const answer = await client.fetch(`${yard.url()}/told`)
      expect([answer.status, await answer.text()]).toEqual([200, 'told'])
      expect(Receipt.fromResponse(answer)).toMatchObject({ status: 'success', method: 'lightning', reference: opened!.sessionId })
    }
    const { challenge, request } = await offered('/told')
    const closed = await (await ask('/told', by(challenge, { action: 'close', ...opened }))).json()
    const refundSats = Number(request.depositAmount) - 3 * Number(request.amount)
    expect(closed).toEqual({ status: 'closed', refundSats, refundStatus: 'succeeded' })
    expect(await unequal()).toEqual([])
  })
})
