import type { Money } from '../money/money.ts'
import type { Hex } from './ids.ts'
import type { Outcome } from './outcome.ts'
import type { VoucherChannelState } from './voucherChannels.ts'

/** x402's contract of payment channels (`x402BatchSettlement`) and its collector of deposits by EIP-3009; each at one address everywhere. */
export const BATCH_SETTLEMENT: Hex = '0x4020074e9df2ce1dee5a9c1b5c3f541d02a10003'
export const DEPOSIT_COLLECTOR: Hex = '0x4020806089470a89826cb9fb1f4059150b550004'

/** How long the contract lets a payer wait for a withdrawal, at least and at most, in seconds. */
export const WITHDRAW_DELAY_S_MIN = 900
export const WITHDRAW_DELAY_S_MAX = 2_592_000

/** What a channel is: its id commits to all of it. `payerAuthorizer` signs vouchers, `receiverAuthorizer` claims them. `withdrawDelay` in seconds. */
export type X402ChannelConfig = Readonly<{
  payer: Hex
  payerAuthorizer: Hex
  receiver: Hex
  receiverAuthorizer: Hex
  token: Hex
  withdrawDelay: number
  salt: Hex
}>

/** The payer's EIP-3009 authorization of a deposit; its nonce follows from the channel and `salt`. */
export type X402Deposit = Readonly<{ value: bigint; validAfter: bigint; validBefore: bigint; salt: Hex; signature: Hex }>

/** A voucher over `cumulative` units, of which the first `charged` of the channel's life are claimed. */
export type X402ClaimRow = Readonly<{ config: X402ChannelConfig; cumulative: bigint; signature: Hex; charged: bigint }>

/** What goes back to the payer of a channel, once: `nonce` is that of the channel's next refund. What it owes is claimed in the same transaction. */
type X402Refund = Readonly<{
  channelId: Hex
  config: X402ChannelConfig
  units: bigint
  nonce: bigint
  claims: readonly X402ClaimRow[]
}>

/** Payment channels of x402 on a chain, also where none is offered any more. The chain makes each call idempotent, and so does `id`. */
export interface X402ChannelOperator {
  /**
   * In the order of the ids; a channel that does not exist is all zero. `deposit` is what is in it by the newest block and by the newest that counts, whichever
   * is less; `closeAt` is when its payer asked for a withdrawal, 0 where it did not. Throws `rail_unavailable` when the rail does not answer.
   */
  x402Channels(ids: readonly Hex[]): Promise<readonly VoucherChannelState[]>
  /** Deposits by the payer's signature, which the caller has verified. What a simulation refuses now is answered `failed` and not kept. */
  x402Deposit(id: string, asked: Readonly<{ config: X402ChannelConfig; deposit: X402Deposit }>): Promise<Outcome>
  /** Claims vouchers of channels with one receiver and one authorizer, which sends it, and sends the receiver all that stands claimed for it. */
  x402Claim(id: string, asked: Readonly<{ receiver: Hex; rows: readonly X402ClaimRow[] }>): Promise<Outcome>
  /** Pays back what was not claimed, to the payer alone; of more than there is then, what there is. */
  x402Refund(id: string, asked: X402Refund): Promise<Outcome>
  /** How often a channel was paid back. Throws `rail_unavailable`. */
  x402RefundNonce(channelId: Hex): Promise<bigint>
  /** What a deposit, a refund, and a claim of so many rows, are expected to cost now, from memory. */
  x402DepositCost(): Money
  x402RefundCost(): Money
  x402ClaimCost(rows: bigint): Money
}
