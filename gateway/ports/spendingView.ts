import type { Hex } from './ids.ts'
import type { Authorization } from './receiver.ts'

/**
 * What stands behind an authorization on its chain now: the payer's units of the token, whether its account has code, and whether the nonce is gone.
 * `allowance`: what Permit2 may take of them, where it is asked to.
 */
export type Spending = Readonly<{ balance: bigint; hasCode: boolean; nonceUsed: boolean; allowance?: bigint }>

/** What took a nonce: the very payment that its authorization tells of, or anything else. */
export type NonceUse = Readonly<{ kind: 'paid'; transaction: Hex }> | Readonly<{ kind: 'otherwise' }>

/** What payers can spend. A chain that does not say in time is no reason to refuse anybody, nor to trust. */
export interface SpendingView {
  /** Never rejects; undefined when the chain does not say in time. */
  spending(of: Pick<Authorization, 'kind' | 'from' | 'nonce'>): Promise<Spending | undefined>
  /** What used a nonce that `spending` calls used. Never rejects; undefined when the chain does not say in time or the use is too old to be found. */
  useOf(authorization: Authorization): Promise<NonceUse | undefined>
}
