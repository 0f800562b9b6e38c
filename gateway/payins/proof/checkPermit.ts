import { GatewayError } from '../../errors/gatewayError.ts'
import type { Hex } from '../../ports/ids.ts'
import { EXACT_PROXY, UPTO_PROXY } from '../../ports/permit2.ts'
import { checkEnd, checkTerms, type Unproved, unprovedBy } from './checkTransfer.ts'
import { permitDigest } from './permitDigest.ts'
import type { Permit, SignedTransfer } from './proof.ts'

/** What a payer must have signed for Permit2. `facilitator`: who collects a maximum; absent for an exact amount. */
type PermitTerms = Readonly<{ chainId: number; token: Hex; payTo: Hex; amount: bigint; facilitator?: Hex | undefined }>

/**
 * Refuses a permit that does not pay exactly these terms now. `now` in ms. No remote call: what the payer lets Permit2 take is for the view of what payers
 * can spend. Answers as `checkTransfer` does.
 */
export function checkPermit(t: SignedTransfer, permit: Permit, o: Readonly<{ terms: PermitTerms; now: number }>): Unproved | undefined {
  const { terms, now } = o
  if (permit.token !== terms.token.toLowerCase())
    throw new GatewayError('proof_wrong_token', `the permit is for the token ${permit.token}, the offer for ${terms.token}`)
  const spender = terms.facilitator === undefined ? EXACT_PROXY : UPTO_PROXY
  if (permit.spender !== spender)
    throw new GatewayError('proof_wrong_spender', `the permit lets ${permit.spender} take the money, and not ${spender}`)
  if (permit.facilitator !== terms.facilitator)
    throw new GatewayError('proof_wrong_spender', `the permit names ${permit.facilitator} to collect it, and not ${terms.facilitator}`)
  checkTerms(t, { payTo: terms.payTo, amount: terms.amount, fromIncluded: true }, now)
  checkEnd(t, now)
  return unprovedBy(permitDigest(terms.chainId, permit, t), t)
}
