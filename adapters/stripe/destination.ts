import type { CustomRailName } from '../../gateway/ports/railName.ts'
import type { Destination } from '../../gateway/ports/sender.ts'

export const STRIPE_RAIL: CustomRailName = 'custom:stripe'

const [CONNECTED, PAYMENT] = [/^acct_[A-Za-z0-9]{8,40}$/, /^pi_[A-Za-z0-9]{8,60}$/]

/** Why this rail can not pay there, in words. */
export function refuseDestination(destination: Destination): string | undefined {
  if (destination.kind !== 'custom' || destination.rail !== STRIPE_RAIL) return `${STRIPE_RAIL} does not pay to ${destination.kind}`
  if (CONNECTED.test(destination.account) || PAYMENT.test(destination.account)) return undefined
  return 'an account is acct_... of a connected account, or pi_... of the payment whose payer gets it back'
}
