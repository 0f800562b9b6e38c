import { type ChannelDetails, Option_u64Z_Some } from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { attemptForHash, pendingAttempts } from '../payments/attempts.ts'
import { isClaimed } from '../payments/nodeEvents.ts'

/**
 * What the node's open channels hold for us, in msat. `ownMsat` is ours and in no HTLC, reserve included. `outgoingMsat` is in HTLCs of payments
 * without an outcome, the attempts `outgoingAttempts`: ours until they settle. `claimedMsat` is in HTLCs whose preimage we gave and whose settlement is
 * reported: ours, but the channel counts it only when the HTLC is gone.
 */
export type ChannelBalance = Readonly<{ ownMsat: bigint; outgoingMsat: bigint; outgoingAttempts: readonly string[]; claimedMsat: bigint }>

/** Reads the balance LDK knows, and splits pending HTLCs by what the gateway has been told about them. A channel counts from when its opening is recorded. */
export function channelBalance(channels: readonly ChannelDetails[], store: NodeStore): ChannelBalance {
  let ownMsat = 0n
  let outgoingMsat = 0n
  let claimedMsat = 0n
  const hashes = new Set<string>()
  for (const channel of channels.filter((listed) => listed.get_is_channel_ready() && isOpened(store, listed))) {
    const outgoing = channel.get_pending_outbound_htlcs()
    ownMsat += channelValueMsat(channel) - sum(outgoing.map((htlc) => htlc.get_amount_msat()))
    const open = outgoing.filter((htlc) => unsettled(store, hex(htlc.get_payment_hash())))
    outgoingMsat += sum(open.map((htlc) => htlc.get_amount_msat()))
    for (const htlc of open) hashes.add(hex(htlc.get_payment_hash()))
    const claimed = channel.get_pending_inbound_htlcs().filter((htlc) => isClaimed(store, hex(htlc.get_payment_hash())))
    claimedMsat += sum(claimed.map((htlc) => htlc.get_amount_msat()))
  }
  return { ownMsat, outgoingMsat, outgoingAttempts: attemptsOf(store, hashes), claimedMsat }
}

/** The hash of an offer's payment is not known before its end: an HTLC of none that is known may be of any of those. */
function attemptsOf(store: NodeStore, hashes: ReadonlySet<string>): string[] {
  const known = [...hashes].map((hash) => attemptForHash(store, hash))
  const offers = known.includes(undefined) ? pendingAttempts(store).filter(({ paymentHash }) => paymentHash === '') : []
  return [...known, ...offers].flatMap((attempt) => (attempt ? [attempt.id] : []))
}

/** What the books hold for these channels: all that is ours, and what left without an outcome. */
export function attributedMsat(channels: readonly ChannelDetails[], store: NodeStore): bigint {
  const { ownMsat, outgoingMsat, claimedMsat } = channelBalance(channels, store)
  return ownMsat + outgoingMsat + claimedMsat
}

/**
 * Our side of a channel, HTLCs of ours still included. LDK gives capacities below which it cut at zero: outbound = ours - our HTLCs - our
 * reserve, inbound = theirs - their HTLCs - their reserve. The side that was not cut is exact, and where neither was, both must agree.
 */
export function channelValueMsat(channel: ChannelDetails): bigint {
  const totalMsat = channel.get_channel_value_satoshis() * 1_000n
  const reserve = channel.get_unspendable_punishment_reserve()
  const outbound = channel.get_outbound_capacity_msat()
  const inbound = channel.get_inbound_capacity_msat()
  const sentMsat = sum(channel.get_pending_outbound_htlcs().map((htlc) => htlc.get_amount_msat()))
  const comingMsat = sum(channel.get_pending_inbound_htlcs().map((htlc) => htlc.get_amount_msat()))
  const theirReserve = channel.get_counterparty().get_unspendable_punishment_reserve() * 1_000n
  const fromInbound = totalMsat - inbound - comingMsat - theirReserve
  if (outbound === 0n || !(reserve instanceof Option_u64Z_Some)) return fromInbound
  const fromOutbound = outbound + sentMsat + reserve.some * 1_000n
  invariant(inbound === 0n || fromInbound === fromOutbound, `both sides of a channel agree: ${fromOutbound} and ${fromInbound} msat`)
  return fromOutbound
}

function isOpened(store: NodeStore, channel: ChannelDetails): boolean {
  const id = hex(channel.get_channel_id().write())
  return store.statement('SELECT 1 FROM opened_channels WHERE channel = ?').get(id) !== undefined
}

function unsettled(store: NodeStore, paymentHash: string): boolean {
  // The hash of an offer's payment is not known before its end, so what is not settled is not.
  return attemptForHash(store, paymentHash)?.state !== 'settled'
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
