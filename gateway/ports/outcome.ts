import type { Money } from '../money/money.ts'
import type { RailName } from './railName.ts'

/** What the rail itself says happened: its own id and time, and what proves it (preimage, transaction hash, statement reference). */
export type Evidence = Readonly<{ rail: RailName; id: string; at: number; proof?: string }>

/** Why a rail said no. Only its explicit word leads here. One list, which rails read back from their own files too. */
export const FAILURE_REASONS = [
  'never_sent', // the rail has no record of it and nothing can be under way
  'no_route',
  'fee_above_limit',
  'insufficient_liquidity',
  'rejected_by_payee',
  'rejected_by_rail',
  'invalid_destination',
  'expired',
  'already_used',
  'payer_delegated', // the payer's account has code (EIP-7702) that does not accept the payer's signature
  'reverted',
  'past_cut_off', // it came too late for the day on which the rail was to make it
] as const

export type FailureReason = (typeof FAILURE_REASONS)[number]

/**
 * Three outcomes, never two. A timeout is `unknown`; unknown is looked up and never paid again. `stuck`: the rail will not say by itself.
 * `refusal`: what stands against it now. The rail goes on trying, so it may still settle. `silent`: the rail was not heard, so what it said before still holds.
 * `notBefore`: when the rail takes such an order again (ms), where it failed for its time.
 */
export type Outcome =
  | Readonly<{ kind: 'settled'; evidence: Evidence; fee: Money }>
  | Readonly<{ kind: 'failed'; reason: FailureReason; detail?: string; notBefore?: number }>
  | Readonly<{ kind: 'unknown'; checkAfterMs: number; stuck?: true; silent?: true; refusal?: FailureReason; detail?: string }>
