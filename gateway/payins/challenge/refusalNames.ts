import type { ErrorCode } from '../../errors/catalog.ts'

const PROBLEM_BASE = 'https://paymentauth.org/problems/'

const problems: Partial<Record<ErrorCode, string>> = {
  payment_required: 'payment-required',
  insufficient_balance: 'payment-insufficient',
  challenge_expired: 'payment-expired',
  challenge_altered: 'invalid-challenge',
  challenge_wrong_route: 'invalid-challenge',
  credential_malformed: 'malformed-credential',
  token_malformed: 'malformed-credential',
  token_caveat_unknown: 'verification-failed',
  token_spent: 'payment-insufficient',
  proof_malformed: 'malformed-credential',
  proof_ambiguous: 'malformed-credential',
  proof_unsupported: 'method-unsupported',
  proof_wrong_chain: 'verification-failed',
  proof_wrong_token: 'verification-failed',
  proof_wrong_payee: 'verification-failed',
  proof_wrong_amount: 'verification-failed',
  proof_wrong_spender: 'verification-failed',
  collection_too_dear: 'verification-failed',
  credit_needed: 'verification-failed',
  permit2_allowance_required: 'payment-insufficient',
  proof_wrong_nonce: 'verification-failed',
  proof_nonce_used: 'verification-failed',
  proof_expires_soon: 'payment-expired',
  proof_ends_late: 'verification-failed',
  proof_not_yet_valid: 'verification-failed',
  proof_bad_signature: 'verification-failed',
  payer_delegated: 'verification-failed',
  session_bad_signature: 'session/invalid-signature',
  session_balance_low: 'session/insufficient-balance',
  session_delta_small: 'session/delta-too-small',
  session_not_found: 'session/channel-not-found',
  session_ended: 'session/channel-finalized',
  session_reverted: 'session/transaction-reverted',
  session_bad_return: 'lightning/invalid-return-invoice',
  session_closed: 'lightning/session-closed',
  session_deposit_low: 'lightning/insufficient-balance',
  session_unknown: 'lightning/session-not-found',
  voucher_over_deposit: 'session/amount-exceeds-deposit',
  payer_not_deployed: 'verification-failed',
  proof_wrong_preimage: 'lightning/invalid-preimage',
}

const x402Reasons: Partial<Record<ErrorCode, string>> = {
  payment_required: 'PAYMENT-SIGNATURE header is required',
  insufficient_balance: 'insufficient_funds',
  proof_malformed: 'invalid_payload',
  proof_ambiguous: 'invalid_payload',
  proof_unsupported: 'unsupported_scheme',
  challenge_wrong_route: 'invalid_payment_requirements',
  proof_wrong_chain: 'invalid_exact_evm_network_mismatch',
  proof_wrong_token: 'invalid_payment_requirements',
  proof_wrong_payee: 'invalid_exact_evm_recipient_mismatch',
  proof_wrong_amount: 'invalid_exact_evm_payload_authorization_value_mismatch',
  proof_wrong_spender: 'invalid_permit2_spender',
  proof_nonce_used: 'invalid_exact_evm_nonce_already_used',
  proof_expires_soon: 'invalid_exact_evm_payload_authorization_valid_before',
  proof_ends_late: 'invalid_exact_evm_payload_authorization_valid_before',
  proof_not_yet_valid: 'invalid_exact_evm_payload_authorization_valid_after',
  proof_bad_signature: 'invalid_exact_evm_signature',
  payer_delegated: 'invalid_exact_evm_signature',
  voucher_over_deposit: 'invalid_batch_settlement_evm_cumulative_exceeds_balance',
  channel_refund_empty: 'invalid_batch_settlement_evm_refund_no_balance',
  payer_not_deployed: 'eip6492_factory_not_allowed',
}

/** What tells a payer of x402's channels that its voucher was not the next one, and that its `channelState` says which is. */
export const OUT_OF_TURN = 'invalid_batch_settlement_evm_cumulative_amount_mismatch'

/** The problem type of a refusal from the list of the Payment scheme, or `about:blank` (RFC 9457) where none fits. */
export function problemType(code: ErrorCode): string {
  const name = problems[code]
  return name ? PROBLEM_BASE + name : 'about:blank'
}

/** The reason that x402 clients know for a refusal; our own code where x402 has none. */
export function x402Reason(code: ErrorCode): string {
  return x402Reasons[code] ?? code
}
