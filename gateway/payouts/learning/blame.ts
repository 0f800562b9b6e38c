import type { FailureReason } from '../../ports/outcome.ts'

/**
 * Whom a failure speaks of. `rail`: the rail itself, whoever is paid. `way`: the rail or the payee, and nobody can tell: it counts for the rail as far as one
 * party may decide. `payee`: the payee alone. `nobody`: the rail has not been tried.
 */
export type Blame = 'rail' | 'way' | 'payee' | 'nobody'

const BLAME: Readonly<Record<FailureReason, Blame>> = {
  never_sent: 'nobody',
  no_route: 'way',
  fee_above_limit: 'way',
  insufficient_liquidity: 'rail',
  rejected_by_payee: 'payee',
  rejected_by_rail: 'rail',
  invalid_destination: 'payee',
  expired: 'payee',
  already_used: 'payee',
  payer_delegated: 'nobody',
  reverted: 'rail',
  past_cut_off: 'nobody',
}

/** Reasons of our own, such as a fee budget that is used, say nothing of a rail. */
export function blameOf(reason: string): Blame {
  return (BLAME as Readonly<Record<string, Blame | undefined>>)[reason] ?? 'nobody'
}
