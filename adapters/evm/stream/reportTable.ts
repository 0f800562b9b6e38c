import { z } from 'zod'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { Cursor, Hex } from '../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import { hash32 } from '../node/wire.ts'
import type { Store } from '../sending/store.ts'
import { BLOCK_END, writeCursor } from './position.ts'
import { readItem, writeItem, writeUndone } from './reportItem.ts'
import type { Placed } from './translate.ts'

/** Something to take back. `rewind`: the block behind which the stream is read anew; absent when nothing is. */
type Leaving = Readonly<{ id: string; rewind?: bigint; settlement: (present: Cursor) => Settlement }>

export type ReportTable = ReturnType<typeof createReportTable>

/** The rail that reports, its token, and what its gas is paid in. */
type ReportsOf = Readonly<{ rail: Settlement['rail']; asset: Asset; gasAsset: Asset }>

const rowShape = z.object({ id: z.string(), item: z.string(), rewind: z.number().nullable() })

/** What the stream has reported from blocks that could still be replaced. Durable before it is told to anyone. */
export function createReportTable(store: Store, of: ReportsOf) {
  const { database } = store
  const insert = database.prepare("INSERT OR IGNORE INTO reports VALUES (?, ?, ?, ?, ?, ?, 'standing', NULL)")
  const insertUndone = database.prepare("INSERT OR IGNORE INTO reports VALUES (?, ?, -1, '', 0, ?, 'leaving', NULL)")
  const countGone = database.prepare("SELECT count(*) AS gone FROM reports WHERE base = ? AND state <> 'standing'")
  const selectBlocks = database.prepare(
    "SELECT DISTINCT block, block_hash AS hash FROM reports WHERE state = 'standing' AND block > ? ORDER BY block DESC",
  )
  const leave = database.prepare(
    "UPDATE reports SET state = 'leaving', rewind = ? WHERE state = 'standing' AND block = ? AND block_hash = ?",
  )
  const selectLeaving = database.prepare(
    "SELECT id, item, rewind FROM reports WHERE state = 'leaving' ORDER BY block DESC, place DESC LIMIT 1",
  )
  const go = database.prepare("UPDATE reports SET state = 'gone' WHERE id = ?")
  const prune = database.prepare("DELETE FROM reports WHERE block < ? AND state <> 'leaving' AND block >= 0")

  return {
    /**
     * The items under ids that are unique for each inclusion in a block: told again after a restart they keep theirs, and one that was
     * taken back and stands in the same block again (chains can go back and forth) gets a new one.
     */
    add(items: readonly Placed[]): Placed[] {
      return store.transact(() =>
        items.map(({ position, blockHash, settlement }) => {
          const { gone } = z.object({ gone: z.number() }).parse(countGone.get(settlement.id))
          const id = gone === 0 ? settlement.id : `${settlement.id}:${gone + 1}`
          insert.run(id, settlement.id, position.block, blockHash, position.index, writeItem(settlement, of.gasAsset))
          return { position, blockHash, settlement: { ...settlement, id } }
        }),
      )
    },
    /** Blocks above this one from which something was reported that was not taken back, newest first. */
    blocksAbove(block: bigint): { number: bigint; hash: Hex }[] {
      return selectBlocks.all(block).map((found) => {
        const row = z.object({ block: z.number(), hash: hash32 }).parse(found)
        return { number: BigInt(row.block), hash: row.hash }
      })
    },
    /** What these blocks reported is to be taken back, and the stream to be read anew behind `rewind`. */
    takeBack(blocks: readonly { number: bigint; hash: Hex }[], rewind: bigint): number {
      return blocks.reduce((sum, { number, hash }) => sum + Number(leave.run(rewind, number, hash).changes), 0) // not money: a count
    },
    /** A payout that was told to have left came to nothing after its block was replaced. Told once for each id. */
    addUndone(actionId: string, item: { place: string; units: bigint; at: number; account: Hex }): void {
      insertUndone.run(`${actionId}:undone`, actionId, writeUndone(actionId, item))
    },
    /** The next to take back, in the reverse of chain order, so that what was built on it goes first. */
    nextLeaving(): Leaving | undefined {
      const found = selectLeaving.get()
      return found ? readLeaving(found, of) : undefined
    },
    setGone(id: string): void {
      go.run(id)
    },
    /** Blocks that old are remembered no more, so nothing from them can be taken back. */
    prune(below: bigint): void {
      prune.run(below)
    },
  }
}

function readLeaving(found: unknown, of: ReportsOf): Leaving {
  const { id, item: text, rewind } = rowShape.parse(found)
  const { kind, amount, ...item } = readItem(text, of)
  const settlement = (present: Cursor): Settlement => ({
    ...item,
    kind: 'demoted',
    id: `${id}:demoted`,
    rail: of.rail,
    amount,
    cursor: rewind === null ? present : writeCursor({ block: BigInt(rewind), index: BLOCK_END }),
    ...(kind === undefined ? {} : { takesBack: { kind, id } }),
  })
  return { id, settlement, ...(rewind === null ? {} : { rewind: BigInt(rewind) }) }
}
