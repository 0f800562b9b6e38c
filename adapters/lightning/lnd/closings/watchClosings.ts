import type { AuthenticatedLnd } from 'lightning'
import { integerOf, type LndStore, textOf } from '../node/store.ts'
import { closedChannels, closingChannels } from './closedChannels.ts'
import { closingCost } from './closingCost.ts'

/** The height after which closings are news: what closed before, or was closing then, is in nobody's books. */
const AFTER = 'closings_after'

/** The least part of a satoshi that no transaction pays. */
const ROUNDING_MSAT = 999n

/** A channel that is closed for good: `homeMsat` is in LND's wallet or on its way there, `costMsat` stayed on chain. `seq` is its place in this file. */
export type ClosingRow = Readonly<{ seq: bigint; channel: string; homeMsat: bigint; costMsat: bigint; at: bigint }>

export type Closings = Readonly<{
  after: (seq: bigint) => ClosingRow[]
  /** What closings may have left in the books, in msat: LND tells what came home in whole satoshi. */
  residueMsat: () => bigint
  /** Looks once; after each block there may be more. */
  look: () => Promise<void>
  onNews: (listener: () => void) => () => void
}>

/** From which height on closings are news, undefined where that is not known yet. */
export function closingsAfter(store: LndStore): number | undefined {
  const text = store.meta(AFTER)
  return text === undefined ? undefined : Number(text) // not money: a height
}

export function setClosingsAfter(store: LndStore, height: number): void {
  store.setMeta(AFTER, String(height))
}

/** What is closing when the books begin is not in what the channels hold then, so it never leaves them. Throws `LndError`. */
export async function leaveOutClosing(lnd: AuthenticatedLnd, store: LndStore): Promise<void> {
  for (const { channel } of await closingChannels(lnd)) store.write('INSERT OR IGNORE INTO closings_before (channel) VALUES (?)', channel)
}

/** Whether a channel was closing when the books began. */
export function isBeforeBooks(store: LndStore, channel: string): boolean {
  return store.statement('SELECT 1 FROM closings_before WHERE channel = ?').get(channel) !== undefined
}

/** What each closing that the books are told of brought home, in msat, by its channel. */
export function bookedClosings(store: LndStore): ReadonlyMap<string, bigint> {
  const rows = store.statement('SELECT channel, home_msat FROM closings').all()
  return new Map(rows.map(({ channel, home_msat }) => [textOf(channel), integerOf(home_msat)]))
}

/** Finds channels that close. A node that does not answer is looked at again. */
export function watchClosings(lnd: AuthenticatedLnd, store: LndStore, o: { now: () => number }): Closings {
  const listeners = new Set<() => void>()
  let looking = false
  const lookOnce = async (after: number) => {
    for (const { channel, localMsat, remoteMsat } of await closingChannels(lnd)) {
      // The first sight counts: later LND tells less of it.
      store.write('INSERT OR IGNORE INTO closing_seen (channel, local_msat, remote_msat) VALUES (?, ?, ?)', channel, localMsat, remoteMsat)
    }
    for (const closed of await closedChannels(lnd, after)) {
      const { channel, homeMsat } = closed
      if (isBeforeBooks(store, channel)) continue
      const cost = closingCost(closed, seenOf(store, channel))
      const row = [channel, homeMsat, cost, BigInt(o.now())]
      if (store.write('INSERT OR IGNORE INTO closings (channel, home_msat, cost_msat, at) VALUES (?, ?, ?, ?)', ...row) === 0) continue
      for (const listener of listeners) listener()
    }
  }
  return {
    after: (seq) => rowsAfter(store, seq),
    residueMsat: () => integerOf(store.statement('SELECT count(*) AS closed FROM closings').get()?.closed) * ROUNDING_MSAT,
    look: async () => {
      const after = closingsAfter(store)
      if (after === undefined || looking) return
      looking = true
      try {
        await lookOnce(after)
      } catch {
        // What was not seen now is seen at the next look, and a file that cannot be written says so to whoever needs it durable.
      } finally {
        looking = false
      }
    },
    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function seenOf(store: LndStore, channel: string) {
  const found = store.statement('SELECT local_msat, remote_msat FROM closing_seen WHERE channel = ?').get(channel)
  return found && { channel, localMsat: integerOf(found.local_msat), remoteMsat: integerOf(found.remote_msat) }
}

function rowsAfter(store: LndStore, seq: bigint): ClosingRow[] {
  return store
    .statement('SELECT seq, channel, home_msat, cost_msat, at FROM closings WHERE seq > ? ORDER BY seq')
    .all(seq)
    .map((found) => ({
      seq: integerOf(found.seq),
      channel: textOf(found.channel),
      homeMsat: integerOf(found.home_msat),
      costMsat: integerOf(found.cost_msat),
      at: integerOf(found.at),
    }))
}
