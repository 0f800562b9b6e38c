import type { Logger } from 'pino'
import { drive, type StepAnswer } from '../../ledger/process/drive.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Recaller, RecallWord } from '../../ports/recaller.ts'
import type { Payouts } from '../payout/payouts.ts'
import { type AskRecall, beginRecall } from './beginRecall.ts'
import { type RecallFact, toFact } from './facts.ts'
import { isOpen, type Recall } from './recall.ts'
import { createRecallRecords } from './recallRecords.ts'
import { type RecallView, viewRecall } from './view.ts'

/** Recalls that ask their rail at once; the others queue. */
const LANES = 2
const RETRY_MS = 1_000
/** It is sent, it is pending, it has its answer. */
const STEPS_MAX = 4
/** About one payout: one of each kind, and those that nobody heard of. */
const OF_ONE_MAX = 10

export type Recalls = Readonly<{
  /** Asks for a payout back; durable when it resolves, and with the bank soon. Refuses with `not_found`, and as `beginRecall` does. */
  create: (payout: string, ask: AskRecall) => Promise<RecallView>
  /** Those about a payout, the newest first. */
  of: (payout: string) => readonly RecallView[]
  /** After the books have started: goes on with all that has no end. */
  start: () => void
  close: () => Promise<void>
}>

type Parts = Readonly<{
  books: Books
  payouts: Pick<Payouts, 'get'>
  recallers: readonly Recaller[]
  clock: Clock
  ids: IdSource
  log: Pick<Logger, 'warn' | 'error'>
  onFatal: (error: unknown) => void
}>

type Effect = Readonly<{ kind: 'none' | 'ask' }>

/** Asks for payouts back. Make it before the books start. */
export function createRecalls(parts: Parts): Recalls {
  const { books, payouts, recallers, clock, log, onFatal } = parts
  const records = createRecallRecords(books)
  const recallerOf = ({ rail }: Recall) => recallers.find((one) => one.rail === rail)
  const driven = drive<Recall, Effect>({
    name: 'recall',
    records,
    // What was accepted waits for its money alone, and a rail that is here no more can not be asked.
    next: (recall) => ({ kind: isOpen(recall) && recall.status !== 'accepted' && recallerOf(recall) ? 'ask' : 'none' }),
    steps: { none: () => 'wait', ask },
    width: LANES,
    retryMs: RETRY_MS,
    stepsMax: STEPS_MAX,
    log,
    clock,
    onFatal,
  })

  /** Asks the rail, which sends it once or says how it stands, and writes what is new of that. */
  async function ask(recall: Recall): Promise<StepAnswer> {
    const { id, attempt, reason, details } = recall
    const { word, checkAfterMs } = await recallerOf(recall)!.recall({ id, attempt, reason, ...(details === undefined ? {} : { details }) })
    const fact = factOf(recall, word, clock.now())
    if (!fact) return checkAfterMs
    // A repeat of what the books took already adds nothing.
    await submitUntilKnown(books, { claims: [{ key: `recall:${id}:${word.kind}`, fingerprint: id }], facts: [toFact(fact)] })
    return undefined
  }

  function earlier(payout: string): Recall[] {
    const found: Recall[] = []
    for (let one = records.named(payout); one && found.length < OF_ONE_MAX; one = one.before && records.get(one.before)) found.push(one)
    return found
  }

  return {
    async create(id, wish) {
      const payout = payouts.get(id)
      const made = await beginRecall(parts, { payout, earlier: earlier(payout.id), ask: wish })
      driven.wake(made.id)
      return made
    },
    of: (payout) => earlier(payout).map((recall) => viewRecall(recall, clock.now())),
    start: () => void driven.resume(),
    close: driven.close,
  }
}

/** What the rail says that is not known yet. */
function factOf({ id, payout, status, answers }: Recall, word: RecallWord, at: number): RecallFact | undefined {
  if (word.kind === 'sent') return status === 'asked' ? { type: 'recall.sent', id, at, data: { payout } } : undefined
  if (word.kind === 'impossible') {
    const words = 'the bank rail’s own file does not know the payment, so nobody was asked'
    return { type: 'recall.answered', id, at, data: { payout, answer: 'impossible', saidAt: at, words } }
  }
  const { kind, at: saidAt, ...said } = word
  if (answers.some((one) => one.answer === kind)) return undefined
  return { type: 'recall.answered', id, at, data: { payout, answer: kind, saidAt, ...said } }
}
