import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { AuthenticatedLnd } from 'lightning'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BTC } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import { anyInvoice, makeInvoice } from '../../../../test/lnurl/makeInvoice.ts'
import { openLndStore } from '../node/store.ts'
import { attemptById } from './attempts.ts'
import type { PayOrder } from './payCall.ts'
import { createPayer } from './payer.ts'
import { createSender } from './sender.ts'

/** What LND's gRPC says, as the unmodified client hears it: a payment's state, or an error of gRPC. */
type Word = Readonly<{ data: object }> | Readonly<{ error: Readonly<{ code: number; details: string }> }> | 'silence'

const PREIMAGE = '11'.repeat(32)
const HASH = createHash('sha256').update(Buffer.from(PREIMAGE, 'hex')).digest('hex')
const NODE = `02${'79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'}`

const hop = {
  amt_to_forward: '1',
  amt_to_forward_msat: '1000',
  chan_id: '1',
  chan_capacity: '1',
  expiry: 100,
  fee: '1',
  fee_msat: '1000',
  pub_key: NODE,
  tlv_payload: true,
  mpp_record: null,
  amp_record: null,
  custom_records: {},
}
const route = { hops: [hop], total_amt: '2', total_amt_msat: '2000', total_fees: '1', total_fees_msat: '1000', total_time_lock: 100 }
const htlc = (status: string) => ({ status, route, attempt_time_ns: '1', resolve_time_ns: '1', failure: null, preimage: Buffer.alloc(32) })
const payment = (status: string, more: object = {}): Word => ({
  data: {
    status,
    payment_hash: HASH,
    payment_preimage: PREIMAGE,
    fee_msat: '1000',
    value_msat: '1000',
    value_sat: '1',
    creation_date: '1',
    creation_time_ns: '1000000000',
    payment_index: '1',
    payment_request: '',
    failure_reason: 'FAILURE_REASON_NONE',
    htlcs: [htlc(status)],
    ...more,
  },
})
const SETTLED = payment('SUCCEEDED')
const PENDING = payment('IN_FLIGHT')
const FAILED = payment('FAILED', { failure_reason: 'FAILURE_REASON_INCORRECT_PAYMENT_DETAILS' })
const NO_ROUTE = payment('FAILED', { failure_reason: 'FAILURE_REASON_NO_ROUTE' })
const LINK_BROKE: Word = { error: { code: 14, details: 'Connection dropped' } }
const ALREADY_PAID: Word = { error: { code: 6, details: 'invoice is already paid' } }
const NO_RECORD: Word = { error: { code: 5, details: "payment isn't initiated" } }

/** An LND at the level of gRPC's stubs, which says what it is told to. `asked` counts the pay calls, with their arguments. */
function scriptedLnd(script: { pay: Word; lookUps?: Word[] }) {
  const asked: Record<string, unknown>[] = []
  const lookUps = [...(script.lookUps ?? [])]
  const say = (word: Word) => {
    const call = Object.assign(new EventEmitter(), { cancel: () => undefined })
    setImmediate(() => {
      if (word === 'silence') return
      if ('error' in word) call.emit('error', word.error)
      else call.emit('data', word.data)
    })
    return call
  }
  // Only what these tests reach; the client checks for the methods by name.
  const lnd = {
    router: {
      sendPaymentV2: (request: Record<string, unknown>) => {
        asked.push(request)
        return say(script.pay)
      },
      trackPaymentV2: () => say(lookUps.length > 1 ? lookUps.shift()! : (lookUps[0] ?? 'silence')),
    },
    default: { listChannels: (_: object, done: (error: unknown, found: object) => void) => done(null, { channels: [] }) },
  } as unknown as AuthenticatedLnd
  return { lnd, asked }
}

function payerOn(script: Parameters<typeof scriptedLnd>[0]) {
  const { lnd, asked } = scriptedLnd(script)
  const store = openLndStore(':memory:')
  const clock = { ms: 1_000_000, now: () => clock.ms }
  const explain = async () => ({ reason: 'fee_above_limit', detail: 'explained' }) as const
  const open = () => createPayer({ lnd, store, asset: BTC, clock, log: () => {}, explain })
  return { payer: open(), reopen: open, asked, store, clock }
}

