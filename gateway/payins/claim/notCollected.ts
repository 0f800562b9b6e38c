import { GatewayError } from '../../errors/gatewayError.ts'
import type { FailureReason } from '../../ports/outcome.ts'

const NOT_KEPT =
  'Nothing was taken, and this authorization was not kept: the chain refuses others of this account. Mend the cause and repeat, or pay by another offer.'

/**
 * Why the chain did not take a payer's authorization, or does not take it as things are, as an error for the payer; `offers` of the 402 that
 * carries it name other ways. `isKept`: the authorization is claimed and tried until it ends.
 */
export function notCollected(reason: FailureReason, { isKept } = { isKept: true }): GatewayError {
  const more = isKept ? {} : { hint: NOT_KEPT }
  if (reason === 'payer_delegated')
    return new GatewayError('payer_delegated', 'The token asks the code of the payer account (EIP-7702), which refused the signature', more)
  return new GatewayError('payment_not_collected', `The chain refused the authorization (${reason})`, more)
}
