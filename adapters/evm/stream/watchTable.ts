import { z } from 'zod'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { receiverAddress } from '../node/offers.ts'
import { address, hash32 } from '../node/wire.ts'
import type { Store } from '../sending/store.ts'

/** `caughtUp`: the stream reads the split's events as they come; until then its past is still to be read. */
export type Watched = Readonly<{ splitId: Hex; receiver: Hex; caughtUp: boolean }>

export type WatchTable = ReturnType<typeof createWatchTable>

/** How many passed blocks are remembered, to find the last one that still stands. */
const KEPT_BLOCKS = 2_048

const rowShape = z.object({ split_id: hash32, receiver: address, caught_up: z.number() })

/** The splits whose money is ours to report, and how far the stream has passed. */
export function createWatchTable(store: Store, hub: Hex) {
  const { database } = store
  const insert = database.prepare('INSERT OR IGNORE INTO watched (split_id, receiver) VALUES (?, ?)')
  const catchUp = database.prepare('UPDATE watched SET caught_up = 1 WHERE split_id = ?')
  const insertPassed = database.prepare('INSERT OR REPLACE INTO passed VALUES (?, ?)')
  const prunePassed = database.prepare('DELETE FROM passed WHERE block <= (SELECT block FROM passed ORDER BY block DESC LIMIT 1 OFFSET ?)')
  const selectPassed = database.prepare('SELECT block, hash FROM passed WHERE block <= ? ORDER BY block DESC')
  const selectOldest = database.prepare('SELECT min(block) AS block FROM passed')
  const forgetPassed = database.prepare('DELETE FROM passed WHERE block > ?')
  const forgetQuiet = database.prepare("DELETE FROM meta WHERE name = 'quiet'")
  const putMeta = database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)')
  const getMeta = database.prepare('SELECT value FROM meta WHERE name = ?')

  const watched = new Map<Hex, Watched>()
  for (const found of database.prepare('SELECT * FROM watched').all()) {
    const row = rowShape.parse(found)
    watched.set(row.split_id, { splitId: row.split_id, receiver: row.receiver, caughtUp: row.caught_up === 1 })
  }

  return {
    /** Durable when it returns; free after the first time. */
    watch(splitId: Hex): Hex {
      const standing = watched.get(splitId)
      if (standing) return standing.receiver
      const receiver = receiverAddress(hub, splitId)
      insert.run(splitId, receiver)
      watched.set(splitId, { splitId, receiver, caughtUp: false })
      return receiver
    },
    all: (): readonly Watched[] => [...watched.values()],
    setCaughtUp(splitIds: readonly Hex[]): void {
      store.transact(() => {
        for (const splitId of splitIds) catchUp.run(splitId)
      })
      for (const splitId of splitIds) watched.set(splitId, { ...watched.get(splitId)!, caughtUp: true })
    },

    /** The block behind which a stream begins. */
    anchor(block: { number: bigint; hash: Hex }): void {
      insertPassed.run(block.number, block.hash)
    },
    /** The stream read to the end of this block; behind `cursor` there was nothing in between. */
    passed(block: { number: bigint; hash: Hex }, cursor: string): void {
      store.transact(() => {
        insertPassed.run(block.number, block.hash)
        prunePassed.run(KEPT_BLOCKS)
        putMeta.run('quiet', JSON.stringify({ cursor, through: block.number.toString() }))
      })
    },
    /** The block to which a stream that stands at `cursor` has nothing to read again. */
    quietThrough(cursor: string): bigint | undefined {
      const value = getMeta.get('quiet')?.value
      if (typeof value !== 'string') return undefined
      const quiet = z.object({ cursor: z.string(), through: z.string() }).parse(JSON.parse(value))
      return quiet.cursor === cursor ? BigInt(quiet.through) : undefined
    },
    /** What was reported before this block cannot be compared with the chain any more. */
    oldestPassed: (): bigint => BigInt(z.object({ block: z.number().nullable() }).parse(selectOldest.get()).block ?? 0),
    /** From the newest to the oldest. */
    passedBlocks(upTo: bigint): { number: bigint; hash: Hex }[] {
      const shape = z.object({ block: z.number(), hash: hash32 })
      return selectPassed.all(upTo).map((found) => {
        const row = shape.parse(found)
        return { number: BigInt(row.block), hash: row.hash }
      })
    },
    /** The blocks above were replaced: the stream has to pass them anew. */
    forgetPassed(after: bigint): void {
      forgetPassed.run(after)
      forgetQuiet.run()
    },
  }
}
