import type { Asset } from '../../../gateway/money/asset.ts'
import type { Outcome } from '../../../gateway/ports/outcome.ts'
import type { EvmRailName } from '../../../gateway/ports/railName.ts'
import { createGate } from '../node/gate.ts'
import type { Action, Ending } from './actionTable.ts'
import type { Announcements } from './announcements.ts'
import { createEndings, type Endings } from './endings.ts'
import { type Gatherer, type GathererTools, NO_GATHERER } from './gatherer.ts'
import { createOpenings } from './openings.ts'
import { type EvmRequest, writeRequest } from './requests.ts'
import { createSendWord } from './sendWord.ts'
import { createSteps, type StepParts } from './steps.ts'
import type { Store } from './store.ts'
import type { LiveTransaction, TransactionTable } from './transactionTable.ts'
import { createVerdicts } from './verdicts.ts'

type DriverParts = StepParts &
  Readonly<{
    rail: EvmRailName
    store: Store
    announcements: Announcements
    transactions: TransactionTable
    gasAsset: Asset
    pollMs: number
    /** Where actions wait for others that go in the same transaction. */
    gather?: (tools: GathererTools) => Gatherer
    /** A payout that was told to be settled came to nothing: the stream says so. */
    onUndone(action: Action): void
  }>

const WAIT_MS_MAX = 60_000
/** Looked at one by one at a time, of those for which nobody waits and that cannot go together. */
const PATIENT_MAX = 16

/** What is answered of an id without an action, when that is not `never_sent`. */
type Unheard = () => Outcome | undefined

type RunOptions = Readonly<{
  acknowledged?: (() => void) | undefined
  unheard?: Unheard
  /** Nobody waits for it: it may be opened and sent with others. `onSent`: it is signed, so what is left is for the chain. */
  patient?: boolean
  onSent?: (() => void) | undefined
}>

export type Driver = ReturnType<typeof createDriver>

/** What moves actions on: steps one by one, and gathering. Each tells the other whose turn it is. */
function createMoving(parts: DriverParts) {
  const { store, actions } = parts
  const sends = createSendWord()
  const endings = createEndings({
    ...parts,
    onContradiction: (action, ending) => contradict(parts, action, ending),
    onTold(id) {
      gatherer.forget(id)
      sends.forget(id)
    },
  })
  const steps = createSteps(parts, {
    end(action, ending) {
      store.transact(() => endings.write(action, ending))
      endings.tell(action.id)
    },
    refuse: endings.refuse,
    sent: sends.tell,
    gathered(id) {
      if (gatherer.holds(id)) return true
      const action = actions.get(id)
      return action?.state === 'open' && gatherer.take(action, { urgent: false })
    },
  })
  const gatherer = parts.gather?.({ alone: (id) => steps.drive(id), sent: sends.tell }) ?? NO_GATHERER
  return { endings, steps, gatherer, sends }
}

/** Takes actions by id, once, and drives each to its end; across restarts, and however long the node is silent. */
export function createDriver(parts: DriverParts) {
  const { store, actions, transactions, workFor, clock } = parts
  const { endings, steps, gatherer, sends } = createMoving(parts)
  const openings = createOpenings(parts)
  const room = createGate(PATIENT_MAX, Number.POSITIVE_INFINITY)
  const { checkAfterMs } = endings
  let closed = false
  const isClosed = () => closed
  const verdicts = createVerdicts({ store, actions, transactions, endings, workFor, clock, isClosed, resume: () => steps.resume() })

  /** Whoever waits for nobody is not looked at beside too many others: what the lanes need to know of the chain would wait behind them. */
  async function alone(id: string, patient = false): Promise<void> {
    if (!patient) return steps.drive(id)
    await room.enter()
    try {
      await steps.drive(id)
    } finally {
      room.leave()
    }
  }

  return {
    /** Takes the action durably, unless it stands already, and waits for its end, or for a refusal as things are, as long as the caller does. */
    async run(id: string, request: EvmRequest, signal: AbortSignal, o: RunOptions = {}): Promise<Outcome> {
      if (closed) return this.lookup(id)
      if (o.patient && actions.stateOf(id) === undefined) await openings.open(id, request)
      if (closed) return this.lookup(id)
      const standing = actions.get(id)
      if (standing && writeRequest(standing.request) !== writeRequest(request)) {
        return { kind: 'unknown', checkAfterMs, stuck: true, detail: 'this id stands with another request; nothing was done' }
      }
      if (standing?.ending) return endings.outcomeOf(standing)
      const doubt = standing ? undefined : o.unheard?.()
      if (doubt) return doubt
      if (!standing) openNow(parts, id, request)
      o.acknowledged?.()
      if (o.onSent) sends.when(id, o.onSent)
      const action = standing ?? actions.get(id)
      const waits = action?.state === 'open' && gatherer.take(action, { urgent: o.patient !== true })
      const done = Promise.all([endings.ended(id), waits ? undefined : alone(id, o.patient)])
      await Promise.race([done, aborted(AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS_MAX)]))])
      return this.lookup(id, o.unheard)
    },

    lookup(id: string, unheard?: Unheard): Outcome {
      if (closed) return { kind: 'unknown', checkAfterMs, silent: true, detail: 'the rail is closed' }
      const action = actions.get(id)
      return action ? endings.outcomeOf(action) : (unheard?.() ?? { kind: 'failed', reason: 'never_sent' })
    },

    finish: verdicts.finish,
    displaced: verdicts.displaced,
    recollect: verdicts.recollect,

    setUnderpriced: (row: LiveTransaction): void => warnUnderpriced(parts, endings, row),

    /** Callers that wait are answered `unknown`; nothing new is signed. */
    close(): void {
      openings.flush()
      closed = true
      gatherer.close()
      steps.close()
      endings.tellAll()
    },

    resume: (): void => steps.resume(),
    idle: () => steps.idle() && gatherer.idle(),
  }
}

function openNow({ store, actions, announcements, clock }: DriverParts, id: string, request: EvmRequest): void {
  store.transact(() => {
    actions.open(id, request, clock.now())
    announcements.taken(id)
  })
}

function warnUnderpriced({ log }: DriverParts, endings: Endings, { actionIds, nonce, forms }: LiveTransaction): void {
  const { hash } = forms.at(-1)!
  const waits = 'waits for a lower fee market, because its limit allows no more; it will still be mined'
  const fresh = actionIds.filter((id) => endings.setUnderpriced(id, `transaction ${hash} (nonce ${nonce}) ${waits}`))
  if (fresh.length > 0) log('error', `a transaction ${waits}`, { id: fresh.join(' '), nonce, hash })
}

/** A caller has acted on another ending: what that means for the books is for the stream, and else for a person. */
function contradict(parts: DriverParts, action: Action, ending: Ending): void {
  if (action.request.kind !== 'payout') return
  const message =
    ending.kind === 'settled'
      ? 'a payout that had failed was paid after a reorganisation; it may have been paid twice'
      : 'a payout that was settled came to nothing after a reorganisation; the payee is not paid'
  parts.log('error', message, { id: action.id })
  if (ending.kind === 'failed') parts.onUndone(action)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
