import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { RailLog } from '../node/railLog.ts'
import type { ActionTable } from './actionTable.ts'
import type { Flights } from './flights.ts'
import type { Reckoning } from './reckoning.ts'
import type { Store } from './store.ts'
import type { TransactionTable } from './transactionTable.ts'

type Parts = Readonly<{
  store: Store
  transactions: TransactionTable
  actions: ActionTable
  flights: Flights
  reckoning: Reckoning
  clock: Clock
  log: RailLog
}>

/** Endpoints that all lag a moment say the same as such that lied and are honest again. */
const SURE_AFTER_MS = 60_000

/** Takes a lane back to where the chain is when its next nonce was moved far above that by a lie. */
export function createWayBack(parts: Parts, operator: Hex, gapsMax: number) {
  const { store, transactions, actions, flights, reckoning, clock, log } = parts
  let since: number | undefined

  return {
    /** Most endpoints have gone on saying this count, which is not below what the chain is known to have spent; nothing in their pools explains the gaps. */
    isSure(count: number, explained: boolean): boolean {
      if (explained || count < reckoning.spentTo()) since = undefined
      else since ??= clock.now()
      return since !== undefined && clock.now() - since >= SURE_AFTER_MS
    },
    forget(): void {
      since = undefined
    },

    /**
     * Leaves what is signed beyond too many gaps behind, and answers with the next nonce. It may be mined once all below it are used, so a payout is never
     * signed anew: it waits for a person, the lane stops before it, and were the chain to come there, an empty transfer would be offered. What the chain takes
     * once is done anew.
     */
    take(count: number): number {
      let [next, gaps] = [count, 0]
      const left = flights.all().filter(({ row: { nonce } }) => {
        if (nonce < count) return false
        gaps += Math.max(0, nonce - next) // not money: a count of nonces
        if (gaps <= gapsMax) next = nonce + 1
        return gaps > gapsMax
      })
      store.transact(() => {
        for (const { row } of left) {
          transactions.leaveBehind(row)
          for (const id of row.actionIds) {
            const action = actions.get(id)
            if (action?.request.kind === 'payout' && row.cancelled === 0) transactions.cancel(row)
            if (action?.state === 'sent' && action.request.kind !== 'payout') actions.reopen(id)
          }
        }
      })
      for (const { row } of left) flights.drop(row.nonce)
      const ids = left.flatMap(({ row }) => row.actionIds)
      log('error', 'the lane goes on where the chain is; what was signed far above it is left behind', {
        operator,
        count,
        ids: ids.join(' '),
      })
      since = undefined
      return next
    },
  }
}
