import type { Asset } from '../../gateway/money/asset.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { EvmRailName } from '../../gateway/ports/railName.ts'
import { createEndings } from './endings.ts'
import type { Mined } from './followNonce.ts'
import { type EvmRequest, writeRequest } from './requests.ts'
import { createSteps, type StepParts } from './steps.ts'
import type { Store } from './store.ts'
import type { LiveTransaction, TransactionTable } from './transactionTable.ts'

export type DriverParts = StepParts &
  Readonly<{ rail: EvmRailName; store: Store; transactions: TransactionTable; gasAsset: Asset; pollMs: number }>

const MAX_WAIT_MS = 60_000

export type Driver = ReturnType<typeof createDriver>

/** Takes actions by id, once, and drives each to its end; across restarts, and however long the node is silent. */
export function createDriver(parts: DriverParts) {
  const { store, actions, transactions } = parts
  const endings = createEndings(parts)
  const steps = createSteps(parts, endings)
  const { checkAfterMs } = endings
  let closed = false

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
      const verdict = action && (await parts.workFor(action.request).conclude(action, mined))
      if (closed) return
      const { receipt, at, costWei: cost } = mined
      const place = Number(receipt.transactionIndex) // not money: a place in a block
      const end = { hash: receipt.transactionHash, block: receipt.blockNumber, place, cost, at }
      store.transact(() => {
        transactions.finish({ nonce: row.nonce, actionId: row.actionId, ...end })
        if (!action || verdict === undefined) return
        if (verdict === 'again') actions.reopen(action.id)
        else actions.end(action.id, verdict)
      })
      if (action && verdict !== 'again') endings.tell(action.id)
    },

    /** Its nonce went to another transaction: what it was for is looked at anew. */
    displaced(row: LiveTransaction): void {
      store.transact(() => {
        transactions.displace(row.nonce)
        if (row.actionId !== null) actions.reopen(row.actionId)
      })
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
