import { type AuthenticatedLnd, getChannelBalance, getPendingChannels } from 'lightning'
import type { Asset } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { Cursor } from '../../../gateway/ports/ids.ts'
import type { RailBalance } from '../../../gateway/ports/statement.ts'
import { walletBalance } from './coins/coinSettlements.ts'
import type { ExplainedCoins } from './coins/explainCoins.ts'
import { lndCall, railCall } from './node/lndCall.ts'
import { satsToMsat } from './node/msat.ts'
import { listChannels, type RpcChannel } from './node/wire.ts'
import { PLACE } from './paying/translate.ts'

const CALL_DEADLINE_MS = 5_000
/** At a gateway's first start all invoices of the node are read, a thousand a call. */
const FIRST_READING_MS = 600_000
/** Looks at the wallet wait for each other. */
const COINS_DEADLINE_MS = 40_000
/** Reads of one statement, when payments come and go meanwhile. */
const READS_MAX = 3
/** The two anchor outputs of a channel with anchors, in satoshi, paid by who opened it (BOLT 3). */
const ANCHORS_SATS = 660n
/** The weight that a commitment without HTLCs is charged for, and that of each HTLC in it (BOLT 3; for taproot as LND counts it). */
const WEIGHT = { plain: 724n, anchors: 1_124n, taproot: 968n, htlc: 172n } as const
/** LND tells an HTLC in whole satoshi, rounded down. */
const HTLC_ROUNDING_MSAT = 999n

/**
 * What the node's channels hold for us, in msat. `ownMsat` is ours and in no HTLC, reserve and commitment fees included. `outgoingMsat` and
 * `incomingMsat` are in HTLCs, rounded up, `outgoingHashes` those of the payments; `closingMsat` is in channels that are not open any more.
 */
type ChannelSums = Readonly<{
  ownMsat: bigint
  outgoingMsat: bigint
  outgoingHashes: readonly string[]
  incomingMsat: bigint
  closingMsat: bigint
}>

/**
 * Reads the balances. LND tells the balance and the HTLCs in two calls: one that is settled in between would be in neither. So the channels are read
 * before and after, until nothing has changed meanwhile; on a node that is too busy for that, HTLCs count in which either list knows more. Throws
 * `LndError`.
 */
async function channelSums(lnd: AuthenticatedLnd): Promise<ChannelSums> {
  const ask = <T>(what: string, call: () => Promise<T>) => lndCall(what, CALL_DEADLINE_MS, call)
  const listed = () => ask('the channels', () => listChannels(lnd))
  let before = await listed()
  for (let tries = 1; ; tries++) {
    const [balance, { pending_channels }] = await Promise.all([
      ask('the balance', () => getChannelBalance({ lnd })),
      ask('the pending channels', () => getPendingChannels({ lnd })),
    ])
    const after = await listed()
    if (tries === READS_MAX || sameStates(before, after)) {
      const closing = pending_channels.filter(({ is_closing }) => is_closing)
      return {
        ownMsat: BigInt(balance.channel_balance_mtokens ?? '0') + sum(after.map(paidAsOpener)),
        ...htlcSums(before, after),
        closingMsat: sum(closing.map(({ local_balance, pending_balance }) => satsToMsat(pending_balance ?? local_balance))),
      }
    }
    before = after
  }
}

/** True when no commitment was made between two lists of the channels. */
export function sameStates(before: readonly RpcChannel[], after: readonly RpcChannel[]): boolean {
  const stateOf = ({ channel_point, num_updates }: RpcChannel) => `${channel_point} ${num_updates}`
  const states = new Set(before.map(stateOf))
  return before.length === after.length && after.every((channel) => states.has(stateOf(channel)))
}

/** What is in HTLCs, by the list that knows of more. */
export function htlcSums(
  before: readonly RpcChannel[],
  after: readonly RpcChannel[],
): Pick<ChannelSums, 'outgoingMsat' | 'outgoingHashes' | 'incomingMsat'> {
  const most = (incoming: boolean) => {
    const [a, b] = [before, after].map((channels) => sum(channels.map((channel) => htlcsMsat(channel, incoming)))) as [bigint, bigint] // Two lists.
    return a > b ? a : b
  }
  const hashes = [...before, ...after].flatMap((channel) => ownHtlcs(channel, false).map(({ hash_lock }) => hash_lock))
  return { outgoingMsat: most(false), outgoingHashes: [...new Set(hashes)], incomingMsat: most(true) }
}

/**
 * Who opened a channel pays for its commitment: LND leaves that out of the balance, and a cooperative close gives most of it back. Its own figure of the
 * fee counts what is cut off below a satoshi too, so the fee is reckoned as the peers do it.
 */
export function paidAsOpener({ initiator, commitment_type, fee_per_kw, pending_htlcs }: RpcChannel): bigint {
  if (!initiator) return 0n
  const taproot = commitment_type.startsWith('SIMPLE_TAPROOT')
  const plain = commitment_type === 'LEGACY' || commitment_type === 'STATIC_REMOTE_KEY'
  const base = taproot ? WEIGHT.taproot : plain ? WEIGHT.plain : WEIGHT.anchors
  const weight = base + WEIGHT.htlc * BigInt(pending_htlcs.length)
  return ((fee_per_kw * weight) / 1_000n + (plain ? 0n : ANCHORS_SATS)) * 1_000n
}

function htlcsMsat(channel: RpcChannel, incoming: boolean): bigint {
  return sum(ownHtlcs(channel, incoming).map(({ amount }) => amount * 1_000n + HTLC_ROUNDING_MSAT))
}

function ownHtlcs({ pending_htlcs }: RpcChannel, incoming: boolean) {
  return pending_htlcs.filter((htlc) => htlc.incoming === incoming && htlc.forwarding_channel === '0')
}

/**
 * The node's own word for reconciliation, and the place of its settlements that it stands at: read again when something was settled meanwhile. Throws
 * `rail_unavailable`.
 */
export async function statementOf(
  lnd: AuthenticatedLnd,
  place: () => Promise<Cursor>,
  o: { asset: Asset; at: number; residueMsat: () => bigint; coins: () => Promise<ExplainedCoins | undefined> },
): Promise<RailBalance[]> {
  const { asset, at } = o
  const placed = () => railCall('the settlements', FIRST_READING_MS, place)
  let cursor = await placed()
  let sums = await railCall('the balances', 2 * CALL_DEADLINE_MS, () => channelSums(lnd))
  for (let reads = 1; reads < READS_MAX; reads++) {
    const after = await placed()
    if (after === cursor) break
    cursor = after
    sums = await railCall('the balances', 2 * CALL_DEADLINE_MS, () => channelSums(lnd))
  }
  const lines = [
    { what: 'outgoing HTLCs, fees included', amount: money(asset, sums.outgoingMsat), payments: sums.outgoingHashes },
    { what: 'incoming HTLCs', amount: money(asset, sums.incomingMsat) },
    { what: 'closed channels, not yet spendable', amount: money(asset, sums.closingMsat) },
    { what: 'parts of a satoshi in closed channels', amount: money(asset, o.residueMsat()) },
  ]
  const inFlight = lines.filter(({ amount }) => amount.units !== 0n)
  const coins = await railCall('what its wallet holds', COINS_DEADLINE_MS, o.coins)
  const channels = { place: PLACE, amount: money(asset, sums.ownMsat), at, cursor, inFlight }
  return coins ? [channels, walletBalance(coins, o)] : [channels]
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n)
}
