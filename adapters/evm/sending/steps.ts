import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { RailLog } from '../node/railLog.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Action, ActionTable, Ending, Refusal } from './actionTable.ts'
import type { Mined } from './followNonce.ts'
import type { LaneRefusal } from './lane.ts'
import type { Lanes } from './lanes.ts'
import type { EvmRequest } from './requests.ts'

/** What to do for an action for which nothing is signed. `feeLimit`: wei in all that the transaction may cost; `sender`: the only account that may send it. */
export type Step =
  | Readonly<{ kind: 'send'; to: Hex; data: Hex; gas: bigint; feeLimit?: bigint; sender?: Hex | undefined }>
  | Readonly<{ kind: 'end'; ending: Ending }>
  /** `refusal`: the nodes refuse it as things are; it may still come true, so it ends nothing. */
  | Readonly<{ kind: 'wait'; refusal?: Refusal }>

/** How one kind of action is done. */
export type Work = Readonly<{
  /** Looks at the chain and simulates; signs nothing. Throws RpcSilent or RpcRefused when the node does not say. */
  prepare(action: Action): Promise<Step>
  /** Nothing was signed: the lane gave no nonce, or so many transactions came to nothing that no further one is paid for. */
  refused(refusal: LaneRefusal | 'tries'): Ending | 'wait'
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
/** What the nodes refuse is asked for less often: a payer without money may have signed much. */
const REFUSED_RETRY_MS_MAX = 60_000
/** Transactions for one action: each but the last came to nothing. */
const TRIES_MAX = 3
const SPENT: Refusal = { kind: 'failed', reason: 'reverted', detail: `${TRIES_MAX} transactions came to nothing` }

/** When each open action is looked at next. */
function createRetries(clock: Clock) {
  const planned = new Map<string, { at: number; delayMs: number }>()
  return {
    /** The next look, later each time. */
    plan(id: string, delayMsMax: number): void {
      const delayMs = Math.min((planned.get(id)?.delayMs ?? RETRY_FIRST_MS / 2) * 2, delayMsMax)
      planned.set(id, { at: clock.now() + delayMs, delayMs })
    },
    forget: (id: string): void => void planned.delete(id),
    isDue: (id: string): boolean => clock.now() >= (planned.get(id)?.at ?? 0),
  }
}

/** What is done of what the look at the chain said. A further transaction is not sent for what has had its tries. */
function afterLook(actions: ActionTable, action: Action, work: Work, next: Step): Step {
  // Forgotten meanwhile, because the file is an older copy: nothing may be ended or signed for it.
  if (actions.get(action.id)?.state !== 'open') return { kind: 'wait' }
  if (next.kind !== 'send' || action.tries < TRIES_MAX) return next
  const ending = work.refused('tries')
  return ending === 'wait' ? { kind: 'wait', refusal: SPENT } : { kind: 'end', ending }
}

/** Who is told what became of a step. `gathered`: it waits for others, or is on its way with them. */
type StepTold = Readonly<{
  end(action: Action, ending: Ending): void
  refuse(id: string, refusal: Refusal): void
  sent(id: string): void
  gathered(id: string): boolean
}>

/** Takes open actions a step on: to their end, into the lane, or to a later look. One step at a time for each. */
export function createSteps(parts: StepParts, { end, refuse, sent, gathered }: StepTold) {
  const { actions, lanes, clock } = parts
  const driving = new Set<string>()
  const retries = createRetries(clock)
  let closed = false
  /** The open action that was looked at last: with many of them each has its turn. */
  let turn = 0

  /** After how long at most it is looked at again. */
  async function step(action: Action): Promise<number> {
    const work = parts.workFor(action.request)
    const next = afterLook(actions, action, work, await work.prepare(action))
    const refusal = next.kind === 'wait' ? next.refusal : undefined
    if (refusal) refuse(action.id, refusal)
    if (next.kind === 'end') end(action, next.ending)
    if (next.kind === 'send' && !closed) await send(action, work, next)
    return refusal ? REFUSED_RETRY_MS_MAX : RETRY_MS_MAX
  }

  async function send(action: Action, work: Work, next: Extract<Step, { kind: 'send' }>): Promise<void> {
    const feeCap = next.feeLimit === undefined ? parts.feeCeiling : next.feeLimit / next.gas
    const lane = lanes.laneFor(action.request.kind, next.sender)
    const given = await lane.submit({ actionIds: [action.id], to: next.to, data: next.data, gas: next.gas, feeCap })
    if (typeof given === 'number') {
      sent(action.id)
      return parts.kick()
    }
    if (given !== 'price') parts.log('error', 'the lane gives no nonce', { why: given, id: action.id })
    const ending = work.refused(given)
    if (ending !== 'wait' && actions.get(action.id)?.state === 'open') end(action, ending)
  }

  return {
    /** One step of an open action; nothing when one is under way, or nothing is open under the id. */
    async drive(id: string): Promise<void> {
      if (driving.has(id) || closed) return
      driving.add(id)
      let delayMsMax = RETRY_MS_MAX
      try {
        const action = actions.get(id)
        if (action?.state === 'open') delayMsMax = await step(action)
      } catch (error) {
        if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
        parts.log('debug', 'an action waits for the node', { id, why: error.message })
      } finally {
        driving.delete(id)
        if (closed || actions.get(id)?.state !== 'open') retries.forget(id)
        else retries.plan(id, delayMsMax)
      }
    },

    /** Looks again at what is open: after a restart, a silence, or a transaction that ended nothing. Waits for nothing. */
    resume(): void {
      const page = actions.openAfter(turn, OPEN_LOOKED_AT_MAX)
      for (const { id, place } of page) {
        if (driving.size >= DRIVEN_MAX) return
        turn = place
        if (!driving.has(id) && retries.isDue(id) && !gathered(id)) void this.drive(id)
      }
      if (page.length < OPEN_LOOKED_AT_MAX) turn = 0
    },

    /** From here on nothing new is signed. */
    close(): void {
      closed = true
    },
    /** True while no step is under way. */
    idle: () => driving.size === 0,
  }
}
