import { z } from 'zod'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { receiverAddress } from '../node/offers.ts'
import { address, hash32 } from '../node/wire.ts'
import type { Store } from '../sending/store.ts'
import { isAfter, type Position, readCursor, writeCursor } from './position.ts'

/** From `takenUp` on the stream reads the split's events as they come. Until it is `caughtUp`, what is behind that is still to be read. */
export type Watched = Readonly<{ splitId: Hex; receiver: Hex; caughtUp: boolean; takenUp?: Position }>

export type WatchTable = ReturnType<typeof createWatchTable>

const metaShape = z.object({ name: z.string(), value: z.string() })

const rowShape = z.object({ split_id: hash32, receiver: address, caught_up: z.number() })

/** The splits whose money is ours to report. */
export function createWatchTable(store: Store, hub: Hex) {
  const { database } = store
  const insert = database.prepare('INSERT OR IGNORE INTO watched (split_id, receiver) VALUES (?, ?)')
  const catchUp = database.prepare('UPDATE watched SET caught_up = 1 WHERE split_id = ?')

  const putMeta = database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)')
  const deleteMeta = database.prepare('DELETE FROM meta WHERE name = ?')

  const watched = new Map<Hex, Watched>()
  const receivers = new Set<Hex>()
  for (const found of database.prepare('SELECT * FROM watched').all()) {
    const row = rowShape.parse(found)
    watched.set(row.split_id, { splitId: row.split_id, receiver: row.receiver, caughtUp: row.caught_up === 1 })
    receivers.add(row.receiver)
  }

  for (const found of database.prepare("SELECT name, value FROM meta WHERE name LIKE 'late:%'").all()) {
    const { name, value } = metaShape.parse(found)
    const late = watched.get(hash32.parse(name.slice('late:'.length)))
    if (late) watched.set(late.splitId, { ...late, takenUp: readCursor(value, 0n) })
  }

  return {
    /** Durable when it returns; free after the first time. */
    watch(splitId: Hex): Hex {
      const standing = watched.get(splitId)
      if (standing) return standing.receiver
      const receiver = receiverAddress(hub, splitId)
      insert.run(splitId, receiver)
      watched.set(splitId, { splitId, receiver, caughtUp: false })
      receivers.add(receiver)
      return receiver
    },
    isReceiver: (account: Hex): boolean => receivers.has(account),
    all: (): readonly Watched[] => [...watched.values()],
    /** The stream stands here, so it reads what comes behind this to the splits that are late. Durable; a stream that went back takes up earlier. */
    takeUp(position: Position): void {
      const late = [...watched.values()].filter((s) => !s.caughtUp && (!s.takenUp || isAfter(s.takenUp, position)))
      if (late.length === 0) return
      store.transact(() => {
        for (const { splitId } of late) putMeta.run(`late:${splitId}`, writeCursor(position))
      })
      for (const split of late) watched.set(split.splitId, { ...split, takenUp: position })
    },
    setCaughtUp(splitIds: readonly Hex[]): void {
      store.transact(() => {
        for (const splitId of splitIds) {
          catchUp.run(splitId)
          deleteMeta.run(`late:${splitId}`)
        }
      })
      for (const splitId of splitIds) watched.set(splitId, { ...watched.get(splitId)!, caughtUp: true })
    },
  }
}
