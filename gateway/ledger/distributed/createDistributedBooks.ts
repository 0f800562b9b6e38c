import { randomInt } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Books, Fact, FactListener, SubmitOutcome } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { JournalStore } from '../../ports/journal.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import { createArchive } from '../archive/archive.ts'
import { type BookState, balanceOf, balancesUnder, bookedEntry, claimLedgers, emptyBooks, takenClaim } from '../books/bookState.ts'
import { prepare } from '../books/prepare.ts'
import { GENESIS } from '../books/replayJournal.ts'
import { createSingleTurn } from '../books/singleTurn.ts'
import { verifyBooks } from '../books/verifyBooks.ts'
import { compareEngine } from './compareEngine.ts'
import { appliedFacts, isSilence } from './cycle.ts'
import { type OpenCycle, openCycle } from './openCycle.ts'
import { createOpenHolds } from './openHolds.ts'
import { createSubmissionQueue, type Waiting } from './submissionQueue.ts'

/** Submissions that may wait; one more is refused with `too_busy`. */
const QUEUE_MAX = 10_000
/** Most events in one call of the engine, as in TigerBeetle. */
const EVENTS_MAX = 8189
/** How long the engine is given for one call, before callers are told that the outcome is unknown and it is asked again. */
const DEADLINE_MS = 5_000
/** How long a start waits for the engine to say what became of what was under way. */
const START_DEADLINE_MS = 60_000
/** How often expired holds are looked for. */
const EXPIRY_TICK_MS = 1_000
const NS_PER_MS = 1_000_000n

export type DistributedBooksOptions = Readonly<{
  journal: JournalStore
  /** Closed with the books. */
  engine: LedgerEngine
  clock: Clock
  queueMax?: number
  eventsMax?: number
  deadlineMs?: number
  startDeadlineMs?: number
  /** Called once when the journal could not be written, or the engine contradicts it: the process must exit and start again. */
  onStop?: (error: unknown) => void
}>

/**
 * The books over a ledger engine that is a server. A batch of submissions is proposed, transferred and recorded before the next one is taken; a crash
 * at any point leaves at most one block of proposals open, which the next start resolves by sending the same transfers again. While the engine does
 * not answer, what was proposed answers `unknown` and is asked for until it is known, and everything else is refused.
 */
