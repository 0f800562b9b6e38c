import type { Hex } from '../../../gateway/ports/ids.ts'
import type { RailLog } from '../node/railLog.ts'
import type { Announcements } from './announcements.ts'
import type { Flights } from './flights.ts'
import type { TransactionTable } from './transactionTable.ts'

type ReckoningParts = Readonly<{ transactions: TransactionTable; flights: Flights; announcements: Announcements; log: RailLog }>

/** How many transactions of a key the chain has counted. `highest`: by any endpoint; `common`: by most, undefined while fewer say. */
export type Counted = Readonly<{ highest: number; common: number | undefined }>

/** What the data file can account for of the nonces that endpoints have counted. `common`: what most count as the rail opens. */
export function createReckoning({ transactions, flights, announcements, log }: ReckoningParts, operator: Hex, common: number) {
  const first = announcements.firstCount(operator, Math.min(common, transactions.highestNonce(operator) ?? common)) // not money: a nonce
  /** Up to here the word of most was acted on. */
  let doubted = 0
  let heard = false

  /**
   * Behind the highest nonce that the chain is known to have spent: a receipt was seen, or what took it. A row alone proves nothing: one word may have moved
   * it.
   */
  function spentTo(): number {
    const mined = flights.all().flatMap((flight) => (flight.mined ? [flight.row.nonce + 1] : []))
    const spent = transactions.highestSpent(operator)
    return Math.max(spent === undefined ? 0 : spent + 1, ...mined) // not money: a nonce
  }

  /** How many of the nonces below `count` the file knows nothing of, from the last that was spent on. */
  function unheld(count: number, from = spentTo() || first): number {
    return count > from ? count - from - transactions.countBetween({ operator, from, to: count }) : 0
  }

  return {
    first,
    spentTo,
    unheld,

    /**
     * Another program uses the key, or the file is older than what was signed with it: then its open payouts may be signed and sent already. Any endpoint's
     * word is reason enough, because the others may lag; but once only, for all that an older file held is forgotten then, and a liar shall not go on with it.
     */
    hear({ highest, common }: Counted): void {
      const known = Math.max(spentTo() || first, doubted) // not money: a nonce
      const byMost = common !== undefined && unheld(common, known) > 0
      if (!byMost && (heard || unheld(highest, known) === 0)) return
      heard = true
      if (byMost) doubted = common
      const forgotten = announcements.forgetUnsigned()
      log(
        'error',
        'the chain has counted transactions that the data file does not hold: it may be an older copy, so its unsent payouts wait for a person',
        { counted: byMost ? common : highest, known, payouts: forgotten.join(' ') },
      )
    },
  }
}

export type Reckoning = ReturnType<typeof createReckoning>
