import { z } from 'zod'
import type { Asset } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { Cursor, Hex } from '../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import { hash32 } from '../node/wire.ts'
import type { Store } from '../sending/store.ts'
import { BLOCK_END, writeCursor } from './position.ts'
import type { Placed } from './translate.ts'

/** Something to take back. `rewind`: the block behind which the stream is read anew; absent when nothing is. */
export type Leaving = Readonly<{ id: string; rewind?: bigint; settlement: (present: Cursor) => Settlement }>

export type ReportTable = ReturnType<typeof createReportTable>

const text = z.string().exactOptional()
/** An item as it is kept: of the amount the units and whether it was gas. A payout that came to nothing after all has no kind. */
const itemShape = z.object({
  kind: z.enum(['received', 'swept', 'claimed', 'spent', 'deposited', 'vouched', 'withdrawn']).exactOptional(),
  place: z.string(),
  units: z.string(),
  gas: z.boolean(),
  at: z.number(),
  reference: text,
  splitId: hash32.exactOptional(),
  account: z.templateLiteral(['0x', z.string()]).exactOptional(),
  attemptId: text,
  payer: text,
  proof: text,
  channelId: hash32.exactOptional(),
})
const rowShape = z.object({ id: z.string(), item: z.string(), rewind: z.number().nullable() })

/** What the stream has reported from blocks that could still be replaced. Durable before it is told to anyone. */
export function createReportTable(store: Store, of: { rail: Settlement['rail']; asset: Asset; gasAsset: Asset }) {
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

  function readLeaving(found: unknown): Leaving {
    const { id, item: text, rewind } = rowShape.parse(found)
    const { kind, units, gas, ...item } = itemShape.parse(JSON.parse(text))
    const amount = money(gas ? of.gasAsset : of.asset, BigInt(units))
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
      const { units, ...rest } = item
      const kept = { ...rest, units: units.toString(), gas: false, attemptId: actionId }
      insertUndone.run(`${actionId}:undone`, actionId, JSON.stringify(kept))
    },
    /** The next to take back, in the reverse of chain order, so that what was built on it goes first. */
    nextLeaving(): Leaving | undefined {
      const found = selectLeaving.get()
      return found ? readLeaving(found) : undefined
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

function writeItem(settlement: Settlement, gasAsset: Asset): string {
  // The terms of a channel are not needed to take its deposit back.
  const { id: _id, cursor: _cursor, rail: _rail, channel: _channel, amount, ...item } = settlement
  return JSON.stringify({ ...item, units: amount.units.toString(), gas: amount.asset.id === gasAsset.id })
}
