import type { FailureReason } from '../ports/outcome.ts'

/** Why a payment is not good, in x402's own words: those of the scheme `exact` on EVM chains, and those that every scheme has. */
export type Reason =
  | 'invalid_x402_version'
  | 'invalid_payload'
  | 'invalid_payment_requirements'
  | 'invalid_network'
  | 'unsupported_payload_type'
  | 'settlement_pending'
  | `invalid_exact_evm_${
      | 'scheme'
      | 'network_mismatch'
      | 'missing_eip712_domain'
      | 'token_name_mismatch'
      | 'token_version_mismatch'
      | 'eip3009_not_supported'
      | 'recipient_mismatch'
      | 'signature'
      | 'payload_authorization_valid_before'
      | 'payload_authorization_valid_after'
      | 'payload_authorization_value_mismatch'
      | 'authorization_value'
      | 'nonce_already_used'
      | 'insufficient_balance'
      | 'transaction_simulation_failed'
      | 'transaction_failed'}`

/** A payment that is not good. `isMalformed`: it could not even be read. */
export type Refusal = Readonly<{ reason: Reason; message: string; payer?: string; isMalformed?: true }>

/** What a chain's refusal of an authorization is called. `sent`: a transaction was signed for it. */
export function reasonOf(reason: FailureReason, { sent }: Readonly<{ sent: boolean }>): Reason {
  switch (reason) {
    case 'already_used':
      return 'invalid_exact_evm_nonce_already_used'
    case 'expired':
      return 'invalid_exact_evm_payload_authorization_valid_before'
    case 'insufficient_liquidity':
      return 'invalid_exact_evm_insufficient_balance'
    case 'payer_delegated':
      return 'invalid_exact_evm_signature'
    default:
      return sent ? 'invalid_exact_evm_transaction_failed' : 'invalid_exact_evm_transaction_simulation_failed'
  }
}
