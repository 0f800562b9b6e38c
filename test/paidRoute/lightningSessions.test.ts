import { Readable } from 'node:stream'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { usd } from '../../gateway/seller/price.ts'
import { foreignInvoice } from '../wallet/walletWorld.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// A deposit over Lightning is spent request by request by who shows its preimage, and what is left goes back to the payer's own invoice.
let world: PaidRouteWorld
let served = 0
let slow: { begun: Promise<void>; begin: () => void; ended: Promise<void>; end: () => void }
const PRICE_MSAT = 2_000n
const DEPOSIT_MSAT = 40_000n
const IDLE_MS = 300_000
beforeEach(() => open())

async function open(o: Partial<Parameters<typeof openPaidRoute>[0]> = {}): Promise<void> {
  world = await openPaidRoute({ finishedKept: 100, ...o })
  onTestFinished(() => world.close())
  served = 0
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  slow = { begun: begun.promise, begin: begun.resolve, ended: ended.promise, end: ended.resolve }
  const sold = { price: parseAmount('0.002', USD), payee: world.seller, session: true } as const
  const { app } = world
  app.get('/told', { config: sold }, async () => `told ${++served}`)
  app.get('/other', { config: sold }, async () => `other ${++served}`)
  app.get('/others', { config: { ...sold, payee: world.customer.id } }, async () => 'others')
  app.get('/breaks', { config: sold }, (_, reply) => reply.code(500).send('no joke'))
  app.get('/takes-long', { config: sold }, async () => {
    slow.begin()
    await slow.ended
    return 'at last'
  })
  const metered = { price: { upto: parseAmount('0.05', USD) }, payee: world.seller, session: { step: usd('0.01') } }
  app.get<{ Querystring: { n: string } }>('/tokens', { config: metered }, async (request, reply) => {
    async function* tokens() {
      for (let n = 1; n <= Number.parseInt(request.query.n, 10); n++) {
        request.meter.add(usd('0.004'))
        yield `data: ${n}\n\n`
      }
    }
    return reply.type('text/event-stream').send(Readable.from(tokens(), { highWaterMark: 1 }))
  })
}

type Headers = Readonly<Record<string, string>>
type Challenge = Readonly<Record<string, string>>
const ask = (url: string, headers: Headers = {}, method: 'GET' | 'HEAD' = 'GET') => world.app.inject({ method, url, headers })
type Answer = Awaited<ReturnType<typeof ask>>
const read = (text: unknown) => JSON.parse(Buffer.from(String(text), 'base64url').toString())
const receiptOf = ({ headers }: Answer) => read(headers['payment-receipt'])

/** The session that a 402 offers over Lightning. */
function offered({ headers }: Answer): { challenge: Challenge; request: Record<string, string>; pay: () => string } {
  for (const value of [headers['www-authenticate']].flat()) {
    const challenge = Object.fromEntries([...String(value).matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]))
    if (challenge.intent !== 'session' || challenge.method !== 'lightning') continue
    const request = read(challenge.request)
    return { challenge, request, pay: () => world.lightning.pay(request.paymentHash) }
  }
  throw new Error('no session is offered')
}

const by = (challenge: Challenge, payload: object): Headers => ({
  authorization: `Payment ${Buffer.from(JSON.stringify({ challenge, payload })).toString('base64url')}`,
})

/** Pays a deposit and opens a session by a request. */
async function opened(url = '/told', returnInvoice = foreignInvoice()) {
  const { challenge, request, pay } = offered(await ask(url))
  const preimage = pay()
  const sessionId = request.paymentHash!
  const open = by(challenge, { action: 'open', preimage, returnInvoice })
  const answer = await ask(url, open)
  const shown = (action: string, more: object = {}) => by(challenge, { action, sessionId, preimage, ...more })
  const account = `pass:ps_${sessionId.slice(0, 32)}`
  return { answer, open, challenge, sessionId, preimage, account, returnInvoice, bearer: shown('bearer'), close: shown('close') }
}