export function createDistributedBooks(options: DistributedBooksOptions): Books {
  const { journal, engine, clock, queueMax = QUEUE_MAX, eventsMax = EVENTS_MAX, deadlineMs = DEADLINE_MS } = options
  const state = emptyBooks(randomInt(2 ** 32))
  const holds = createOpenHolds()
  const queue = createSubmissionQueue({ queueMax, legsMax: eventsMax })
  const turns = createSingleTurn({ take: takeTurn, more: () => !queue.isEmpty() })
  const listeners: FactListener[] = []
  let open: OpenCycle | undefined
  let phase: 'new' | 'open' | 'closing' | 'stopped' = 'new'
  let cause: unknown
  /** The engine has not answered the last call. */
  let silent = false
  let ticker: NodeJS.Timeout | undefined

  const nowNs = () => BigInt(clock.now()) * NS_PER_MS
  const head = () => open?.writer.head() ?? GENESIS

  async function takeTurn(): Promise<void> {
    const { standing, fresh } = queue.take(state)
    for (const { waiting, outcome } of standing) waiting.answer(outcome)
    try {
      await open!.cycle.releaseExpired(nowNs()).catch(ignoreSilence)
      if (fresh.length > 0) await submitAll(fresh)
    } catch (error) {
      // The engine did not answer until the books were closed: what was proposed is left to the next start.
      if (phase === 'closing' && isSilence(error)) return
      stop(error)
      for (const { refuse } of fresh) refuse(stoppedError())
    }
  }

  async function submitAll(fresh: readonly Waiting[]): Promise<void> {
    const { cycle } = open!
    const entries = fresh.filter(({ prepared }) => prepared.submission.entry)
    const others = fresh.filter(({ prepared }) => !prepared.submission.entry)
    const proposals = entries.map(({ prepared }) => prepared)
    const seq = await cycle.propose(fresh.map(({ prepared }) => prepared))
    settle(
      others,
      others.map(() => ({ kind: 'applied', seq })),
    )
    const onSilence = (): boolean => {
      silent = true
      for (const { answer } of entries) answer({ kind: 'unknown' })
      queue.refuseAll(unavailable())
      return phase !== 'open'
    }
    const transferred = await cycle.transfer(proposals, { resubmitted: false, onSilence })
    silent = false
    settle(entries, await cycle.record(proposals, transferred))
  }

  function settle(submitted: readonly Waiting[], outcomes: readonly SubmitOutcome[]): void {
    const applied = appliedFacts(
      submitted.map(({ prepared }) => prepared),
      outcomes,
    )
    for (const { fact, seq } of applied) notify(fact, seq)
    for (const [i, { answer }] of submitted.entries()) answer(outcomes[i]!)
  }

  function notify(fact: Fact, seq: number): void {
    for (const listener of listeners) listener(fact, seq)
  }

  function stop(error: unknown): void {
    phase = 'stopped'
    cause = error
    clearInterval(ticker)
    queue.refuseAll(stoppedError())
    options.onStop?.(error)
  }

  function stoppedError(): GatewayError {
    return new GatewayError('outcome_unknown', 'The books have stopped, because the journal or the ledger engine failed', { cause })
  }

  async function start(): Promise<{ seq: number; facts: number; restored: number }> {
    invariant(phase === 'new' && !open, 'the books start once')
    let facts = 0
    const onFact: FactListener = (fact, seq) => {
      facts += 1
      notify(fact, seq)
    }
    const startDeadlineMs = options.startDeadlineMs ?? START_DEADLINE_MS
    open = await openCycle(state, { journal, engine, holds, nowNs, eventsMax, deadlineMs, startDeadlineMs, onFact })
    phase = 'open'
    ticker = setInterval(() => !silent && holds.dueAccounts(nowNs(), 1).length > 0 && turns.schedule(), EXPIRY_TICK_MS)
    ticker.unref()
    return { seq: head().seq, facts, restored: 0 }
  }

  function addListener(listener: FactListener): void {
    invariant(phase === 'new', 'listeners are added before the books start')
    listeners.push(listener)
  }

  return {
    async submit(submission) {
      if (phase === 'stopped') throw stoppedError()
      invariant(phase === 'open', `the books are open, not ${phase}`)
      if (silent) throw unavailable()
      const prepared = prepare(state, submission)
      if (submission.entry) claimLedgers(state, submission.entry)
      const outcome = queue.push(prepared)
      turns.schedule()
      return outcome
    },
    ...reads(state),
    listen: addListener,
    // There is no snapshot here to fill it from, so it hears everything.
    remember: ({ apply }) => addListener(apply),
    archive: (name) => createArchive(state.archive, name),
    start,
    head: () => ({ seq: head().seq, hash: Buffer.from(head().hash).toString('hex') }),
    verify: () =>
      turns.alone(async () => {
        const result = await verifyBooks(journal, { ...head(), balances: balancesUnder(state, '') })
        const wrong = await compareEngine(state, engine, eventsMax)
        return wrong === undefined ? result : { broken: wrong, ...result }
      }),
    async close() {
      if (phase === 'open') phase = 'closing'
      clearInterval(ticker)
      // Ends the call that is not answered.
      if (silent) await engine.close()
      await turns.idle()
      await engine.close()
      await journal.close()
    },
  }
}

function reads(state: BookState): Pick<Books, 'claim' | 'balance' | 'accounts' | 'entry'> {
  return {
    claim(key) {
      const taken = takenClaim(state, key)
      return taken && { key, fingerprint: taken.fingerprint, seq: taken.seq }
    },
    balance: (path, asset) => balanceOf(state, path, asset),
    accounts: (prefix) => balancesUnder(state, prefix),
    entry: (id) => bookedEntry(state, id),
  }
}

function unavailable(): GatewayError {
  return new GatewayError('ledger_unavailable', 'The ledger engine does not answer, so nothing new is taken')
}

function ignoreSilence(error: unknown): void {
  // Looked for again at the next tick.
  if (!isSilence(error)) throw error
}
