import { z } from 'zod'
import type { Asset } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Stranger } from '../../../gateway/ports/statement.ts'
import type { Log } from '../node/wire.ts'
import type { Store } from '../sending/store.ts'
import type { TransactionTable } from '../sending/transactionTable.ts'
import { transfersIn } from './events.ts'

/** The newest of them: nobody can make one without our key. */
const STRANGERS_MAX = 1_000

const rowShape = z.object({ id: z.string(), hash: z.string(), receiver: z.string(), units: z.string(), at: z.number() })

export type StrangeTable = ReturnType<typeof createStrangeTable>

type StrangeOf = Readonly<{ transactions: Pick<TransactionTable, 'isOurs'>; token: Hex; operator: Hex; asset: Asset }>

/** What left our wallet and was signed elsewhere: by another program with the same key, or by a thief. */
export function createStrangeTable({ database, transact }: Store, { transactions, token, operator, asset }: StrangeOf) {
  const insert = database.prepare('INSERT OR IGNORE INTO strange VALUES (?, ?, ?, ?, ?, ?)')
  const select = database.prepare(`SELECT id, hash, receiver, units, at FROM strange ORDER BY block DESC LIMIT ${STRANGERS_MAX}`)
  const forget = database.prepare('DELETE FROM strange WHERE block > ?')

  return {
    /** Keeps those among the logs of whole blocks, each once. `times`: of the blocks, ms. */
    add(logs: readonly Log[], times: ReadonlyMap<Hex, number>): void {
      const left = transfersIn(logs, token).filter(({ from, to, value }) => from === operator && to !== operator && value > 0n)
      const strange = left.filter(({ log }) => !transactions.isOurs(log.transactionHash))
      if (strange.length === 0) return
      transact(() => {
        for (const { log, to, value } of strange) {
          const id = `${log.transactionHash}:${log.logIndex}:${log.blockHash}`
          insert.run(id, log.blockNumber, log.transactionHash, to, value.toString(), times.get(log.blockHash) ?? 0)
        }
      })
    },
    /** The blocks above were replaced; what stands in their place is read again. */
    takeBack: (above: bigint): void => void forget.run(above),
    all(): Stranger[] {
      return select.all().map((found) => {
        const { id, hash, receiver, units, at } = rowShape.parse(found)
        const day = new Date(at).toISOString().slice(0, 10)
        const amount = money(asset, BigInt(units))
        return { id, place: 'wallet', kind: 'payment', side: 'out', amount, day, names: [id, hash], counterparty: receiver }
      })
    },
  }
}
