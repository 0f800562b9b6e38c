import type { Asset } from '../../../gateway/money/asset.ts'
import type { Outcome } from '../../../gateway/ports/outcome.ts'
import type { EvmRailName } from '../../../gateway/ports/railName.ts'
import type { Action, Ending } from './actionTable.ts'
import type { Announcements } from './announcements.ts'
import { createEndings, type Endings } from './endings.ts'
import { type EvmRequest, writeRequest } from './requests.ts'
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
    /** A payout that was told to be settled came to nothing: the stream says so. */
    onUndone(action: Action): void
  }>

const WAIT_MS_MAX = 60_000

/** What is answered of an id without an action, when that is not `never_sent`. */
type Unheard = () => Outcome | undefined

export type Driver = ReturnType<typeof createDriver>

/** Takes actions by id, once, and drives each to its end; across restarts, and however long the node is silent. */
export function createDriver(parts: DriverParts) {
  const { store, actions, transactions, workFor, clock } = parts
  const endings = createEndings({ ...parts, onContradiction: (action, ending) => contradict(parts, action, ending) })
  const steps = createSteps(parts, {
    end(action, ending) {
      store.transact(() => endings.write(action, ending))
      endings.tell(action.id)
    },
    refuse: endings.refuse,
  })
  const { checkAfterMs } = endings
  let closed = false
  const isClosed = () => closed
  const verdicts = createVerdicts({ store, actions, transactions, endings, workFor, clock, isClosed, resume: () => steps.resume() })

  return {
    /** Takes the action durably, unless it stands already, and waits for its end, or for a refusal as things are, as long as the caller does. */
    async run(
      id: string,
      request: EvmRequest,
      signal: AbortSignal,
      { acknowledged, unheard }: { acknowledged?: (() => void) | undefined; unheard?: Unheard } = {},
    ): Promise<Outcome> {
      if (closed) return this.lookup(id)
      const standing = actions.get(id)
      if (standing && writeRequest(standing.request) !== writeRequest(request)) {
        return { kind: 'unknown', checkAfterMs, stuck: true, detail: 'this id stands with another request; nothing was done' }
      }
      if (standing?.ending) return endings.outcomeOf(standing)
      if (!standing) {
        const doubt = unheard?.()
        if (doubt) return doubt
        store.transact(() => {
          actions.open(id, request, clock.now())
          parts.announcements.taken(id)
        })
      }
      acknowledged?.()
      const done = Promise.all([endings.ended(id), steps.drive(id)])
      await Promise.race([done, aborted(AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS_MAX)]))])
      return this.lookup(id, unheard)
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
      closed = true
      steps.close()
      endings.tellAll()
    },

    resume: (): void => steps.resume(),
    idle: steps.idle,
  }
}

function warnUnderpriced({ log }: DriverParts, endings: Endings, { actionId, nonce, forms }: LiveTransaction): void {
  if (actionId === null) return
  const { hash } = forms.at(-1)!
  const waits = 'waits for a lower fee market, because its limit allows no more; it will still be mined'
  if (!endings.setUnderpriced(actionId, `transaction ${hash} (nonce ${nonce}) ${waits}`)) return
  log('error', `a transaction ${waits}`, { id: actionId, nonce, hash })
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
