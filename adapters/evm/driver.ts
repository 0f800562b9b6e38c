import { invariant } from '../../gateway/errors/invariant.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Action, ActionTable, Ending } from './actionTable.ts'
import type { Lane, LaneRefusal } from './lane.ts'
import type { RailLog } from './railLog.ts'
import { type EvmRequest, writeRequest } from './requests.ts'
import { RpcRefused, RpcSilent } from './rpc.ts'
import type { Store } from './store.ts'
import type { Mined } from './tracker.ts'
import type { LiveTransaction, TransactionTable } from './transactionTable.ts'

/** What to do for an action for which nothing is signed. `feeLimit`: wei in all that the transaction may cost. */
export type Step =
  | Readonly<{ kind: 'send'; to: Hex; data: Hex; gas: bigint; feeLimit?: bigint }>
  | Readonly<{ kind: 'end'; ending: Ending }>
  | Readonly<{ kind: 'wait' }>

/** How one kind of action is done. */
export type Work = Readonly<{
  /** Looks at the chain and simulates; signs nothing. Throws RpcSilent or RpcRefused when the node does not say. */
  prepare(action: Action): Promise<Step>
  /** The lane gave no nonce, so nothing was signed. */
  refused(refusal: LaneRefusal): Ending | 'wait'
  /** Judges its final transaction; `again`: it ended nothing, look at the action anew. */
  conclude(action: Action, mined: Mined): Promise<Ending | 'again'>
}>

export type DriverParts = Readonly<{
  store: Store
  actions: ActionTable
  transactions: TransactionTable
  lane: Lane
  workFor: (request: EvmRequest) => Work
  gasAsset: Asset
  feeCeiling: bigint
  pollMs: number
  clock: Clock
  log: RailLog
  kick: () => void
}>

const MAX_WAIT_MS = 60_000
const MAX_DRIVEN = 64
const MAX_OPEN_LOOKED_AT = 1_000
const RETRY_FIRST_MS = 100
const RETRY_MAX_MS = 5_000
/** Transactions for one action: each but the last came to nothing. */
const MAX_TRIES = 3

export type Driver = ReturnType<typeof createDriver>

