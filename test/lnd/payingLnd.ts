import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { AuthenticatedLnd } from 'lightning'
import { bolt11AmountMsat } from '../../gateway/money/bolt11Amount.ts'

/** The key of a node that exists: the generator of the curve. */
export const NODE_ID = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
const FEE_MSAT = '1000'

const hop = {
  amt_to_forward: '1',
  amt_to_forward_msat: '1000',
  chan_id: '1',
  chan_capacity: '1',
  expiry: 100,
  fee: '1',
  fee_msat: FEE_MSAT,
  pub_key: NODE_ID,
  tlv_payload: true,
  mpp_record: null,
  amp_record: null,
  custom_records: {},
}
const route = { hops: [hop], total_amt: '2', total_amt_msat: '2000', total_fees: '1', total_fees_msat: FEE_MSAT, total_time_lock: 100 }

/** A settled payment as LND's gRPC tells it; of so much, in msat. */
function settled(hash: string, preimage: string, amountMsat: bigint) {
  const status = 'SUCCEEDED'
  return {
    status,
    payment_hash: hash,
    payment_preimage: preimage,
    fee_msat: FEE_MSAT,
    value_msat: String(amountMsat),
    value_sat: String(amountMsat / 1_000n),
    creation_date: '1',
    creation_time_ns: '1000000000',
    payment_index: '1',
    payment_request: '',
    failure_reason: 'FAILURE_REASON_NONE',
    htlcs: [{ status, route, attempt_time_ns: '1', resolve_time_ns: '1', failure: null, preimage: Buffer.from(preimage, 'hex') }],
  }
}

type PayRequest = Readonly<{
  payment_hash?: Buffer
  payment_request?: string
  amt_msat?: string
  dest_custom_records?: Record<string, Buffer>
}>

/** As LND does, it wants an amount beside an invoice that names none, and none beside one that does. */
function amountOf({ payment_request: invoice, amt_msat: amount }: PayRequest): bigint {
  const named = invoice === undefined ? undefined : bolt11AmountMsat(invoice)
  if ((named === undefined) === (amount === undefined)) throw new Error('amount must be specified once')
  return BigInt(named ?? amount!)
}

/** How it meets a pay call: it pays and says so, it pays and the answer is lost, or the call is lost before it hears it. */
type Manner = 'pay' | 'paySilently' | 'unheard'

/**
 * An LND that pays each hash at most once and tells of it when it is asked. `paid` are the hashes, in order. An invoice's preimage is told to it, a
 * keysend's comes with the payment.
 */
export function payingLnd(o: { preimages?: readonly string[] } = {}) {
  const known = new Map((o.preimages ?? []).map((preimage) => [sha256(preimage), preimage]))
  const paid: string[] = []
  const amounts = new Map<string, bigint>()
  const node = { manner: 'pay' as Manner, paid, heard: 0 }
  const say = (event: 'data' | 'error' | undefined, word?: object) => {
    const call = Object.assign(new EventEmitter(), { cancel: () => undefined })
    if (event) setImmediate(() => call.emit(event, word))
    return call
  }
  const tell = (hash: string) => settled(hash, known.get(hash)!, amounts.get(hash)!)
  const lnd = {
    router: {
      sendPaymentV2: (request: PayRequest) => {
        node.heard++
        if (node.manner === 'unheard') return say(undefined)
        const preimage = request.dest_custom_records?.['5482373484']?.toString('hex')
        const hash = request.payment_hash?.toString('hex') ?? [...known.keys()][0]!
        if (preimage !== undefined) known.set(hash, preimage)
        if (paid.includes(hash)) return say('error', { code: 6, details: 'invoice is already paid' })
        paid.push(hash)
        amounts.set(hash, amountOf(request))
        return node.manner === 'pay' ? say('data', tell(hash)) : say(undefined)
      },
      trackPaymentV2: ({ payment_hash }: { payment_hash: Buffer }) => {
        const hash = payment_hash.toString('hex')
        return paid.includes(hash) ? say('data', tell(hash)) : say('error', { code: 5, details: "payment isn't initiated" })
      },
    },
    default: { listChannels: (_: object, done: (error: unknown, found: object) => void) => done(null, { channels: [] }) },
  } as unknown as AuthenticatedLnd // Only what these tests reach; the client checks for the methods by name.
  return Object.assign(node, { lnd })
}

function sha256(hex: string): string {
  return createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')
}