/** A payment whose hash is known: an invoice, of which only the hash is looked at here. */
function order(id: string, feeMaxMsat = 5_000n): PayOrder {
  const invoice = anyInvoice({ paymentHash: HASH, payeeNodeId: NODE })
  return { id, payee: { kind: 'invoice', text: INVOICE, invoice }, amountMsat: 1_000n, feeMaxMsat, partsMax: 16 }
}
/** The client parses the text again: the donation of BOLT 11's examples. */
const INVOICE =
  'lnbc1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq9qrsgq357wnc5r2ueh7ck6q93dj32dlqnls087fxdwk8qakdyafkq3yap9us6v52vjjsrvywa6rt52cm9r9zqt8r2t7mlcwspyetp5h2tztugp9lfyql'
const forever = () => new AbortController().signal

describe('a payment', () => {
  test('is settled with the fee apart from the amount, and asked for with its limits', async () => {
    const { payer, asked } = payerOn({ pay: SETTLED })
    expect(await payer.pay(order('at_1', 0n), forever())).toMatchObject({
      kind: 'settled',
      fee: money(BTC, 1_000n),
      evidence: { id: HASH, proof: PREIMAGE },
    })
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ fee_limit_msat: '0', cltv_limit: 432, max_parts: 16, payment_request: INVOICE })
    expect(asked[0]?.fee_limit_sat).toBeUndefined()
  })

  test.each([
    ['at most sixteen parts', undefined, 16],
    ['more of them after it found no way in so many', ['more_parts'], 64],
  ] as const)('by an attempt goes in %s', async (_, changed, parts) => {
    const { lnd, asked } = scriptedLnd({ pay: SETTLED })
    const [store, clock] = [openLndStore(':memory:'), { now: () => Date.now() }]
    const { sender } = createSender({ lnd, store, asset: BTC, clock, nodeId: '02', network: 'regtest', log: () => {} })
    const destination = { kind: 'lightning_invoice', invoice: makeInvoice({ amountMsat: 1_000n, description: 'x' }) } as const
    const attempt = { id: 'at_1' as const, amount: money(BTC, 1_000n), feeMax: money(BTC, 10n), destination, reference: '' }
    void sender.send(changed ? { ...attempt, changed } : attempt, { signal: forever() })
    await expect.poll(() => asked[0]?.max_parts).toBe(parts)
  })

  test.each([
    ['leaves the amount open is asked for with the amount', undefined, '1000'],
    ['names its amount is asked for without it, because LND refuses it twice', 1_000n, undefined],
  ])('to an invoice that %s', async (_, amountMsat, asks) => {
    const { payer, asked } = payerOn({ pay: SETTLED })
    const invoice = anyInvoice({ paymentHash: HASH, payeeNodeId: NODE, amountMsat })
    await payer.pay({ ...order('at_1'), payee: { kind: 'invoice', text: INVOICE, invoice } }, forever())
    expect([asked[0]?.amt_msat, asked[0]?.payment_request]).toEqual([asks, INVOICE])
  })

  test('to a node takes its records along with the preimage', async () => {
    const { payer, asked } = payerOn({ pay: SETTLED })
    const records = [{ type: '7629169', value: '7b7d' }]
    const paid = { ...order('at_1'), payee: { kind: 'node', nodeId: NODE, records } as const, partsMax: 1 }
    await payer.pay(paid, forever())
    expect(asked[0]?.dest_custom_records).toEqual({ '5482373484': expect.any(Buffer), '7629169': Buffer.from('{}') })
  })

  test('is written down before LND hears of it', async () => {
    const { lnd } = scriptedLnd({ pay: SETTLED })
    const store = openLndStore(':memory:')
    let known: string | undefined
    const router = {
      ...lnd.router,
      sendPaymentV2: (request: object) => {
        known = attemptById(store, 'at_1')?.state
        return lnd.router.sendPaymentV2(request)
      },
    }
    const clock = { now: () => 0 }
    const explain = async () => ({ reason: 'no_route', detail: '' }) as const
    const payer = createPayer({ lnd: { ...lnd, router }, store, asset: BTC, clock, log: () => {}, explain })
    await payer.pay(order('at_1'), forever())
    expect(known).toBe('begun')
  })

  test.each<[string, Word, object]>([
    ['that the payee refuses has failed', FAILED, { kind: 'failed', reason: 'rejected_by_payee' }],
    ['without a route has failed, for the reason that a quote finds', NO_ROUTE, { kind: 'failed', reason: 'fee_above_limit' }],
  ])('%s', async (_, pay, outcome) => {
    const { payer } = payerOn({ pay })
    expect(await payer.pay(order('at_1'), forever())).toMatchObject(outcome)
    expect(await payer.lookup('at_1')).toMatchObject(outcome)
  })

  test('whose link broke is looked up, and settled when LND says so', async () => {
    const { payer, asked } = payerOn({ pay: LINK_BROKE, lookUps: [PENDING, SETTLED] })
    expect(await payer.pay(order('at_1'), forever())).toMatchObject({ kind: 'unknown' })
    expect(await payer.lookup('at_1')).toMatchObject({ kind: 'settled', fee: money(BTC, 1_000n) })
    expect(asked).toHaveLength(1)
  })

  test('whose hash LND has paid before is that payment, and no second', async () => {
    const { payer } = payerOn({ pay: ALREADY_PAID, lookUps: [SETTLED] })
    expect(await payer.pay(order('at_1'), forever())).toMatchObject({ kind: 'settled' })
  })

  test('whose hash LND has paid another amount before is not that payment: it has failed, and nothing more is paid', async () => {
    const { payer } = payerOn({ pay: ALREADY_PAID, lookUps: [payment('SUCCEEDED', { value_msat: '2000', value_sat: '2' })] })
    expect(await payer.pay(order('at_1'), forever())).toMatchObject({ kind: 'failed', reason: 'already_used' })
    expect(await payer.lookup('at_1')).toMatchObject({ kind: 'failed', reason: 'already_used' })
  })

  test('of a hash that another attempt pays is refused before LND hears of it', async () => {
    const { payer, asked } = payerOn({ pay: 'silence', lookUps: [PENDING] })
    const stop = new AbortController()
    const first = payer.pay(order('at_1'), stop.signal)
    expect(await payer.pay(order('at_2'), forever())).toMatchObject({ kind: 'failed', reason: 'already_used' })
    stop.abort()
    expect(await first).toMatchObject({ kind: 'unknown' })
    expect(asked).toHaveLength(1)
  })

  test('is asked for once, however often its attempt is sent', async () => {
    const { payer, asked, reopen } = payerOn({ pay: SETTLED })
    await Promise.all([payer.pay(order('at_1'), forever()), payer.pay(order('at_1'), forever())])
    expect(await reopen().pay(order('at_1'), forever())).toMatchObject({ kind: 'settled' })
    expect(asked).toHaveLength(1)
  })

  test('that the caller had given up before it began is not sent', async () => {
    const { payer, asked } = payerOn({ pay: SETTLED })
    expect(await payer.pay(order('at_1'), AbortSignal.abort())).toMatchObject({ kind: 'unknown' })
    expect(await payer.lookup('at_1')).toMatchObject({ kind: 'failed', reason: 'never_sent' })
    expect(asked).toHaveLength(0)
  })
})

