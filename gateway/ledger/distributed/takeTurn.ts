import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { FactListener, SubmitOutcome } from '../../ports/books.ts'
import type { BookState } from '../books/bookState.ts'
import { standingOutcome } from '../books/evaluate.ts'
import type { Prepared } from '../books/prepare.ts'
import { appliedFacts, type Cycle, isSilence } from './cycle.ts'
import type { OpenCycle } from './openCycle.ts'
import { keysOf, type SubmissionQueue, type Waiting } from './submissionQueue.ts'

/** How the books stand. */
export type Standing = {
  phase: 'new' | 'open' | 'closing' | 'stopped'
  /** Why they have stopped. */
  cause: unknown
  open: OpenCycle | undefined
  /** The engine has not answered the last call. */
  silent: boolean
  /** The claims and entries that are proposed and not recorded: what becomes of them is not known. */
  underWay: ReadonlySet<string>
  /** Looks for expired holds. */
  ticker: NodeJS.Timeout | undefined
}

export const NO_KEYS: ReadonlySet<string> = new Set()

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

/** Refuses to take anything unless the books are open. */
export function checkOpen(standing: Standing): void {
  if (standing.phase === 'stopped') throw stoppedError(standing)
  invariant(standing.phase === 'open', `the books are open, not ${standing.phase}`)
}

/**
 * What is known of a submission before it is taken: its outcome when it stands, `unknown` while another is under way under a claim or entry of it. So
 * once an outcome was unknown, nobody who asks for it is told that nothing was taken.
 */
export function knownOutcome({ state, standing }: Pick<TurnParts, 'state' | 'standing'>, prepared: Prepared): SubmitOutcome | undefined {
  const stands = standingOutcome(state, prepared)
  if (stands) return stands
  return keysOf(prepared).some((key) => standing.underWay.has(key)) ? { kind: 'unknown' } : undefined
}

/** The engine does not answer: what is known of a submission, or the refusal of a new one. */
export function answerInSilence(parts: Pick<TurnParts, 'state' | 'standing'>, prepared: Prepared): SubmitOutcome {
  const known = knownOutcome(parts, prepared)
  if (!known) throw unavailable()
  return known
}

async function submitAll(parts: TurnParts, cycle: Cycle, fresh: readonly Waiting[]): Promise<void> {
  const { queue, standing, notify } = parts
  const entries = fresh.filter(({ prepared }) => prepared.submission.entry)
  const others = fresh.filter(({ prepared }) => !prepared.submission.entry)
  const proposals = entries.map(({ prepared }) => prepared)
  standing.underWay = new Set(proposals.flatMap(keysOf))
  const seq = await cycle.propose(fresh.map(({ prepared }) => prepared))
  settle(
    others,
    others.map(() => ({ kind: 'applied', seq })),
    notify,
  )
  const onSilence = (): boolean => {
    standing.silent = true
    for (const { answer } of entries) answer({ kind: 'unknown' })
    queue.refuseAll(unavailable(), (prepared) => knownOutcome(parts, prepared))
    return standing.phase !== 'open'
  }
  const transferred = await cycle.transfer(proposals, { resubmitted: false, onSilence })
  standing.silent = false
  const outcomes = await cycle.record(proposals, transferred)
  standing.underWay = NO_KEYS
  settle(entries, outcomes, notify)
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
