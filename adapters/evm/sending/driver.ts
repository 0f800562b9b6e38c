import type { Asset } from '../../../gateway/money/asset.ts'
import type { Outcome } from '../../../gateway/ports/outcome.ts'
import type { EvmRailName } from '../../../gateway/ports/railName.ts'
import type { Action, Ending } from './actionTable.ts'
import { createEndings } from './endings.ts'
import type { Mined } from './followNonce.ts'
import { type EvmRequest, writeRequest } from './requests.ts'
import { createSteps, type StepParts } from './steps.ts'
import type { Store } from './store.ts'
import type { LiveTransaction, TransactionTable } from './transactionTable.ts'

export type DriverParts = StepParts &
  Readonly<{
    rail: EvmRailName
    store: Store
    transactions: TransactionTable
    gasAsset: Asset
    pollMs: number
    /** A payout that was told to be settled came to nothing: the stream says so. */
    onUndone(action: Action): void
  }>

const MAX_WAIT_MS = 60_000

export type Driver = ReturnType<typeof createDriver>

/** Takes actions by id, once, and drives each to its end; across restarts, and however long the node is silent. */
export function createDriver(parts: DriverParts) {
  const { store, actions, transactions } = parts
  const endings = createEndings({ ...parts, onContradiction })
  const steps = createSteps(parts, (action, ending) => {
    store.transact(() => endings.write(action, ending))
    endings.tell(action.id)
  })
  const { checkAfterMs } = endings
  let closed = false

  /** A caller has acted on another ending: what that means for the books is for the stream, and else for a person. */
  function onContradiction(action: Action, ending: Ending): void {
    if (action.request.kind !== 'payout') return
    const message =
      ending.kind === 'settled'
        ? 'a payout that had failed was paid after a reorganisation; it may have been paid twice'
        : 'a payout that was settled came to nothing after a reorganisation; the payee is not paid'
    parts.log('error', message, { id: action.id })
    if (ending.kind === 'failed') parts.onUndone(action)
  }

  async function conclude(action: Action, row: LiveTransaction, mined: Mined): Promise<Ending | 'again'> {
    const form = row.forms.findIndex(({ hash }) => hash === mined.receipt.transactionHash)
    // The empty transfer that was to take its nonce did.
    if (row.cancelled > 0 && form >= row.cancelled) return { kind: 'failed', reason: 'reverted', detail: 'it was cancelled' }
    return parts.workFor(action.request).conclude(action, mined)
  }

  return {
    /** Takes the action durably, unless it stands already, and waits for its end as long as the caller does. */
    async run(id: string, request: EvmRequest, signal: AbortSignal): Promise<Outcome> {
      if (closed) return this.lookup(id)
      const standing = actions.get(id)
      if (standing && writeRequest(standing.request) !== writeRequest(request)) {
        return { kind: 'unknown', checkAfterMs, stuck: true, detail: 'this id stands with another request; nothing was done' }
      }
      if (standing?.ending) return endings.outcomeOf(standing)
      if (!standing) actions.open(id, request, parts.clock.now())
      const done = Promise.all([endings.ended(id), steps.drive(id)])
      await Promise.race([done, aborted(AbortSignal.any([signal, AbortSignal.timeout(MAX_WAIT_MS)]))])
      return this.lookup(id)
    },

    lookup(id: string): Outcome {
      if (closed) return { kind: 'unknown', checkAfterMs, detail: 'the rail is closed' }
      const action = actions.get(id)
      return action ? endings.outcomeOf(action) : { kind: 'failed', reason: 'never_sent' }
    },

    /** The action's transaction is final: both ends become durable together. */
    async finish(row: LiveTransaction, mined: Mined): Promise<void> {
      const action = row.actionId === null ? undefined : actions.get(row.actionId)
      // One that ended by another transaction, or was looked at anew, is not judged by this one.
      const verdict = action?.state === 'sent' ? await conclude(action, row, mined) : undefined
      if (closed) return
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

    /** Its nonce went to another transaction: what it was for is looked at anew. */
    displaced(row: LiveTransaction): void {
      store.transact(() => {
        transactions.displace(row)
        if (row.actionId !== null && actions.get(row.actionId)?.state === 'sent') actions.reopen(row.actionId)
      })
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
      steps.resume()
    },

    setStuck(row: LiveTransaction): void {
      if (row.actionId === null || !endings.setStuck(row.actionId)) return
      parts.log('error', 'a transaction waits: the market asks more than its limit', { id: row.actionId, nonce: row.nonce })
    },

    /** Callers that wait are answered `unknown`; nothing new is signed. */
    close(): void {
      closed = true
      steps.close()
      endings.tellAll()
    },

    resume: (): void => steps.resume(),
    idle: steps.idle,
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
