import type { Money } from '../money/money.ts'
import type { Outcome } from './outcome.ts'

/** What an operator wants of a wallet on chain. `all` is everything that is there, less the fee; `feeMax`: a transaction that would cost more is refused. */
export type WithdrawalWish = Readonly<{ address: string; amount: Money | 'all'; feeRateSatPerVb: bigint; feeMax: Money | undefined }>

/** One transaction to come: what arrives, what it costs, and the coins that it spends, as `txid:output`. */
export type WithdrawalPlan = Readonly<{ address: string; amount: Money; fee: Money; inputs: readonly string[] }>

/** `outcome` is settled when no reorganisation that the node follows can take it back; until then `confirmations` counts. */
export type WithdrawalProgress = Readonly<{ outcome: Outcome; transaction: string | undefined; confirmations: number }>

/** Coins of the node's own on chain, an ability that a Lightning backend has or lacks. */
export interface ChainWallet {
  /** Where the books have its money. */
  readonly place: string
  /**
   * Moves nothing. Throws `invalid_request` for an address that is none or of another network, `invalid_amount` for what no output may hold,
   * `insufficient_balance`, `fee_above_limit`, and `rail_unavailable`.
   */
  planWithdrawal(wish: WithdrawalWish): Promise<WithdrawalPlan>
  /**
   * Begins it under this id, or says how far it is: the same id never pays twice. The transaction is durable before it is sent, and is sent again until it
   * is in a block. Never throws. `failed` only while nothing was signed: one of its coins has gone into another withdrawal.
   */
  withdraw(id: string, plan: WithdrawalPlan): Promise<WithdrawalProgress>
}
