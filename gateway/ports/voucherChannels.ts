import type { Money } from '../money/money.ts'
import type { Hex } from './ids.ts'
import type { Outcome } from './outcome.ts'

/**
 * What a voucher channel is: its id commits to all of it, so a voucher can pay no other split, token or hub. `salt` has 96 bits. `closer` may
 * agree, for the split, that the payer gets its rest back at once; nobody may when it is the zero address.
 */
export type VoucherChannelTerms = Readonly<{ payer: Hex; salt: bigint; splitId: Hex; token: Hex; closer: Hex }>

/** The payer's EIP-3009 authorization of a deposit; its nonce follows from the channel and `salt`. */
export type VoucherChannelDeposit = Readonly<{ value: bigint; salt: Hex; validAfter: bigint; validBefore: bigint; signature: Hex }>

/** The chain's own word about a channel, at its newest block. `closeAt` in seconds: 0 is open, `CLOSED_FOR_EVER` is paid back. */
export type VoucherChannelState = Readonly<{ id: Hex; deposit: bigint; claimed: bigint; closeAt: bigint }>

/** `closeAt` of a channel whose rest went back to its payer. */
export const CLOSED_FOR_EVER = 2n ** 40n - 1n

/** What a payer signs for on this chain. `closer` is the account that signs closes for the gateway. */
type VoucherChannelPlace = Readonly<{ chainId: number; hub: Hex; token: Hex; tokenName: string; tokenVersion: string; closer: Hex }>

/** Vouchers of channels with one split and one closer, packed as the contract takes them. */
export type PackedClaim = Readonly<{ splitId: Hex; closer: Hex; rows: Hex }>

/** Voucher channels of a rail's hub. Anyone may submit all of it; the chain makes each idempotent, and so does `id`. */
export interface VoucherChannelOperator {
  readonly place: VoucherChannelPlace
  /** From here on the rail's statement counts this channel's deposit with its split. */
  watchChannel(channelId: Hex, splitId: Hex): void
  /** In the order of the ids; a channel that does not exist is all zero. Throws `rail_unavailable` when the rail does not answer. */
  channels(ids: readonly Hex[]): Promise<readonly VoucherChannelState[]>
  /**
   * Opens a channel or tops it up by the payer's signature, which the caller has verified. What a simulation refuses now is answered `failed` and not
   * kept. `already_used`: this deposit was made, or cancelled, before. Throws `rail_unavailable`: nothing was kept.
   */
  openChannel(id: string, opening: Readonly<{ terms: VoucherChannelTerms; deposit: VoucherChannelDeposit }>): Promise<Outcome>
  /** Claims vouchers into their split's pot. Rows that bring nothing are skipped by the contract. */
  claimPacked(id: string, claim: PackedClaim): Promise<Outcome>
  /** Gives the rest of a channel back at once, once `claimedMin` units are claimed, in the name of `place.closer`. */
  closeChannel(id: string, closing: Readonly<{ channelId: Hex; terms: VoucherChannelTerms; claimedMin: bigint }>): Promise<Outcome>
  /** What opening a channel, closing one, and a claim of so many rows, are expected to cost now, from memory. */
  openCost(): Money
  closeCost(): Money
  claimCost(rows: bigint): Money
}
