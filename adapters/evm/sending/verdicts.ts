import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Action, ActionTable, Ending } from './actionTable.ts'
import type { Endings } from './endings.ts'
import type { Mined } from './followNonce.ts'
import type { EvmRequest } from './requests.ts'
import type { Work } from './steps.ts'
import type { Store } from './store.ts'
import type { LiveTransaction, TransactionTable } from './transactionTable.ts'

type VerdictParts = Readonly<{
  store: Store
  actions: ActionTable
  transactions: TransactionTable
  endings: Endings
  workFor: (request: EvmRequest) => Work
  clock: Clock
  isClosed: () => boolean
  /** Looks again at what is open. */
  resume: () => void
}>

/** What the end of a transaction, or the loss of it, means for the action that it was for. */
export function createVerdicts(parts: VerdictParts) {
  const { store, actions, transactions, endings } = parts

  async function conclude(action: Action, row: LiveTransaction, mined: Mined): Promise<Ending | 'again'> {
    const form = row.forms.findIndex(({ hash }) => hash === mined.receipt.transactionHash)
    // The empty transfer that was to take its nonce did.
    if (row.cancelled > 0 && form >= row.cancelled) return { kind: 'failed', reason: 'reverted', detail: 'it was cancelled' }
    return parts.workFor(action.request).conclude(action, mined)
  }

  return {
    /** The action's transaction is final: both ends become durable together. */
    async finish(row: LiveTransaction, mined: Mined): Promise<void> {
      const action = row.actionId === null ? undefined : actions.get(row.actionId)
      // One that ended by another transaction, or was looked at anew, is not judged by this one.
      const verdict = action?.state === 'sent' ? await conclude(action, row, mined) : undefined
      if (parts.isClosed()) return
      const { receipt, at, costWei: cost } = mined
      const place = Number(receipt.transactionIndex) // not money: a place in a block
      const { operator, nonce, actionId } = row
      const end = { hash: receipt.transactionHash, block: receipt.blockNumber, blockHash: receipt.blockHash, place, cost, at }
      store.transact(() => {
        transactions.finish({ operator, nonce, actionId, ...end })
        const now = action && actions.get(action.id)
        if (now?.state !== 'sent' || verdict === undefined) return
        if (verdict === 'again') actions.reopen(now.id)
        else endings.write(now, verdict)
      })
      if (action && verdict !== 'again') endings.tell(action.id)
    },

    /**
     * Its nonce went to an unknown transaction. What the chain itself takes once is looked at anew. A payout is not: a file that is an older
     * copy cannot know whether it was paid under another nonce since. It waits for a person, or, where it was told to have ended, has come to nothing.
     */
    displaced(row: LiveTransaction, taker: Hex): void {
      const action = row.actionId === null ? undefined : actions.get(row.actionId)
      store.transact(() => {
        transactions.displace(row, taker)
        if (action?.state !== 'sent') return
        if (action.request.kind !== 'payout') actions.reopen(action.id)
        else if (action.told) endings.write(action, action.told.kind === 'failed' ? action.told : nothingOf(taker))
      })
      // Who waits for what is looked at anew goes on waiting.
      if (action?.request.kind === 'payout') endings.tell(action.id)
    },

    /**
     * The stream took back what this authorization paid. Where a transaction of ours carried it, that is live again already; where a
     * stranger's did, nobody else may send it, so it is collected by us.
     */
    recollect(authorization: string): void {
      const id = actions.collected(authorization)
      const ending = id === undefined ? undefined : actions.get(id)?.ending
      if (id === undefined || ending?.kind !== 'settled' || transactions.isOurs(ending.hash)) return
      actions.takeBack(id, 'open', parts.clock.now())
      parts.resume()
    },
  }
}

function nothingOf(taker: Hex): Ending {
  return { kind: 'failed', reason: 'reverted', detail: `after a reorganisation ${taker} took its nonce` }
}