async function topUp({ sessionId }: { sessionId: string }, url = '/told', from = url) {
  const { challenge, pay } = offered(await ask(from))
  const credential = by(challenge, { action: 'topUp', sessionId, topUpPreimage: pay() })
  return { credential, answer: await ask(url, credential) }
}

async function refused(url: string, headers: Headers, code: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer> {
  const before = served
  const answer = await ask(url, headers, method)
  expect([answer.statusCode, method === 'HEAD' ? code : answer.json().code, served]).toEqual([402, code, before])
  expect(offered(answer).request.depositInvoice).toBeDefined()
  return answer
}

const sellerHas = () => world.has(accounts.party(world.seller), USDC)
const left = (account: string) => world.has(account, BTC)
const returnedTo = (invoice: string) =>
  world.payers.lightning.paid.filter(({ destination }) => destination.kind === 'lightning_invoice' && destination.invoice === invoice)

describe('a session over Lightning', () => {
  test('is offered beside the rest with an invoice of its own, in the words of the draft', async () => {
    const { challenge, request } = offered(await ask('/told'))
    expect(request).toMatchObject({
      amount: '2',
      currency: 'sat',
      unitType: 'request',
      depositAmount: '40',
      idleTimeout: '300',
      paymentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      depositInvoice: expect.stringMatching(/^lnbcrt/),
    })
    expect(challenge.expires).toBeDefined()
    expect(() => offered({ headers: {} } as Answer)).toThrow('no session')
    const named = await ask('/told', { 'accept-payment': 'lightning/charge' })
    expect(() => offered(named)).toThrow('no session')
    const [first] = [(await ask('/told', { 'accept-payment': 'lightning/session' })).headers['www-authenticate']].flat()
    expect(first).toContain('intent="session"')
  })

  test('serves the request that opens it, and others that show its preimage, each for its price', async () => {
    const session = await opened()
    expect([session.answer.statusCode, session.answer.body]).toEqual([200, 'told 1'])
    expect(receiptOf(session.answer)).toMatchObject({ method: 'lightning', reference: session.sessionId, status: 'success', spent: 2 })
    for (let n = 2; n <= 5; n++) expect((await ask('/told', session.bearer)).body).toBe(`told ${n}`)
    expect(left(session.account)).toBe(DEPOSIT_MSAT - 5n * PRICE_MSAT)
    expect(sellerHas()).toBe(10_000n)
    // HEAD says how it stands, and takes nothing.
    expect(receiptOf(await ask('/told', session.bearer, 'HEAD'))).toMatchObject({ spent: 10 })
    expect(left(session.account)).toBe(DEPOSIT_MSAT - 5n * PRICE_MSAT)
  })

  test('serves twenty at once out of twenty, and the next is told what is missing', async () => {
    const session = await opened()
    const answers = await Promise.all(Array.from({ length: 25 }, () => ask('/told', session.bearer)))
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(19)
    expect([left(session.account), sellerHas(), served]).toEqual([0n, 40_000n, 20])
    const answer = await refused('/told', session.bearer, 'session_deposit_low')
    expect(answer.json()).toMatchObject({
      type: 'https://paymentauth.org/problems/lightning/insufficient-balance',
      balanceSpent: 40,
      balanceRequired: 2,
    })
  })

  test('does the open once, however often it comes, and takes nothing for work that fails', async () => {
    const session = await opened()
    expect([(await ask('/told', session.open)).body, served]).toEqual(['told 1', 1])
    expect(left(session.account)).toBe(DEPOSIT_MSAT - PRICE_MSAT)
    const broken = await opened('/breaks')
    expect([broken.answer.statusCode, left(broken.account)]).toEqual([500, DEPOSIT_MSAT])
    const named = { ...session.bearer, 'idempotency-key': 'one' }
    expect([(await ask('/told', named)).body, (await ask('/told', named)).body]).toEqual(['told 2', 'told 2'])
  })

  test('gives back what is left to the return invoice when it is closed, once, and nothing after that', async () => {
    const session = await opened()
    const [first, second] = await Promise.all([ask('/told', session.close), ask('/told', session.close)])
    const back = { status: 'closed', refundSats: 38, refundStatus: 'succeeded' }
    expect([first!.json(), second!.json()]).toEqual([back, back])
    expect(receiptOf(first!)).toMatchObject({
      method: 'lightning',
      reference: session.sessionId,
      refundSats: 38,
      refundStatus: 'succeeded',
    })
    expect(returnedTo(session.returnInvoice).map(({ amount }) => amount.units)).toEqual([38_000n])
    expect((await ask('/told', session.close)).json()).toEqual(back)
    await refused('/told', session.bearer, 'session_closed')
    await refused('/told', session.bearer, 'session_closed', 'HEAD')
    const { answer } = await topUp(session)
    expect(answer.json().code).toBe('session_closed')
    expect([left(session.account), world.payers.lightning.paid.length]).toEqual([0n, 1])
    const purchase = world.receipts.find(({ payment }) => payment === `lightning:${session.sessionId}`)!
    expect((await ask(`/v1/payments/${purchase.id}`)).json()).toMatchObject({ status: 'refunded' })
  })

  test('pays its seller in bitcoin where nothing converts it', async () => {
    await open({ liquidity: 0n })
    const session = await opened()
    expect((await ask('/told', session.bearer)).statusCode).toBe(200)
    expect([world.has(accounts.party(world.seller), BTC), sellerHas(), left(session.account)]).toEqual([4_000n, 0n, 36_000n])
    const { answer } = await topUp(session)
    expect(answer.statusCode).toBe(200)
    await Promise.all(Array.from({ length: 60 }, () => ask('/told', session.bearer)))
    expect([world.has(accounts.party(world.seller), BTC), left(session.account), served]).toEqual([80_000n, 0n, 40])
    await refused('/told', session.bearer, 'session_deposit_low')
  })

  test('pays nothing back where nothing is left', async () => {
    const session = await opened()
    await Promise.all(Array.from({ length: 19 }, () => ask('/told', session.bearer)))
    expect((await ask('/told', session.close)).json()).toEqual({ status: 'closed', refundSats: 0, refundStatus: 'skipped' })
    expect(world.payers.lightning.heard).toEqual([])
  })

  test('is not closed while work runs that it pays for', async () => {
    const session = await opened('/told')
    const [challenge] = [offered(await ask('/takes-long')).challenge]
    const { sessionId, preimage } = session
    const running = ask('/takes-long', by(challenge, { action: 'bearer', sessionId, preimage }))
    await slow.begun
    const answer = await ask('/told', session.close)
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'request_in_progress'])
    slow.end()
    expect((await running).body).toBe('at last')
    expect((await ask('/told', session.close)).json()).toMatchObject({ refundSats: 36, refundStatus: 'succeeded' })
  })

  test('keeps what cannot be paid back for its payer, behind the link', async () => {
    world.payers.lightning.manner = 'refuse'
    const session = await opened()
    const answer = await ask('/told', session.close)
    expect(answer.json()).toEqual({ status: 'closed', refundSats: 38, refundStatus: 'failed' })
    const link = new URL(String(answer.headers['switchyard-refund'])).pathname
    expect((await ask(link)).json()).toMatchObject({ state: 'due', maxWithdrawable: 38_000 })
    world.payers.lightning.manner = 'pay'
    const invoice = foreignInvoice(38_000n)
    await ask(`${link}/invoice?${new URLSearchParams({ k1: link.slice(-32), pr: invoice })}`)
    await expect.poll(async () => (await ask(link)).json().state).toBe('refunded')
    expect((await ask('/told', session.close)).json()).toMatchObject({ refundStatus: 'succeeded' })
    expect([returnedTo(session.returnInvoice), returnedTo(invoice).length]).toEqual([[], 1])
  })

  test('is paid back once where nobody knows for a while whether it was', async () => {
    world.payers.lightning.manner = 'stuck'
    const session = await opened()
    // It waits its ten seconds for an end.
    expect((await ask('/told', session.close)).json()).toEqual({ status: 'closed', refundSats: 38, refundStatus: 'pending' })
    world.payers.lightning.manner = 'pay'
    world.payers.lightning.release()
    const status = async () => (await ask('/told', session.close)).json().refundStatus
    await expect.poll(status, { timeout: 60_000 }).toBe('succeeded')
    expect(returnedTo(session.returnInvoice).map(({ amount }) => amount.units)).toEqual([38_000n])
  }, 120_000)

  test('ends by itself when nothing was asked of it for five minutes, and pays back', async () => {
    const [idle, used] = [await opened(), await opened()]
    world.pass(IDLE_MS - 1_000)
    expect((await ask('/told', used.bearer)).statusCode).toBe(200)
    world.pass(2_000)
    await expect.poll(() => returnedTo(idle.returnInvoice).map(({ amount }) => amount.units)).toEqual([38_000n])
    await refused('/told', idle.bearer, 'session_closed')
    expect((await ask('/told', used.bearer)).statusCode).toBe(200)
    expect(returnedTo(used.returnInvoice)).toEqual([])
  })
})

