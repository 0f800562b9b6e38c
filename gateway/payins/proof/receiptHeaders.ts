import type { Hex, ReceiptId } from '../../ports/ids.ts'
import { toBase64Json, toBase64Url } from '../challenge/base64Json.ts'
import type { VerifiedProof } from './verifiedProof.ts'

/** The header that names our own, signed receipt. */
const RECEIPT_HEADER = 'switchyard-receipt'

/** `at` in ms; `transaction` once the chain has one. Without `proof` the request was paid from a balance. */
type ReceiptInput = Readonly<{ receiptId: ReceiptId; at: number; proof?: VerifiedProof; transaction?: Hex }>

/**
 * The headers of a paid answer: ours always, and the one that the payer's protocol knows. They never carry the preimage, which is the payer's proof.
 * An authorization that is collected later has no transaction yet: x402 gets an empty one, MPP our receipt as its reference.
 */
export function receiptHeaders(input: ReceiptInput): (readonly [string, string])[] {
  const { proof, receiptId, transaction } = input
  const headers: (readonly [string, string])[] = [
    ['cache-control', 'private'],
    [RECEIPT_HEADER, receiptId],
  ]
  if (proof?.scheme === 'x402') {
    const network = `eip155:${proof.authorization.chainId}`
    const amount = proof.amount.units.toString()
    headers.push(['payment-response', toBase64Json({ success: true, transaction: transaction ?? '', network, payer: proof.payer, amount })])
  }
  if (proof?.scheme === 'mpp-evm') headers.push(paymentReceipt('evm', transaction ?? receiptId, input.at))
  if (proof?.scheme === 'mpp-lightning') headers.push(paymentReceipt('lightning', proof.paymentHash, input.at))
  return headers
}

function paymentReceipt(method: string, reference: string, at: number): readonly [string, string] {
  return ['payment-receipt', toBase64Url(JSON.stringify({ status: 'success', method, timestamp: new Date(at).toISOString(), reference }))]
}
