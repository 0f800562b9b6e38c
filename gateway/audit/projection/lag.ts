import { decodeBlock } from '../../ledger/journal/blockData.ts'
import type { BlockFeed } from './blockFeed.ts'

/** Submissions that are looked into for the money; further ones are counted, not summed, so that asking never holds up who writes. */
const SUMMED_SUBMISSIONS_MAX = 1024
const NS_PER_MS = 1_000_000n

/**
 * How far a projection is behind the journal: blocks and submissions that it does not show yet, the age of the oldest of them, and the money that they
 * move or reserve. `complete` is false when there are more than were looked at: submissions and money are then lower bounds, seconds an upper one.
 */
export type Lag = Readonly<{
  seq: number
  head: number
  blocks: number
  submissions: number
  seconds: number
  money: readonly Readonly<{ asset: string; units: bigint }>[]
  complete: boolean
}>

/** The lag of a projection that has come to `cursor`. `now` in ms; `assetOf` names the asset of a ledger. */
export function lagBehind(
  feed: BlockFeed,
  cursor: Readonly<{ seq: number; at: bigint }>,
  o: Readonly<{ now: number; assetOf: (ledger: number) => string }>,
): Lag {
  const head = feed.head().seq
  const kept = feed.keptAfter(cursor.seq)
  const sums = new Map<string, bigint>()
  let submissions = 0
  let complete = kept !== undefined
  for (const { count, data } of kept ?? []) {
    submissions += count
    if (submissions <= SUMMED_SUBMISSIONS_MAX) addMoney(sums, data, o.assetOf)
    else complete = false
  }
  // Further back than what is kept, the oldest block that is not shown is younger than the newest one that is.
  const oldest = kept === undefined ? cursor.at : kept[0]?.at
  const ageMs = oldest === undefined ? 0 : o.now - Number(oldest / NS_PER_MS) // not money: milliseconds
  return {
    seq: cursor.seq,
    head,
    blocks: head - cursor.seq,
    submissions,
    seconds: ageMs > 0 ? ageMs / 1000 : 0,
    money: [...sums].map(([asset, units]) => ({ asset, units })),
    complete,
  }
}

function addMoney(sums: Map<string, bigint>, data: Uint8Array, assetOf: (ledger: number) => string): void {
  for (const record of decodeBlock(data).records) {
    if (record.kind !== 'transfer') continue
    const asset = assetOf(record.transfer.ledger)
    sums.set(asset, (sums.get(asset) ?? 0n) + record.transfer.amount)
  }
}
