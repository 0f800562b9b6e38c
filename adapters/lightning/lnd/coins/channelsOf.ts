import { type AuthenticatedLnd, getChannels, getClosedChannels, getPendingChannels } from 'lightning'
import { closingHomes } from '../closings/closedChannels.ts'
import { bookedClosings, isBeforeBooks } from '../closings/watchClosings.ts'
import { lndCall } from '../node/lndCall.ts'
import { integerOf, type LndStore, textOf } from '../node/store.ts'
import type { CoinChannel, CoinClosings } from './explainCoins.ts'

const CALL_DEADLINE_MS = 5_000
/** Ids of channels that are not in a block yet begin here: they are no heights. */
const ALIAS_HEIGHT_MIN = 16_000_000

type Sight = Readonly<{ channels: readonly CoinChannel[]; closings: CoinClosings }>

/**
 * The channels that coins went into and come out of, as LND tells them now. A channel goes from one list into the next, so they are read in that order: none
 * is missed. What the opener pushed, and where the HTLCs of a closing channel went, LND tells only while it is so: the file remembers it. Throws `LndError`.
 */
export async function channelsOf(lnd: AuthenticatedLnd, store: LndStore, after: number): Promise<Sight> {
  const ask = <T>(call: () => Promise<T>) => lndCall('the channels', CALL_DEADLINE_MS, call)
  const { pending_channels: pending } = await ask(() => getPendingChannels({ lnd }))
  const { channels: open } = await ask(() => getChannels({ lnd }))
  const { channels: closed } = await ask(() => getClosedChannels({ lnd }))
  const opening = pending.filter(({ is_opening }) => is_opening)
  const closing = pending.filter((found) => found.is_closing && !isBeforeBooks(store, pointOf(found)))
  const ended = closed.filter((found) => (found.close_confirm_height ?? 0) > after && !isBeforeBooks(store, pointOf(found)))
  for (const found of opening) notePush(store, pointOf(found), found.is_partner_initiated ? found.local_balance : found.remote_balance)
  for (const found of open) notePush(store, pointOf(found), (found.local_given ?? 0) + (found.remote_given ?? 0))
  for (const found of [...opening, ...open, ...closing, ...ended]) noteSource(store, pointOf(found), found)
  for (const found of [...closing, ...ended])
    if (found.close_transaction_id !== undefined) noteSource(store, found.close_transaction_id, found)
  for (const found of closing) for (const htlc of found.pending_payments ?? []) noteSource(store, pointOf(htlc), found)
  const coinChannel = (found: Listed, state: CoinChannel['state'], isNew = false): CoinChannel => {
    const channel = pointOf(found)
    const weOpened = found.is_partner_initiated === false
    return { channel, state, weOpened, isNew, capacitySats: BigInt(found.capacity), pushedSats: pushOf(store, channel) }
  }
  const booked = bookedClosings(store)
  const homes = ended.filter((found) => booked.has(pointOf(found))).flatMap(closingHomes)
  const bookedSats = new Map<string, bigint>()
  for (const { transaction, sats } of homes) bookedSats.set(transaction, (bookedSats.get(transaction) ?? 0n) + sats)
  return {
    channels: [
      ...opening.map((found) => coinChannel(found, 'opening')),
      ...open.map((found) => coinChannel(found, 'open', isNew(found.id, after))),
      ...[...closing, ...ended].map((found) => coinChannel(found, 'closed')),
    ],
    closings: {
      sources: sourcesOf(store),
      booked: new Set(booked.keys()),
      bookedSats,
      homeSats: [...booked.values()].reduce((sum, msat) => sum + msat, 0n) / 1_000n,
    },
  }
}

type Point = Readonly<{ transaction_id: string; transaction_vout: number }>
type Listed = Readonly<{ transaction_id: string; transaction_vout: number; capacity: number; is_partner_initiated?: boolean }>

function pointOf({ transaction_id, transaction_vout }: Point): string {
  return `${transaction_id}:${transaction_vout}`
}

/** By the height that a channel's id begins with. */
function isNew(id: string, after: number): boolean {
  const height = Number.parseInt(id, 10) // A height.
  return height > after && height < ALIAS_HEIGHT_MIN
}

function notePush(store: LndStore, channel: string, sats: number): void {
  if (sats > 0 && pushOf(store, channel) === 0n) store.write('INSERT INTO pushes (channel, sats) VALUES (?, ?)', channel, BigInt(sats))
}

function pushOf(store: LndStore, channel: string): bigint {
  const found = store.statement('SELECT sats FROM pushes WHERE channel = ?').get(channel)
  return found ? integerOf(found.sats) : 0n
}

function noteSource(store: LndStore, source: string, of: Point): void {
  if (store.statement('SELECT 1 FROM coin_sources WHERE source = ?').get(source)) return
  store.write('INSERT INTO coin_sources (source, channel) VALUES (?, ?)', source, pointOf(of))
}

function sourcesOf(store: LndStore): ReadonlyMap<string, string> {
  const rows = store.statement('SELECT source, channel FROM coin_sources').all()
  return new Map(rows.map(({ source, channel }) => [textOf(source), textOf(channel)]))
}