describe('a failure that a look-up finds', () => {
  test('may be an earlier attempt’s while the pay call runs, or has just been lost', async () => {
    const { payer, clock } = payerOn({ pay: 'silence', lookUps: [NO_ROUTE] })
    const stop = new AbortController()
    const sending = payer.pay(order('at_1'), stop.signal)
    stop.abort()
    await sending
    clock.ms += 60_000
    expect(await payer.lookup('at_1')).toMatchObject({ kind: 'unknown' })
  })

  test('is final though the pay call never ends, once LND has had two minutes to hear it', async () => {
    const { payer, clock } = payerOn({ pay: 'silence', lookUps: [NO_ROUTE] })
    const stop = new AbortController()
    const sending = payer.pay(order('at_1'), stop.signal)
    stop.abort()
    await sending
    clock.ms += 120_000
    expect(await payer.lookup('at_1')).toMatchObject({ kind: 'failed', reason: 'no_route' })
  })

  test('is final once LND must have heard the call', async () => {
    const { payer, clock } = payerOn({ pay: LINK_BROKE, lookUps: [NO_ROUTE] })
    expect(await payer.pay(order('at_1'), forever())).toMatchObject({ kind: 'unknown' })
    clock.ms += 5_000
    expect(await payer.lookup('at_1')).toMatchObject({ kind: 'failed', reason: 'no_route' })
  })
})

