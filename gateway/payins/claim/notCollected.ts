import { GatewayError } from '../../errors/gatewayError.ts'
import type { FailureReason } from '../../ports/outcome.ts'

/**
 * Why the chain did not take a payer's authorization, or does not take it as things are, as an error for the payer; `offers` of the 402 that
 * carries it name other ways.
 */
export function notCollected(reason: FailureReason): GatewayError {
  if (reason === 'payer_delegated')
    return new GatewayError('payer_delegated', 'The token asks the code of the payer account (EIP-7702), which refused the signature')
  return new GatewayError('payment_not_collected', `The chain refused the authorization (${reason})`)
}
