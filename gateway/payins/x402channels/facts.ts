import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { Hex, ReceiptId } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { X402ChannelConfig } from '../../ports/x402Channels.ts'

/** A voucher over `cumulative` units of a channel, taken for the request of `claimKey`. `config`: with the first of a channel. */
export type X402VouchedData = Readonly<{
  rail: EvmRailName
  channel: Hex
  splitId: Hex
  cumulative: string
  signature: Hex
  claimKey: string
  config?: X402ChannelConfig
}>

/**
 * A refund of a channel that had paid `sum` begins: `units` at most, of which its payer asked for `asked` where it named a sum; `nonce` is the contract's.
 * `isEarned`: what the channel has paid since the one before is worth the gas.
 */
export type X402RefundingData = Readonly<{
  rail: EvmRailName
  channel: Hex
  sum: string
  units: string
  asked?: string
  nonce: string
  isEarned: boolean
}>

/** What became of it. `transaction` is empty where another one than ours has done it. */
type X402RefundedData = Readonly<{
  rail: EvmRailName
  channel: Hex
  sum: string
  outcome: 'settled' | 'failed'
  transaction: Hex | ''
}>

type X402ChannelFact =
  | FactOf<'x402.vouched', ReceiptId, X402VouchedData>
  | FactOf<'x402.refunding', string, X402RefundingData>
  | FactOf<'x402.refunded', string, X402RefundedData>

const kinds = factKinds<X402ChannelFact>({ 'x402.vouched': true, 'x402.refunding': true, 'x402.refunded': true })

/** A fact about a channel of x402 as the journal takes it, named by the receipt of the request, or by the refund. */
export const toX402ChannelFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readX402ChannelFact = kinds.read
