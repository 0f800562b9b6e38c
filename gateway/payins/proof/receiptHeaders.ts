import { invariant } from '../../errors/invariant.ts'
import type { Hex, ReceiptId } from '../../ports/ids.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import { toBase64Json, toBase64Url } from '../challenge/base64Json.ts'
import { PAYMENT_IDENTIFIER, paymentIdentifier } from '../challenge/paymentIdentifier.ts'
import { x402Reason } from '../challenge/refusalNames.ts'
import { channelStateOf, type SessionReceipt, type VerifiedProof } from './verifiedProof.ts'
import { OFFER_RECEIPT, type SignJws, x402Receipt } from './x402Receipt.ts'

/** The headers that name our own, signed receipt, and where to ask what became of the payment. */
const RECEIPT_HEADER = 'switchyard-receipt'
const STATUS_HEADER = 'switchyard-status'

/** What x402 calls a settlement that is neither done nor failed (specification v2, section 9), and the extension in which we say more. */
const PENDING = 'settlement_pending'
const STATUS_EXTENSION = 'payment-status'

/** Where the money of an authorization is when the answer is given; of nothing that is taken there is no transaction. */
export type Collection = Readonly<{ kind: 'settled'; transaction: Hex | '' }> | Readonly<{ kind: 'held' | 'failed' }>

/**
 * `at` in ms; `collection` of an authorization, `taken` its units where these are not all that it is over. Without `proof` the request was paid from a balance,
 * or its payment has gone back. `rail`: what was paid on; a client that tries again under its payment's id may have signed for another chain.
 */
type ReceiptInput = Readonly<{
  receiptId: ReceiptId
  statusUrl: string
  at: number
  proof?: VerifiedProof
  rail?: RailName
  collection: Collection
  signJws: SignJws
  taken?: bigint | 'unknown'
}>

/**
 * The headers of a paid answer: ours always, and the one that the payer's protocol knows. They never carry the preimage, which is the payer's proof. Success
 * is said of money that has settled, and of nothing else: to x402 an authorization that is collected later is pending, to MPP it has no receipt yet.
 */
export function receiptHeaders(input: ReceiptInput): (readonly [string, string])[] {
  const { proof, receiptId, statusUrl, collection } = input
  const headers: (readonly [string, string])[] = [
    ['cache-control', 'private'],
    // What the work says to caches that are shared comes before the other (RFC 9213), and may not.
    ['cdn-cache-control', 'private'],
    [RECEIPT_HEADER, receiptId],
    [STATUS_HEADER, statusUrl],
  ]
  if (proof?.kind === 'voucher') headers.push(['payment-response', toBase64Json(voucherResponse(proof, input))])
  else if (proof?.scheme === 'x402') headers.push(['payment-response', toBase64Json(x402Response(proof, input))])
  if (proof?.scheme === 'mpp-evm' && collection.kind === 'settled' && collection.transaction !== '')
    headers.push(paymentReceipt('evm', collection.transaction, input.at))
  if (proof?.scheme === 'mpp-session') headers.push(sessionReceipt(proof.told(input.at)))
  if (proof?.scheme === 'mpp-lightning') headers.push(paymentReceipt('lightning', proof.paymentHash, input.at))
  return headers
}

/** `SettlementResponse` of x402 v2. */
function x402Response(
  { rail: signedFor, amount: whole, payer, paymentId, resourceUrl }: Extract<VerifiedProof, { kind: 'authorization' }>,
  { collection, statusUrl, taken = whole.units, rail = signedFor, at, signJws }: ReceiptInput,
) {
  const amount = taken === 'unknown' ? {} : { amount: taken.toString() }
  invariant(railKind(rail) === 'evm', 'x402 pays on a chain')
  const network = `eip155:${rail.slice('evm:'.length)}`
  const common = { network, payer, ...amount }
  const { kind } = collection
  // Readers of extensions want a schema beside what is said, also one that asks for nothing.
  const named = paymentId === undefined ? {} : { [PAYMENT_IDENTIFIER]: paymentIdentifier(paymentId) }
  const extensions = { [STATUS_EXTENSION]: { info: { status: kind, url: statusUrl }, schema: {} }, ...named }
  if (kind === 'settled') {
    const signed = resourceUrl === undefined ? {} : { [OFFER_RECEIPT]: x402Receipt({ network, resourceUrl, payer, at }, signJws) }
    return { success: true, transaction: collection.transaction, ...common, extensions: { ...extensions, ...signed } }
  }
  const errorReason = kind === 'held' ? PENDING : x402Reason('payment_not_collected')
  return { success: false, errorReason, transaction: '', ...common, extensions }
}

/** To x402 a voucher that was taken is success: its channel pays later, as a whole. `payment-status` says what that means for the money. */
function voucherResponse(proof: Extract<VerifiedProof, { kind: 'voucher' }>, { statusUrl }: ReceiptInput) {
  const { rail, payer, amount, told, paymentId } = proof
  invariant(told, 'a voucher was taken before its request is answered')
  const named = paymentId === undefined ? {} : { [PAYMENT_IDENTIFIER]: paymentIdentifier(paymentId) }
  return {
    success: true,
    transaction: told.transaction,
    network: `eip155:${rail.slice('evm:'.length)}`,
    payer,
    amount: amount.units.toString(),
    extra: { chargedAmount: amount.units.toString(), channelState: channelStateOf(proof.channel.id, told) },
    extensions: { [STATUS_EXTENSION]: { info: { status: 'held', url: statusUrl }, schema: {} }, ...named },
  }
}

function paymentReceipt(method: string, reference: string, at: number): readonly [string, string] {
  return ['payment-receipt', toBase64Url(JSON.stringify({ status: 'success', method, timestamp: new Date(at).toISOString(), reference }))]
}

/** The receipt of a session, which is JSON, as a header. It says what its vouchers or deposits are worth. */
export function sessionReceipt(json: string): readonly [string, string] {
  return ['payment-receipt', toBase64Url(json)]
}

/** How a session of vouchers stands. */
export function sessionReceiptJson(told: SessionReceipt, at: number): string {
  const { channelId, acceptedCumulative, spent } = told
  const common = { method: 'evm', intent: 'session', status: 'success', timestamp: new Date(at).toISOString(), reference: channelId }
  return JSON.stringify({ ...common, ...told, acceptedCumulative: `${acceptedCumulative}`, spent: `${spent}` })
}

/** How a session over Lightning stands. `more`: what its action adds. */
export function depositReceiptJson(sessionId: string, at: number, more: Readonly<Record<string, string | number>>): string {
  return JSON.stringify({ method: 'lightning', status: 'success', timestamp: new Date(at).toISOString(), reference: sessionId, ...more })
}
