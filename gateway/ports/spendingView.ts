import type { Authorization } from './receiver.ts'

/** What stands behind an authorization on its chain now: the payer's units of the token, whether its account has code, and whether the nonce is gone. */
export type Spending = Readonly<{ balance: bigint; hasCode: boolean; nonceUsed: boolean }>

/** What payers can spend. A chain that does not say in time is no reason to refuse anybody, nor to trust. */
export interface SpendingView {
  /** Never rejects; undefined when the chain does not say in time. */
  spending(of: Pick<Authorization, 'from' | 'nonce'>): Promise<Spending | undefined>
}
