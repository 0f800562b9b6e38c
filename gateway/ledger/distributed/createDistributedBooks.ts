import { randomInt } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'
import type { Books, Fact, FactListener } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { JournalStore } from '../../ports/journal.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import { bookReads } from '../books/bookReads.ts'
import { type BookState, balancesUnder, claimLedgers, emptyBooks } from '../books/bookState.ts'
import { prepare } from '../books/prepare.ts'
import { GENESIS, type ReplayedHead } from '../books/replayJournal.ts'
import { createSingleTurn } from '../books/singleTurn.ts'
import { verifyBooks } from '../books/verifyBooks.ts'
import { compareEngine } from './compareEngine.ts'
import { openCycle } from './openCycle.ts'
import { createOpenHolds } from './openHolds.ts'
import { createSubmissionQueue } from './submissionQueue.ts'
import { answerInSilence, checkOpen, knownOutcome, NO_KEYS, type Standing, type TurnParts, takeTurn } from './takeTurn.ts'

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
 * not answer, what was proposed answers `unknown` to whoever asks for it, under its ids or its claims, until it is known; what is new is refused.
 */
export function createDistributedBooks(options: DistributedBooksOptions): Books {
  const { journal, engine, clock, onStop, queueMax = QUEUE_MAX, eventsMax = EVENTS_MAX, deadlineMs = DEADLINE_MS } = options
  const state = emptyBooks(randomInt(2 ** 32))
  const holds = createOpenHolds()
  const listeners: FactListener[] = []
  const standing: Standing = { phase: 'new', cause: undefined, open: undefined, silent: false, underWay: NO_KEYS, ticker: undefined }
  const queue = createSubmissionQueue({ queueMax, legsMax: eventsMax, known: (prepared) => knownOutcome({ state, standing }, prepared) })
  const nowNs = () => BigInt(clock.now()) * NS_PER_MS
  const parts: TurnParts = { state, queue, standing, nowNs, notify, onStop }
  const turns = createSingleTurn({ take: () => takeTurn(parts), more: () => !queue.isEmpty() })
  const head = () => standing.open?.writer.head() ?? GENESIS

  function notify(fact: Fact, seq: number): void {
    for (const listener of listeners) listener(fact, seq)
  }

  async function start(): Promise<{ seq: number; facts: number; restored: number }> {
    invariant(standing.phase === 'new' && !standing.open, 'the books start once')
    let facts = 0
    const onFact: FactListener = (fact, seq) => {
      facts += 1
      notify(fact, seq)
    }
    const startDeadlineMs = options.startDeadlineMs ?? START_DEADLINE_MS
    standing.open = await openCycle(state, { journal, engine, holds, nowNs, eventsMax, deadlineMs, startDeadlineMs, onFact })
    standing.phase = 'open'
    const isDue = () => !standing.silent && holds.dueAccounts(nowNs(), 1).length > 0
    standing.ticker = setInterval(() => isDue() && turns.schedule(), EXPIRY_TICK_MS).unref()
    return { seq: head().seq, facts, restored: 0 }
  }

  function addListener(listener: FactListener): void {
    invariant(standing.phase === 'new', 'listeners are added before the books start')
    listeners.push(listener)
  }

  return {
    async submit(submission) {
      checkOpen(standing)
      const prepared = prepare(state, submission)
      if (standing.silent) return answerInSilence(parts, prepared)
      if (submission.entry) claimLedgers(state, submission.entry)
      const outcome = queue.push(prepared)
      turns.schedule()
      return outcome
    },
    ...bookReads(state),
    listen: addListener,
    // There is no snapshot here to fill it from, so it hears everything.
    remember: ({ apply }) => addListener(apply),
    start,
    head: () => ({ seq: head().seq, hash: Buffer.from(head().hash).toString('hex') }),
    // Nothing is in effect before it is durable.
    durable: () => undefined,
    verify: () => turns.alone(() => verifyBoth(state, head(), { journal, engine, eventsMax })),
    async close() {
      if (standing.phase === 'open') standing.phase = 'closing'
      clearInterval(standing.ticker)
      // Ends the call that is not answered.
      if (standing.silent) await engine.close()
      await turns.idle()
      await engine.close()
      await journal.close()
    },
  }
}

/** Verifies the journal, and that the engine has the balances that it comes to. */
async function verifyBoth(
  state: BookState,
  head: ReplayedHead,
  { journal, engine, eventsMax }: Readonly<{ journal: JournalStore; engine: LedgerEngine; eventsMax: number }>,
): ReturnType<Books['verify']> {
  const result = await verifyBooks(journal, { ...head, balances: balancesUnder(state, '') })
  const wrong = await compareEngine(state, engine, eventsMax)
  return wrong === undefined ? result : { broken: wrong, ...result }
}
