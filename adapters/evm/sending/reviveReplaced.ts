import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Chain } from '../node/chain.ts'
import type { RailLog } from '../node/railLog.ts'
import type { Header } from '../node/wire.ts'
import type { ActionTable } from './actionTable.ts'
import type { Lanes } from './lanes.ts'
import type { Store } from './store.ts'
import type { FinalTransaction, TransactionTable } from './transactionTable.ts'

type RevivalParts = Readonly<{
  agreed: Chain
  store: Store
  actions: ActionTable
  transactions: TransactionTable
  lanes: Lanes
  clock: Clock
  log: RailLog
}>

/** A deeper reorganisation is beyond any chain's finality; blocks without transactions of ours do not count. */
const BLOCKS_LOOKED_AT_MAX = 1_000

/**
 * Looks whether the newest blocks that made transactions of ours final are still on the chain. What was in replaced ones is live again: it
 * is offered from its signed bytes, and its action has no ending until it is final once more. A node need not put it back by itself.
 */
export async function reviveReplaced(parts: RevivalParts, head: Header): Promise<void> {
  const { agreed, transactions, log } = parts
  let from: bigint | undefined
  for (const { number, hash } of transactions.finalBlocks(BLOCKS_LOOKED_AT_MAX)) {
    // A block above the head may only be unknown to this node; one below it tells.
    if (number > head.number) continue
    if ((await agreed.header(number)).hash === hash) break
    from = number
  }
  if (from === undefined) return
  const rows = transactions.finalBetween(from, BigInt(Number.MAX_SAFE_INTEGER)) // not money: any block
  log('error', 'transactions of ours were in blocks that the chain replaced below the finality depth; they are sent again', {
    from: from.toString(),
    transactions: rows.length,
  })
  bringBack(parts, rows, from)
}

function bringBack(parts: RevivalParts, rows: readonly FinalTransaction[], from: bigint): void {
  const { store, actions, transactions, lanes, clock } = parts
  store.transact(() => {
    transactions.revive(from)
    for (const id of rows.flatMap(({ actionIds }) => actionIds)) {
      if (actions.get(id)?.ending) actions.takeBack(id, 'sent', clock.now())
    }
  })
  for (const lane of lanes.all) {
    for (const row of lane.takeUp()) {
      const action = actions.get(row.actionIds[0] ?? '')
      // A payout that was told to have failed may have been made on another rail since: sent again it could now succeed.
      if (action?.request.kind === 'payout' && action.told?.kind === 'failed') lane.cancel(row)
    }
  }
}
