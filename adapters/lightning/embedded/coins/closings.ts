import type { ChannelDetails, ChannelManager } from 'lightningdevkit'
import type { NodeParts } from '../ldk/nodeParts.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { pendingAttempts } from '../payments/attempts.ts'
import { lastEventSeq, recordPlaceEvent } from '../payments/nodeEvents.ts'
import { attributedMsat } from './nodeBalance.ts'
import { bookedMsat, sumOf } from './placeSums.ts'
import { bookFinalSweeps, sendSweeps, unsweptSats } from './sweeps.ts'

type ClosingNode = Readonly<{ manager: ChannelManager; store: NodeStore; parts: NodeParts; now: () => number }>

/** Remembers what our side was when the channel opened, and tells of it: the books begin with it, or take it over as the operator's. */
export function recordOpened(store: NodeStore, channel: string, openedMsat: bigint, at: number): void {
  const isNew = store.write(
    'INSERT OR IGNORE INTO opened_channels (channel, opened_msat, at) VALUES (?, ?, ?)',
    channel,
    openedMsat,
    BigInt(at),
  )
  if (isNew && openedMsat > 0n) recordPlaceEvent(store, { kind: 'funded', id: channel, place: 'node', amountMsat: openedMsat, at })
}

export function recordClosed(store: NodeStore, channel: string, reason: string, at: number): void {
  store.write('INSERT INTO closed_channels (channel, reason, at) VALUES (?, ?, ?)', channel, reason, BigInt(at))
}

export function wasClosed(store: NodeStore, channel: string): boolean {
  return store.statement('SELECT 1 FROM closed_channels WHERE channel = ?').get(channel) !== undefined
}

/** Channels that are closed and not yet paid out to the last satoshi. */
export function unresolvedClosings(store: NodeStore): bigint {
  return sumOf(store, 'SELECT count(*) AS n FROM closed_channels WHERE resolved = 0')
}

/**
 * What the books still hold at 'node' for channels that are closed: it moves to 'closing' once no payment in them can change it any more. Until
 * then it contains the HTLCs whose end the chain decides.
 */
export function leavingMsat(store: NodeStore, channels: readonly ChannelDetails[]): bigint {
  return bookedMsat(store, 'node') - attributedMsat(channels, store)
}

/** What closed channels owe us on chain, in satoshi: LDK's claims, outputs to sweep, and sweeps on their way. */
export function closingSats({ manager, store, parts }: Omit<ClosingNode, 'now'>): bigint {
  const claims = parts.chainMonitor.get_claimable_balances(manager.list_channels())
  return claims.reduce((sum, claim) => sum + claim.claimable_amount_satoshis(), 0n) + unsweptSats(store)
}

/**
 * Brings closed channels home by one step, after each block. Called when LDK is quiet, inside the commit that the block ends in. What a closing
 * cost (commitment fee, HTLCs too small for an output, parts of a satoshi) is known when nothing is left of it, and is booked then. True when
 * there are new events.
 */
export function stepClosings(node: ClosingNode): boolean {
  const { manager, store, now } = node
  if (unresolvedClosings(store) === 0n) return false
  const before = lastEventSeq(store)
  const channels = manager.list_channels()
  // Nothing is booked out of 'closing' before it is booked into it.
  const booking = carriedOnChain(store, channels).length === 0
  if (booking) {
    moveOut(store, leavingMsat(store, channels), now())
    bookFinalSweeps(store, manager.current_best_block().get_height(), now())
  }
  sendSweeps(store, node.parts, now())
  if (booking && closingSats(node) === 0n) {
    bookRest(store, bookedMsat(store, 'closing'), now())
    store.write('UPDATE closed_channels SET resolved = 1 WHERE resolved = 0')
  }
  return lastEventSeq(store) > before
}

/** The attempts under way that no open channel carries: their HTLCs are in a closed one. */
export function carriedOnChain(store: NodeStore, channels: readonly ChannelDetails[]): string[] {
  const open = new Set(
    channels.flatMap((channel) => channel.get_pending_outbound_htlcs().map((htlc) => Buffer.from(htlc.get_payment_hash()).toString('hex'))),
  )
  return pendingAttempts(store).flatMap(({ id, paymentHash }) => (open.has(paymentHash) ? [] : [id]))
}

function moveOut(store: NodeStore, msat: bigint, at: number): void {
  if (msat === 0n) return
  const [place, toPlace] = msat > 0n ? (['node', 'closing'] as const) : (['closing', 'node'] as const)
  recordPlaceEvent(store, { kind: 'moved', id: nextName(store), place, toPlace, amountMsat: msat > 0n ? msat : -msat, at })
}

function bookRest(store: NodeStore, msat: bigint, at: number): void {
  if (msat === 0n) return
  const kind = msat > 0n ? 'spent' : 'received'
  recordPlaceEvent(store, { kind, id: nextName(store), place: 'closing', amountMsat: msat > 0n ? msat : -msat, at })
}

/** Unique among events, because the next one gets the next number. */
function nextName(store: NodeStore): string {
  return `closing ${sumOf(store, 'SELECT coalesce(max(seq), 0) + 1 AS n FROM events')}`
}
