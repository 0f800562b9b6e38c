import { z } from 'zod'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { receiverAddress } from '../node/offers.ts'
import { address, hash32 } from '../node/wire.ts'
import type { Store } from '../sending/store.ts'

/** `caughtUp`: the stream reads the split's events as they come; until then its past is still to be read. */
export type Watched = Readonly<{ splitId: Hex; receiver: Hex; caughtUp: boolean }>

export type WatchTable = ReturnType<typeof createWatchTable>

const rowShape = z.object({ split_id: hash32, receiver: address, caught_up: z.number() })

/** The splits whose money is ours to report. */
export function createWatchTable(store: Store, hub: Hex) {
  const { database } = store
  const insert = database.prepare('INSERT OR IGNORE INTO watched (split_id, receiver) VALUES (?, ?)')
  const catchUp = database.prepare('UPDATE watched SET caught_up = 1 WHERE split_id = ?')

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
  }
}
