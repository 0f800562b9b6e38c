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

type X402ChannelFact = FactOf<'x402.vouched', ReceiptId, X402VouchedData>

const kinds = factKinds<X402ChannelFact>({ 'x402.vouched': true })

/** A fact about a channel of x402 as the journal takes it, named by the receipt of the request. */
export const toX402ChannelFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readX402ChannelFact = kinds.read