describe('a top-up', () => {
  test('adds its deposit once, and what is left of both goes back', async () => {
    const session = await opened()
    const { credential, answer } = await topUp(session)
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }])
    expect((await ask('/told', credential)).json()).toEqual({ status: 'ok' })
    expect(left(session.account)).toBe(2n * DEPOSIT_MSAT - PRICE_MSAT)
    expect((await ask('/told', session.close)).json()).toMatchObject({ refundSats: 78, refundStatus: 'succeeded' })
  })

  test('is for one session, and opens no other', async () => {
    const [one, two] = [await opened(), await opened()]
    const { challenge, pay } = offered(await ask('/told'))
    const topUpPreimage = pay()
    const add = ({ sessionId }: { sessionId: string }) => by(challenge, { action: 'topUp', sessionId, topUpPreimage })
    expect((await ask('/told', add(one))).statusCode).toBe(200)
    await refused('/told', add(two), 'proof_used')
    await refused('/told', by(challenge, { action: 'open', preimage: topUpPreimage, returnInvoice: foreignInvoice() }), 'proof_used')
    // Nor is what opened one.
    await refused('/told', by(one.challenge, { action: 'topUp', sessionId: two.sessionId, topUpPreimage: one.preimage }), 'proof_used')
    expect([left(one.account), left(two.account)]).toEqual([2n * DEPOSIT_MSAT - PRICE_MSAT, DEPOSIT_MSAT - PRICE_MSAT])
  })
})

