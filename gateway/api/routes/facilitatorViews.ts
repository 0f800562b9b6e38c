import type { Settling, Verdict } from '../../facilitator/openFacilitator.ts'

/** What x402 v2 says of a payment that was verified. */
export function verifyView(verdict: Verdict) {
  if (verdict.kind === 'good') return { isValid: true, payer: verdict.payer }
  const { reason, message, payer } = verdict.refusal
  return { isValid: false, invalidReason: reason, invalidMessage: message, ...(payer === undefined ? {} : { payer }) }
}

/** What x402 v2 says of a payment that was to be settled: `transaction` and `network` are always texts. */
export function settleView(settling: Settling, network: string) {
  const { kind } = settling
  const transaction = settling.transaction ?? ''
  if (kind === 'settled') return { success: true, transaction, network, payer: settling.payer, amount: `${settling.units}` }
  if (kind === 'pending') {
    const errorMessage = 'the payment is on its way to the chain; the same asked again is looked up, and never sent twice'
    return { success: false, errorReason: 'settlement_pending', errorMessage, transaction, network, payer: settling.payer }
  }
  const { reason, message, payer } = settling.refusal
  const view = { success: false, errorReason: reason, errorMessage: message, transaction, network }
  return payer === undefined ? view : { ...view, payer }
}

/** The network that a seller's body names; '' where it names none. */
export function networkIn(body: unknown): string {
  const { paymentRequirements } = (body ?? {}) as { paymentRequirements?: { network?: unknown } | null } // Only looked at.
  const network = paymentRequirements?.network
  return typeof network === 'string' ? network.slice(0, NETWORK_MAX) : ''
}

const NETWORK_MAX = 100
