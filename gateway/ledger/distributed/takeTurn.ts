import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { FactListener, SubmitOutcome } from '../../ports/books.ts'
import type { BookState } from '../books/bookState.ts'
import { appliedFacts, type Cycle, isSilence } from './cycle.ts'
import type { OpenCycle } from './openCycle.ts'
import type { SubmissionQueue, Waiting } from './submissionQueue.ts'

/** How the books stand. */
export type Standing = {
  phase: 'new' | 'open' | 'closing' | 'stopped'
  /** Why they have stopped. */
  cause: unknown
  open: OpenCycle | undefined
  /** The engine has not answered the last call. */
  silent: boolean
  /** Looks for expired holds. */
  ticker: NodeJS.Timeout | undefined
}

export type TurnParts = Readonly<{
  state: BookState
  queue: SubmissionQueue
  standing: Standing
  nowNs: () => bigint
  notify: FactListener
  onStop: ((error: unknown) => void) | undefined
}>

/** Releases what has expired, and proposes, transfers and records the submissions that wait. Does not reject: what goes wrong stops the books. */
export async function takeTurn(parts: TurnParts): Promise<void> {
  const { state, queue, standing, nowNs } = parts
  const taken = queue.take(state)
  for (const { waiting, outcome } of taken.standing) waiting.answer(outcome)
  try {
    const { cycle } = standing.open!
    await cycle.releaseExpired(nowNs()).catch(ignoreSilence)
    if (taken.fresh.length > 0) await submitAll(parts, cycle, taken.fresh)
  } catch (error) {
    // The engine did not answer until the books were closed: what was proposed is left to the next start.
    if (standing.phase === 'closing' && isSilence(error)) return
    stop(parts, error)
    for (const { refuse } of taken.fresh) refuse(stoppedError(standing))
  }
}

/** Refuses to take anything new unless the books are open and the engine answers. */
export function checkOpen(standing: Standing): void {
  if (standing.phase === 'stopped') throw stoppedError(standing)
  invariant(standing.phase === 'open', `the books are open, not ${standing.phase}`)
  if (standing.silent) throw unavailable()
}

async function submitAll({ queue, standing, notify }: TurnParts, cycle: Cycle, fresh: readonly Waiting[]): Promise<void> {
  const entries = fresh.filter(({ prepared }) => prepared.submission.entry)
  const others = fresh.filter(({ prepared }) => !prepared.submission.entry)
  const proposals = entries.map(({ prepared }) => prepared)
  const seq = await cycle.propose(fresh.map(({ prepared }) => prepared))
  settle(
    others,
    others.map(() => ({ kind: 'applied', seq })),
    notify,
  )
  const onSilence = (): boolean => {
    standing.silent = true
    for (const { answer } of entries) answer({ kind: 'unknown' })
    queue.refuseAll(unavailable())
    return standing.phase !== 'open'
  }
  const transferred = await cycle.transfer(proposals, { resubmitted: false, onSilence })
  standing.silent = false
  settle(entries, await cycle.record(proposals, transferred), notify)
}

function settle(submitted: readonly Waiting[], outcomes: readonly SubmitOutcome[], notify: FactListener): void {
  const applied = appliedFacts(
    submitted.map(({ prepared }) => prepared),
    outcomes,
  )
  for (const { fact, seq } of applied) notify(fact, seq)
  for (const [i, { answer }] of submitted.entries()) answer(outcomes[i]!)
}

function stop({ queue, standing, onStop }: TurnParts, error: unknown): void {
  standing.phase = 'stopped'
  standing.cause = error
  clearInterval(standing.ticker)
  queue.refuseAll(stoppedError(standing))
  onStop?.(error)
}

function stoppedError({ cause }: Standing): GatewayError {
  return new GatewayError('outcome_unknown', 'The books have stopped, because the journal or the ledger engine failed', { cause })
}

function unavailable(): GatewayError {
  return new GatewayError('ledger_unavailable', 'The ledger engine does not answer, so nothing new is taken')
}

function ignoreSilence(error: unknown): void {
  // Looked for again at the next tick.
  if (!isSilence(error)) throw error
}