describe('a payment of which LND has no record', () => {
  test('is unknown while the call may still reach it, and was never sent once it cannot', async () => {
    const { payer, clock } = payerOn({ pay: LINK_BROKE, lookUps: [NO_RECORD] })
    expect(await payer.pay(order('at_1'), forever())).toMatchObject({ kind: 'unknown' })
    clock.ms += 4_999
    expect(await payer.lookup('at_1')).toMatchObject({ kind: 'unknown' })
    clock.ms += 1
    expect(await payer.lookup('at_1')).toMatchObject({ kind: 'failed', reason: 'never_sent' })
  })

  test('is not judged before the next process has waited as long', async () => {
    const { payer, reopen, clock } = payerOn({ pay: 'silence', lookUps: [NO_RECORD] })
    const stop = new AbortController()
    const sending = payer.pay(order('at_1'), stop.signal)
    stop.abort()
    await sending
    clock.ms += 60_000
    const next = reopen()
    expect(await next.lookup('at_1')).toMatchObject({ kind: 'unknown' })
    clock.ms += 5_000
    expect(await next.lookup('at_1')).toMatchObject({ kind: 'failed', reason: 'never_sent' })
  })
})

describe('a payment that LND calls in flight and that is nowhere', () => {
  // LND is silent about it, so every look-up waits for its deadline.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())
  async function inTime<T>(work: Promise<T>): Promise<T> {
    let ended = false
    const watched = work.finally(() => {
      ended = true
    })
    while (!ended) await vi.advanceTimersByTimeAsync(1_000)
    return watched
  }

  test('is unknown at first, then stuck, and never failed by us', async () => {
    // No channels at all: nothing carries it, and nothing is down.
    const { payer, clock } = payerOn({ pay: LINK_BROKE, lookUps: [payment('IN_FLIGHT', { htlcs: [] })] })
    const lookup = (id: string) => inTime(payer.lookup(id))
    expect(await inTime(payer.pay(order('at_1'), forever()))).toMatchObject({ kind: 'unknown' })
    clock.ms += 29_999
    expect(await lookup('at_1')).not.toHaveProperty('stuck')
    clock.ms += 1
    expect(await lookup('at_1')).toMatchObject({ kind: 'unknown', stuck: true })
    expect(payer.underWay()).toMatchObject([{ id: 'at_1', stuck: true }])
    clock.ms += 365 * 86_400_000
    expect(await lookup('at_1')).toMatchObject({ kind: 'unknown', stuck: true })
  })

  test('is settled all the same when LND says so in the end', async () => {
    const { payer, clock } = payerOn({ pay: LINK_BROKE, lookUps: [payment('IN_FLIGHT', { htlcs: [] }), SETTLED] })
    await inTime(payer.pay(order('at_1'), forever()))
    clock.ms += 60_000
    expect(await inTime(payer.lookup('at_1'))).toMatchObject({ kind: 'settled' })
    expect(payer.underWay()).toEqual([])
  })
})

test('a preimage that does not open the hash settles nothing', async () => {
  const { payer } = payerOn({ pay: LINK_BROKE, lookUps: [payment('SUCCEEDED', { payment_preimage: '22'.repeat(32) })] })
  expect(await payer.pay(order('at_1'), forever())).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('preimage') })
})
