import { floorDiv, max } from '../../money/integers.ts'
import type { AttemptStats } from '../../payouts/deciding/attemptStats.ts'
import type { LightningChannel, LightningReport, OnChain, OwnProcess } from '../../ports/lightningNode.ts'

const MS_PER_HOUR = 3_600_000n
/** A backup that is older than this while channels are open is worth a look: it is taken at every change of channels. */
const BACKUP_OLD_MS = 30 * 86_400_000
/** LND's own advice and ours: beyond this part of the slots payments begin to fail for want of one. */
const SLOTS_PERCENT_MAX = 60
const INBOUND_HOURS_MIN = 1n

/** Money that came in over the rail in the last `overMs`. */
export type Arrivals = Readonly<{ msat: bigint; count: number; overMs: bigint }>

/** What can leave and arrive, in msat; amounts of channels that are down are in no sum. */
type Liquidity = Readonly<{ outbound: bigint; inbound: bigint; unsettled: bigint; slotsUsed: number; slotsMax: number }>

export function liquidityOf(channels: readonly LightningChannel[]): Liquidity {
  const usable = channels.filter((channel) => channel.usable)
  const sum = (of: (channel: LightningChannel) => bigint) => usable.reduce((total, channel) => total + of(channel), 0n)
  return {
    outbound: sum(outboundOf),
    inbound: sum(inboundOf),
    unsettled: sum((channel) => channel.unsettledMsat),
    slotsUsed: usable.reduce((total, { slotsUsed }) => total + slotsUsed, 0),
    slotsMax: usable.reduce((total, { slotsMax }) => total + slotsMax, 0),
  }
}

const outboundOf = (channel: LightningChannel) => above(channel.localMsat, channel.reserveMsat)
const inboundOf = (channel: LightningChannel) => above(channel.remoteMsat, channel.remoteReserveMsat)

function above(balance: bigint, reserve: bigint): bigint {
  return max(balance - reserve, 0n)
}

/** For how many hours the inbound liquidity lasts when money keeps coming as it did; undefined when none came. */
export function inboundHours(inbound: bigint, { msat, overMs }: Arrivals): bigint | undefined {
  return msat === 0n ? undefined : floorDiv(inbound * overMs, msat * MS_PER_HOUR)
}

/** What an operator should look at, in words. */
export function alarmsOf(report: LightningReport, o: { arrivals: Arrivals; now: number }): string[] {
  const { channels, underWay, backup, synced } = report
  const { inbound, slotsUsed, slotsMax } = liquidityOf(channels)
  const hours = inboundHours(inbound, o.arrivals)
  const down = channels.filter((channel) => !channel.usable).length
  const stuck = underWay.filter((attempt) => attempt.stuck).length
  return [
    ...(synced ? [] : ['the node is not synced to its chain']),
    ...(channels.length === 0 ? ['there is no channel: nothing can be received or sent'] : []),
    ...(down > 0 ? [`${down} of ${channels.length} channels are down`] : []),
    ...(stuck > 0 ? [`${stuck} payments are stuck: see docs/lightning.md before doing anything`] : []),
    ...(slotsUsed * 100 > slotsMax * SLOTS_PERCENT_MAX ? [`${slotsUsed} of ${slotsMax} HTLC slots are taken`] : []),
    ...(hours !== undefined && hours < INBOUND_HOURS_MIN ? ['inbound liquidity lasts for less than an hour as money comes in now'] : []),
    ...(backup && channels.length > 0 && o.now - backup.takenAt > BACKUP_OLD_MS ? ['the channel backup is older than 30 days'] : []),
    ...(report.backend === 'lnd' && !backup ? ['there is no channel backup'] : []),
  ]
}

/** The node for an operator: amounts in msat as decimal text, times in ISO 8601. */
export function lightningView(report: LightningReport, o: { arrivals: Arrivals; stats: AttemptStats; now: number }) {
  const { backend, nodeId, name, network, height, synced, peers, channels, underWay, backup } = report
  const { arrivals, stats } = o
  const liquidity = liquidityOf(channels)
  return {
    backend,
    node_id: nodeId,
    name,
    network,
    height,
    synced,
    peers,
    alarms: alarmsOf(report, o),
    liquidity: {
      outbound_msat: `${liquidity.outbound}`,
      inbound_msat: `${liquidity.inbound}`,
      unsettled_msat: `${liquidity.unsettled}`,
      htlc_slots_used: liquidity.slotsUsed,
      htlc_slots: liquidity.slotsMax,
      inbound_hours_left: inboundHours(liquidity.inbound, arrivals)?.toString(),
    },
    received_last_day: { count: arrivals.count, msat: `${arrivals.msat}` },
    sent_last_day: {
      settled: stats.settled,
      failed: stats.failed,
      open: stats.open,
      stuck: stats.stuck,
      fee_ppm: stats.feePpm?.toString(),
      p50_ms: stats.p50Ms,
      p99_ms: stats.p99Ms,
    },
    ...(report.onChain ? { on_chain: onChainView(report.onChain) } : {}),
    channels: channels.map((channel) => ({
      id: channel.id,
      peer: channel.peer,
      usable: channel.usable,
      announced: channel.announced,
      opened_by_us: channel.weFunded,
      local_msat: `${channel.localMsat}`,
      remote_msat: `${channel.remoteMsat}`,
      unsettled_msat: `${channel.unsettledMsat}`,
      outbound_msat: `${outboundOf(channel)}`,
      inbound_msat: `${inboundOf(channel)}`,
      htlc_slots_used: channel.slotsUsed,
      htlc_slots: channel.slotsMax,
    })),
    under_way: underWay.map(({ id, paymentHash, since, stuck }) => ({
      attempt: id,
      payment_hash: paymentHash,
      stuck,
      since: new Date(Number(since)).toISOString(), // not money: a time in ms.
    })),
    ...(report.ownProcess ? { process: processView(report.ownProcess) } : {}),
    ...(backup ? { backup: { file: backup.file, channels: backup.channels, taken_at: new Date(backup.takenAt).toISOString() } } : {}),
  }
}

function onChainView({ confirmedMsat, pendingMsat, unexplained = [] }: OnChain) {
  return {
    confirmed_msat: `${confirmedMsat}`,
    pending_msat: `${pendingMsat}`,
    unexplained: unexplained.map(({ transaction, msat }) => ({ transaction, msat: `${msat}` })),
  }
}

function processView(p: OwnProcess) {
  return {
    memory_bytes: p.memoryBytes,
    recycles: p.recycles,
    restarts: p.restarts,
    dust_msat: `${p.dustMsat}`,
    dust_max_msat: `${p.dustMsatMax}`,
    channels_closing: `${p.closings}`,
    wallet_address: p.walletAddress,
  }
}
