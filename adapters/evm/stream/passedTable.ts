import { z } from 'zod'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { hash32 } from '../node/wire.ts'
import type { Store } from '../sending/store.ts'

export type PassedBlock = Readonly<{ number: bigint; hash: Hex }>

export type PassedTable = ReturnType<typeof createPassedTable>

/** How many passed blocks are remembered, to find the last one that still stands. */
const KEPT_BLOCKS = 2_048

const blockShape = z.object({ block: z.number(), hash: hash32 })
const oldestShape = z.object({ block: z.number().nullable() })
const quietShape = z.object({ cursor: z.string(), through: z.string() })

/** The blocks that the stream has passed, to notice when one of them is replaced. */
export function createPassedTable(store: Store) {
  const { database } = store
  const insert = database.prepare('INSERT OR REPLACE INTO passed VALUES (?, ?)')
  const prune = database.prepare('DELETE FROM passed WHERE block <= (SELECT block FROM passed ORDER BY block DESC LIMIT 1 OFFSET ?)')
  const select = database.prepare('SELECT block, hash FROM passed WHERE block <= ? ORDER BY block DESC LIMIT ?')
  const selectOldest = database.prepare('SELECT min(block) AS block FROM passed')
  const forget = database.prepare('DELETE FROM passed WHERE block > ?')
  const forgetQuiet = database.prepare("DELETE FROM meta WHERE name = 'quiet'")
  const putMeta = database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)')
  const getMeta = database.prepare('SELECT value FROM meta WHERE name = ?')

  return {
    /** The block behind which a stream begins. */
    anchor(block: PassedBlock): void {
      insert.run(block.number, block.hash)
    },
    /** The stream read to the end of this block; behind `cursor` there was nothing in between. */
    add(block: PassedBlock, cursor: string): void {
      store.transact(() => {
        insert.run(block.number, block.hash)
        prune.run(KEPT_BLOCKS)
        putMeta.run('quiet', JSON.stringify({ cursor, through: block.number.toString() }))
      })
    },
    /** The block to which a stream that stands at `cursor` has nothing to read again. */
    quietThrough(cursor: string): bigint | undefined {
      const value = getMeta.get('quiet')?.value
      if (typeof value !== 'string') return undefined
      const quiet = quietShape.parse(JSON.parse(value))
      return quiet.cursor === cursor ? BigInt(quiet.through) : undefined
    },
    /** What was reported before this block cannot be compared with the chain any more. */
    oldest: (): bigint => BigInt(oldestShape.parse(selectOldest.get()).block ?? 0),
    /** From the newest to the oldest. */
    blocks(upTo: bigint, limit = KEPT_BLOCKS): PassedBlock[] {
      return select.all(upTo, limit).map((found) => {
        const row = blockShape.parse(found)
        return { number: BigInt(row.block), hash: row.hash }
      })
    },
    /** The blocks above were replaced: the stream has to pass them anew. */
    forget(above: bigint): void {
      forget.run(above)
      forgetQuiet.run()
    },
  }
}