/** Takes actions by id, once, and drives each to its end; across restarts, and however long the node is silent. */
export function createDriver(parts: DriverParts) {
  const { store, actions, transactions, lane, clock } = parts
  const driving = new Set<string>()
  const ended = new Map<string, PromiseWithResolvers<void>>()
  const stuck = new Set<string>()
  const retries = new Map<string, { at: number; delayMs: number }>()
  const checkAfterMs = Math.max(200, parts.pollMs * 4)
  let closed = false

  function forget(id: string): void {
    stuck.delete(id)
    retries.delete(id)
    ended.get(id)?.resolve()
    ended.delete(id)
  }

  function end(id: string, ending: Ending): void {
    actions.end(id, ending)
    forget(id)
  }

  function outcomeOf(action: Action): Outcome {
    const { ending } = action
    if (!ending) return { kind: 'unknown', checkAfterMs, ...(stuck.has(action.id) ? { stuck: true as const } : {}) }
    if (ending.kind === 'failed') return ending
    const evidence = { rail: 'evm' as const, id: ending.hash, at: ending.at, proof: ending.hash }
    return { kind: 'settled', evidence, fee: money(parts.gasAsset, ending.costWei) }
  }

  async function step(action: Action): Promise<void> {
    const work = parts.workFor(action.request)
    if (action.tries >= MAX_TRIES) return end(action.id, { kind: 'failed', reason: 'reverted', detail: `${MAX_TRIES} transactions failed` })
    const next = await work.prepare(action)
    if (next.kind === 'end') return end(action.id, next.ending)
    if (next.kind === 'wait' || closed) return
    const feeCap = next.feeLimit === undefined ? parts.feeCeiling : next.feeLimit / next.gas
    const given = await lane.submit({ actionId: action.id, to: next.to, data: next.data, gas: next.gas, feeCap })
    if (typeof given === 'number') return parts.kick()
    if (given !== 'price') parts.log('error', 'the lane gives no nonce', { why: given, id: action.id })
    const ending = work.refused(given)
    if (ending !== 'wait') end(action.id, ending)
  }

  /** One attempt to get an open action on its way. A second call while it runs does nothing. */
  async function drive(id: string): Promise<void> {
    if (driving.has(id) || closed) return
    driving.add(id)
    try {
      const action = actions.get(id)
      if (action?.state === 'open') await step(action)
    } catch (error) {
      if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
      parts.log('debug', 'an action waits for the node', { id, why: error.message })
    } finally {
      driving.delete(id)
      const delayMs = Math.min((retries.get(id)?.delayMs ?? RETRY_FIRST_MS / 2) * 2, RETRY_MAX_MS)
      if (!closed && actions.get(id)?.state === 'open') retries.set(id, { at: clock.now() + delayMs, delayMs })
    }
  }

  return {
    /** Takes the action durably, unless it stands already, and waits for its end as long as the caller does. */
    async run(id: string, request: EvmRequest, signal: AbortSignal): Promise<Outcome> {
      if (closed) return { kind: 'unknown', checkAfterMs, detail: 'the rail is closed' }
      const standing = actions.get(id)
      if (standing && writeRequest(standing.request) !== writeRequest(request)) {
        return { kind: 'unknown', checkAfterMs, stuck: true, detail: 'this id stands with another request; nothing was done' }
      }
      if (standing?.ending) return outcomeOf(standing)
      if (!standing) actions.open(id, request, clock.now())
      const waiter = ended.get(id) ?? Promise.withResolvers<void>()
      ended.set(id, waiter)
      await Promise.race([
        Promise.all([waiter.promise, drive(id)]),
        untilAborted(AbortSignal.any([signal, AbortSignal.timeout(MAX_WAIT_MS)])),
      ])
      return this.lookup(id)
    },

    lookup(id: string): Outcome {
      if (closed) return { kind: 'unknown', checkAfterMs, detail: 'the rail is closed' }
      const action = actions.get(id)
      return action ? outcomeOf(action) : { kind: 'failed', reason: 'never_sent' }
    },

    /** Looks again at what is open: after a restart, a silence, or a transaction that ended nothing. Waits for nothing. */
    resume(): void {
      for (const id of actions.openIds(MAX_OPEN_LOOKED_AT)) {
        if (driving.size >= MAX_DRIVEN) return
        const retry = retries.get(id)
        if (!driving.has(id) && (!retry || clock.now() >= retry.at)) void drive(id)
      }
    },

    /** The action's transaction is final: both ends become durable together. */
    async finish(row: LiveTransaction, mined: Mined): Promise<void> {
      const action = row.actionId === null ? undefined : actions.get(row.actionId)
      const verdict = action && (await parts.workFor(action.request).conclude(action, mined))
      if (closed) return
      const { receipt, at, costWei: cost } = mined
      const place = Number(receipt.transactionIndex) // not money: a place in a block
      store.transact(() => {
        transactions.finish({
          nonce: row.nonce,
          actionId: row.actionId,
          hash: receipt.transactionHash,
          block: receipt.blockNumber,
          place,
          cost,
          at,
        })
        if (!action || verdict === undefined) return
        if (verdict === 'again') actions.reopen(action.id)
        else actions.end(action.id, verdict)
      })
      if (action && verdict !== 'again') forget(action.id)
    },

    displaced(row: LiveTransaction): void {
      store.transact(() => {
        transactions.displace(row.nonce)
        if (row.actionId !== null) actions.reopen(row.actionId)
      })
    },

    setStuck(row: LiveTransaction): void {
      if (row.actionId === null || stuck.has(row.actionId)) return
      stuck.add(row.actionId)
      parts.log('error', 'a transaction waits: the market asks more than its limit', { id: row.actionId, nonce: row.nonce })
    },

    /** Callers that wait are answered `unknown`; nothing new is signed. */
    close(): void {
      closed = true
      for (const waiter of ended.values()) waiter.resolve()
    },

    /** True while no step is under way. */
    idle: () => driving.size === 0,
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  invariant(signal instanceof AbortSignal, 'a caller says how long it waits')
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
