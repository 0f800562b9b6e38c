import { type AuthenticatedLnd, getChannelBalance, getChannels, getPendingChannels } from 'lightning'
import type { Asset } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { RailBalance } from '../../../gateway/ports/statement.ts'
import { lndCall, railCall } from './lndCall.ts'
import { satsToMsat } from './msat.ts'
import { PLACE } from './translate.ts'

const CALL_DEADLINE_MS = 5_000
/** The two anchor outputs of a channel with anchors, paid by who opened it (BOLT 3). */
const ANCHORS_SATS = 660
/** LND tells an HTLC in whole satoshi, rounded down. */
const HTLC_ROUNDING_MSAT = 999n

/**
 * What the node's channels hold for us, in msat. `ownMsat` is ours and in no HTLC, reserve and commitment fees included. `outgoingMsat` and
 * `incomingMsat` are in HTLCs, rounded up; `openingMsat` and `closingMsat` are in channels that are not open yet, or not any more.
 */
export type ChannelSums = Readonly<{
  ownMsat: bigint
  outgoingMsat: bigint
  incomingMsat: bigint
  openingMsat: bigint
  closingMsat: bigint
}>

type ChannelRow = Readonly<{
  commit_transaction_fee: number
  is_partner_initiated: boolean
  type?: string
  pending_payments: readonly Readonly<{ is_outgoing: boolean; is_forward?: boolean; tokens: number }>[]
}>

/** Reads the balances. Throws `LndError`. */
export async function channelSums(lnd: AuthenticatedLnd): Promise<ChannelSums> {
  const ask = <T>(what: string, call: () => Promise<T>) => lndCall(what, CALL_DEADLINE_MS, call)
  const [balance, { channels }, { pending_channels }] = await Promise.all([
    ask('the balance', () => getChannelBalance({ lnd })),
    ask('the channels', () => getChannels({ lnd })),
    ask('the pending channels', () => getPendingChannels({ lnd })),
  ])
  const closing = pending_channels.filter(({ is_closing }) => is_closing)
  return {
    ownMsat: BigInt(balance.channel_balance_mtokens ?? '0') + sum(channels.map(paidAsOpener)),
    outgoingMsat: sum(channels.map((channel) => htlcsMsat(channel, true))),
    incomingMsat: sum(channels.map((channel) => htlcsMsat(channel, false))),
    openingMsat: satsToMsat(balance.pending_balance),
    closingMsat: sum(closing.map(({ local_balance, pending_balance }) => satsToMsat(Math.max(local_balance, pending_balance ?? 0)))),
  }
}

/** Who opened a channel pays for its commitment: LND leaves that out of the balance, and a cooperative close gives most of it back. */
function paidAsOpener(channel: ChannelRow): bigint {
  if (channel.is_partner_initiated) return 0n
  const anchors = channel.type === undefined || channel.type === 'static_remote_key' || channel.type === 'original' ? 0 : ANCHORS_SATS
  return satsToMsat(channel.commit_transaction_fee + anchors)
}

function htlcsMsat({ pending_payments }: ChannelRow, outgoing: boolean): bigint {
  const own = pending_payments.filter(({ is_outgoing, is_forward }) => is_outgoing === outgoing && is_forward !== true)
  return sum(own.map(({ tokens }) => satsToMsat(tokens) + HTLC_ROUNDING_MSAT))
}

/** The node's own word for reconciliation. Throws `rail_unavailable`. */
export async function statementOf(lnd: AuthenticatedLnd, asset: Asset, at: number): Promise<RailBalance> {
  const sums = await railCall('the balances', 2 * CALL_DEADLINE_MS, () => channelSums(lnd))
  const lines = [
    { what: 'outgoing HTLCs, fees included', units: sums.outgoingMsat },
    { what: 'incoming HTLCs', units: sums.incomingMsat },
    { what: 'channels that are opening', units: sums.openingMsat },
    { what: 'closed channels, not yet spendable', units: sums.closingMsat },
  ]
  const inFlight = lines.filter(({ units }) => units !== 0n).map(({ what, units }) => ({ what, amount: money(asset, units) }))
  return { place: PLACE, amount: money(asset, sums.ownMsat), at, inFlight }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n)
}
