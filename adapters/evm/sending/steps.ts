import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { RailLog } from '../node/railLog.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Action, ActionTable, Ending } from './actionTable.ts'
import type { Mined } from './followNonce.ts'
import type { LaneRefusal } from './lane.ts'
import type { Lanes } from './lanes.ts'
import type { EvmRequest } from './requests.ts'

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

export type StepParts = Readonly<{
  actions: ActionTable
  lanes: Lanes
  workFor: (request: EvmRequest) => Work
  feeCeiling: bigint
  clock: Clock
  log: RailLog
  kick: () => void
}>

const DRIVEN_MAX = 64
const OPEN_LOOKED_AT_MAX = 1_000
const RETRY_FIRST_MS = 100
const RETRY_MS_MAX = 5_000
/** Transactions for one action: each but the last came to nothing. */
const TRIES_MAX = 3

/** Takes open actions a step on: to their end, into the lane, or to a later look. One step at a time for each. */
export function createSteps(parts: StepParts, end: (action: Action, ending: Ending) => void) {
  const { actions, lanes, clock } = parts
  const driving = new Set<string>()
  const retries = new Map<string, { at: number; delayMs: number }>()
  let closed = false

  async function step(action: Action): Promise<void> {
    const work = parts.workFor(action.request)
    const next = await work.prepare(action)
    if (next.kind === 'end') return end(action, next.ending)
    if (next.kind === 'wait' || closed) return
    if (action.tries >= TRIES_MAX) {
      return end(action, { kind: 'failed', reason: 'reverted', detail: `${TRIES_MAX} transactions came to nothing` })
    }
    const feeCap = next.feeLimit === undefined ? parts.feeCeiling : next.feeLimit / next.gas
    const given = await lanes
      .laneFor(action.request.kind)
      .submit({ actionId: action.id, to: next.to, data: next.data, gas: next.gas, feeCap })
    if (typeof given === 'number') return parts.kick()
    if (given !== 'price') parts.log('error', 'the lane gives no nonce', { why: given, id: action.id })
    const ending = work.refused(given)
    if (ending !== 'wait') end(action, ending)
  }

  /** The next look, later each time, while it stays open. */
  function planRetry(id: string): void {
    if (closed || actions.get(id)?.state !== 'open') {
      retries.delete(id)
      return
    }
    const delayMs = Math.min((retries.get(id)?.delayMs ?? RETRY_FIRST_MS / 2) * 2, RETRY_MS_MAX)
    retries.set(id, { at: clock.now() + delayMs, delayMs })
  }

  return {
    /** One step of an open action; nothing when one is under way, or nothing is open under the id. */
    async drive(id: string): Promise<void> {
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
        planRetry(id)
      }
    },

    /** Looks again at what is open: after a restart, a silence, or a transaction that ended nothing. Waits for nothing. */
    resume(): void {
      for (const id of actions.openIds(OPEN_LOOKED_AT_MAX)) {
        if (driving.size >= DRIVEN_MAX) return
        const retry = retries.get(id)
        if (!driving.has(id) && (!retry || clock.now() >= retry.at)) void this.drive(id)
      }
    },

    /** From here on nothing new is signed. */
    close(): void {
      closed = true
    },
    /** True while no step is under way. */
    idle: () => driving.size === 0,
  }
}