describe('a credential that is not good', () => {
  test('is refused with a new challenge, and takes nothing', async () => {
    const [session, other] = [await opened(), await opened()]
    const { challenge, sessionId, preimage } = session
    const wrong = 'ab'.repeat(32)
    await refused('/told', by(challenge, { action: 'bearer', sessionId, preimage: wrong }), 'proof_wrong_preimage')
    await refused('/told', by(challenge, { action: 'bearer', sessionId, preimage: other.preimage }), 'proof_wrong_preimage')
    await refused('/told', by(challenge, { action: 'close', sessionId: other.sessionId, preimage }), 'proof_wrong_preimage')
    await refused('/told', by(challenge, { action: 'bearer', sessionId: `${sessionId}00`, preimage }), 'credential_malformed')
    await refused('/told', by(challenge, { action: 'bearer', sessionId, preimage: '-1' }), 'credential_malformed')
    await refused('/told', by(challenge, { action: 'drain', sessionId, preimage }), 'credential_malformed')
    await refused('/other', session.bearer, 'challenge_wrong_route')
    const altered = {
      ...challenge,
      request: Buffer.from(JSON.stringify({ ...read(challenge.request), depositAmount: '4000000' })).toString('base64url'),
    }
    await refused('/told', by(altered, { action: 'bearer', sessionId, preimage }), 'challenge_altered')
    expect([left(session.account), left(other.account)]).toEqual([DEPOSIT_MSAT - PRICE_MSAT, DEPOSIT_MSAT - PRICE_MSAT])
  })

  test('of one payee is no session of another, and of another route of the same payee it is', async () => {
    const { sessionId, preimage } = await opened()
    const bearer = async (url: string) => by(offered(await ask(url)).challenge, { action: 'bearer', sessionId, preimage })
    await refused('/others', await bearer('/others'), 'session_unknown')
    expect((await ask('/other', await bearer('/other'))).body).toBe('other 2')
    // What bought something else opened no session.
    const { challenge } = offered(await ask('/told'))
    const never = offered(await ask('/told'))
    const unopened = { action: 'bearer', sessionId: never.request.paymentHash, preimage: never.pay() }
    await refused('/told', by(challenge, unopened), 'session_unknown')
  })

  test.each([
    ['names an amount', () => foreignInvoice(5_000_000n)],
    ['is none', () => 'lnbcrt1nonsense'],
  ])('opens nothing with a return invoice that %s, and its deposit stays good', async (_, invoice) => {
    const { challenge, request, pay } = offered(await ask('/told'))
    const preimage = pay()
    const answer = await refused('/told', by(challenge, { action: 'open', preimage, returnInvoice: invoice() }), 'session_bad_return')
    expect(answer.json().type).toBe('https://paymentauth.org/problems/lightning/invalid-return-invoice')
    const good = await ask('/told', by(challenge, { action: 'open', preimage, returnInvoice: foreignInvoice() }))
    expect([good.statusCode, left(`pass:ps_${request.paymentHash!.slice(0, 32)}`)]).toEqual([200, DEPOSIT_MSAT - PRICE_MSAT])
  })

  test('that brings its deposit again and again brings it once', async () => {
    const session = await opened()
    const { challenge, pay } = offered(await ask('/told'))
    const again = by(challenge, { action: 'topUp', sessionId: session.sessionId, topUpPreimage: pay() })
    const receipts = world.receipts.length
    await ask('/told', again)
    for (let n = 0; n < 5; n++) await Promise.all([ask('/told', again), ask('/told', session.open)])
    expect([world.receipts.length, left(session.account), served]).toEqual([receipts + 1, 2n * DEPOSIT_MSAT - PRICE_MSAT, 1])
  })

  test('of an invoice that nobody has paid opens nothing', async () => {
    const { challenge } = offered(await ask('/told'))
    const open = by(challenge, { action: 'open', preimage: '00'.repeat(32), returnInvoice: foreignInvoice() })
    await refused('/told', open, 'proof_wrong_preimage')
  })
})

describe('a stream', () => {
  const streamed = async (n: number) => {
    const { challenge, request, pay } = offered(await ask('/tokens?n=1'))
    const preimage = pay()
    const open = by(challenge, { action: 'open', preimage, returnInvoice: foreignInvoice() })
    const answer = await ask(`/tokens?n=${n}`, { ...open, accept: 'text/event-stream' })
    return { answer, challenge, request, preimage, account: `pass:ps_${request.paymentHash!.slice(0, 32)}` }
  }

  test('is paid step by step for what it uses', async () => {
    const { answer, request, account } = await streamed(5)
    expect(request).toMatchObject({ amount: '10', unitType: 'step', depositAmount: '200' })
    const last = /event: payment-receipt\ndata: (.*)\n/.exec(answer.body)![1]!
    expect(JSON.parse(last)).toMatchObject({ method: 'lightning', reference: request.paymentHash, spent: 20, units: 2 })
    expect([left(account), sellerHas()]).toEqual([180_000n, 20_000n])
  })
})
