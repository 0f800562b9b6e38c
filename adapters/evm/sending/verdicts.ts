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

type Verdict = Ending | 'again'
type Judged = Readonly<{ action: Action; verdict: Verdict }>

/** What the end of a transaction, or the loss of it, means for the action that it was for. */
export function createVerdicts(parts: VerdictParts) {
  const { store, actions, transactions, endings } = parts

  async function conclude(action: Action, row: LiveTransaction, mined: Mined): Promise<Verdict> {
    const form = row.forms.findIndex(({ hash }) => hash === mined.receipt.transactionHash)
    // The empty transfer that was to take its nonce did.
    if (row.cancelled > 0 && form >= row.cancelled) return { kind: 'failed', reason: 'reverted', detail: 'it was cancelled' }
    return parts.workFor(action.request).conclude(action, mined)
  }

  const carriedBy = ({ actionIds }: LiveTransaction): Action[] => actionIds.flatMap((id) => actions.get(id) ?? [])

  return {
    /** Its transaction is final: that and the ends of the actions that it carried become durable together. */
    async finish(row: LiveTransaction, mined: Mined): Promise<void> {
      // One that ended by another transaction, or was looked at anew, is not judged by this one.
      const judged: Judged[] = []
      for (const action of carriedBy(row)) {
        if (action.state === 'sent') judged.push({ action, verdict: await conclude(action, row, mined) })
      }
      if (parts.isClosed()) return
      store.transact(() => writeEnds(parts, { row, mined, judged }))
      const again = new Set(judged.flatMap(({ action, verdict }) => (verdict === 'again' ? [action.id] : [])))
      for (const id of row.actionIds) if (!again.has(id)) endings.tell(id)
    },

    /**
     * Its nonce went to an unknown transaction. What the chain itself takes once is looked at anew. A payout is not: a file that is an older
     * copy cannot know whether it was paid under another nonce since. It waits for a person, or, where it was told to have ended, has come to nothing.
     */
    displaced(row: LiveTransaction, taker: Hex): void {
      const carried = carriedBy(row)
      store.transact(() => {
        transactions.displace(row, taker)
        for (const action of carried) {
          if (action.state !== 'sent') continue
          if (action.request.kind !== 'payout') actions.reopen(action.id)
          else if (action.told) endings.write(action, action.told.kind === 'failed' ? action.told : nothingOf(taker))
        }
      })
      // Who waits for what is looked at anew goes on waiting.
      for (const { id, request } of carried) if (request.kind === 'payout') endings.tell(id)
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

/** That its transaction is final, and what that means for each action that it carried. */
function writeEnds(
  { actions, transactions, endings }: VerdictParts,
  { row, mined, judged }: Readonly<{ row: LiveTransaction; mined: Mined; judged: readonly Judged[] }>,
): void {
  const { receipt, at, costWei: cost } = mined
  const place = Number(receipt.transactionIndex) // not money: a place in a block
  const { operator, nonce, actionIds } = row
  const end = { hash: receipt.transactionHash, block: receipt.blockNumber, blockHash: receipt.blockHash, place, cost, at }
  transactions.finish({ operator, nonce, actionIds, ...end })
  const rowsMax = companyAfter(mined, actionIds.length)
  for (const { action, verdict } of sharingCost(judged, mined)) {
    const now = actions.get(action.id)
    if (now?.state !== 'sent') continue
    if (verdict !== 'again') {
      endings.write(now, verdict)
      continue
    }
    actions.reopen(now.id)
    if (rowsMax !== undefined) actions.limitCompany(now.id, rowsMax)
  }
}

/**
 * How large a company may be that carries again what this transaction carried for nothing: half when it reverted as a whole, so that the bad ones stand
 * alone in the end; none for one that was passed over among others. Undefined for what was alone.
 */
function companyAfter({ receipt }: Mined, size: number): number | undefined {
  if (size < 2) return undefined
  return receipt.status === '0x1' ? 1 : size >> 1
}

/** Those that a transaction settled pay for it in equal parts, the first of them what does not divide. */
function sharingCost(judged: readonly Judged[], { receipt, costWei }: Mined): readonly Judged[] {
  const isShare = ({ verdict }: Judged) => verdict !== 'again' && verdict.kind === 'settled' && verdict.hash === receipt.transactionHash
  const sharers = BigInt(judged.filter(isShare).length)
  if (sharers < 2n) return judged
  let rest = costWei % sharers
  return judged.map((one) => {
    const { action, verdict } = one
    if (verdict === 'again' || verdict.kind !== 'settled' || !isShare(one)) return one
    const share = costWei / sharers + rest
    rest = 0n
    return { action, verdict: { ...verdict, costWei: share } }
  })
}

function nothingOf(taker: Hex): Ending {
  return { kind: 'failed', reason: 'reverted', detail: `after a reorganisation ${taker} took its nonce` }
}
