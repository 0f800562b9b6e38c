import { randomInt } from 'node:crypto'
import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import type { Books, FactListener, SubmitOutcome } from '../ports/books.ts'
import type { Clock } from '../ports/clock.ts'
import type { Block, JournalStore } from '../ports/journal.ts'
import { encodeBlock } from './blockData.ts'
import { blockHash } from './blockHash.ts'
import { balanceOf, balancesUnder, bookedEntry, claimLedger, emptyBooks, takenClaim } from './bookState.ts'
import { evaluate, type Verdict } from './evaluate.ts'
import { type Prepared, prepare } from './prepare.ts'
import { GENESIS, type ReplayedHead, replayJournal } from './replayJournal.ts'
import { verifyBooks } from './verifyBooks.ts'

/** Submissions that may wait; one more is refused with `too_busy`. */
const QUEUE_MAX = 10_000
/** Most submissions of one block. */
const BLOCK_SUBMISSIONS_MAX = 1024
/** How often expired holds are looked for when nothing else happens. */
const EXPIRY_TICK_MS = 1000
const NS_PER_MS = 1_000_000n

export type BooksOptions = Readonly<{
  journal: JournalStore
  clock: Clock
  queueMax?: number
  /** Called once when the journal could not be written: memory is then ahead of the disk, and the process must exit and replay. */
  onStop?: (error: unknown) => void
}>

type Waiting = Readonly<{ prepared: Prepared; resolve: (outcome: SubmitOutcome) => void; reject: (error: unknown) => void }>

/**
 * The embedded books. Submissions queue up; a drain judges all that wait, appends one block and only then answers, so a block is as large as what
 * arrived during the append before it. Reads show the state as judged, which during an append is one block ahead of the disk.
 */
export function createBooks(options: BooksOptions): Books {
  const { journal, clock, queueMax = QUEUE_MAX } = options
  const state = emptyBooks(randomInt(2 ** 32))
  const listeners: FactListener[] = []
  let waiting: Waiting[] = []
  let head: ReplayedHead = GENESIS
  let phase: 'new' | 'open' | 'closing' | 'stopped' = 'new'
  let cause: unknown
  let scheduled = false
  let draining: Promise<void> | undefined
  let ticker: NodeJS.Timeout | undefined

  const nowNs = () => BigInt(clock.now()) * NS_PER_MS

  function schedule(): void {
    if (scheduled || draining) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      draining = drain().finally(() => {
        draining = undefined
        if (waiting.length > 0) schedule()
      })
    })
  }

  async function drain(): Promise<void> {
    const batch = waiting.slice(0, BLOCK_SUBMISSIONS_MAX)
    waiting = waiting.slice(batch.length)
    try {
      const { block, verdicts } = makeBlock(batch)
      if (block) {
        await journal.append(block)
        head = { seq: block.seq, hash: block.hash, at: block.at }
        for (const [i, verdict] of verdicts.entries()) {
          if (verdict.outcome.kind === 'applied') tell(batch[i]!.prepared, block.seq)
        }
      }
      for (const [i, { resolve }] of batch.entries()) resolve(verdicts[i]!.outcome)
    } catch (error) {
      stop(error, batch)
    }
  }

  function makeBlock(batch: readonly Waiting[]): { block: Block | undefined; verdicts: Verdict[] } {
    const { machine } = state
    const moment = { seq: head.seq + 1, nowNs: nowNs() }
    machine.expire(moment.nowNs)
    const verdicts = batch.map(({ prepared }) => evaluate(state, prepared, moment))
    const rows = verdicts.flatMap(({ row }) => row ?? [])
    if (rows.length === 0 && machine.waitingRecords() === 0) return { block: undefined, verdicts }
    const data = encodeBlock({ accounts: verdicts.flatMap(({ created }) => created), rows, machine })
    // Time in the journal never runs backwards, also when the clock is set back.
    const at = [head.at, machine.timestamp(), moment.nowNs].reduce((a, b) => (a > b ? a : b))
    const header = { seq: moment.seq, at, count: rows.length, data }
    return { block: { ...header, hash: blockHash(head.hash, header) }, verdicts }
  }

  function tell(prepared: Prepared, seq: number): void {
    for (const fact of prepared.submission.facts ?? []) for (const listener of listeners) listener(fact, seq)
  }

  /** Memory may be ahead of the disk: nothing is answered any more. What was under way is unknown to its callers. */
  function stop(error: unknown, batch: readonly Waiting[]): void {
    phase = 'stopped'
    cause = error
    clearInterval(ticker)
    for (const { reject } of [...batch, ...waiting]) reject(stoppedError())
    waiting = []
    options.onStop?.(error)
  }

  function stoppedError(): GatewayError {
    return new GatewayError('outcome_unknown', 'The journal could not be written, so the books have stopped', { cause })
  }

  async function idle(): Promise<void> {
    while (scheduled || draining) await (draining ?? new Promise((resolve) => setImmediate(resolve)))
  }

  return {
    async submit(submission) {
      if (phase === 'stopped') throw stoppedError()
      invariant(phase === 'open', `the books are open, not ${phase}`)
      if (waiting.length >= queueMax) throw new GatewayError('too_busy', `${queueMax} submissions are waiting for the journal`)
      const prepared = prepare(submission)
      for (const leg of submission.entry?.legs ?? []) claimLedger(state, leg.asset)
      return new Promise((resolve, reject) => {
        waiting.push({ prepared, resolve, reject })
        schedule()
      })
    },
    claim(key) {
      const taken = takenClaim(state, key)
      return taken && { key, fingerprint: taken.fingerprint, seq: taken.seq }
    },
    balance: (path, asset) => balanceOf(state, path, asset),
    accounts: (prefix) => balancesUnder(state, prefix),
    entry: (id) => bookedEntry(state, id),
    listen(listener) {
      invariant(phase === 'new', 'listeners are added before the books start')
      listeners.push(listener)
    },
    async start() {
      invariant(phase === 'new', 'the books start once')
      let facts = 0
      const replayed = await replayJournal(journal, state, {
        onFact(fact, seq) {
          facts += 1
          for (const listener of listeners) listener(fact, seq)
        },
      })
      const stored = await journal.head()
      if (stored.seq !== replayed.seq)
        throw new Error(`the journal says its head is block ${stored.seq}, but its last block is ${replayed.seq}`)
      head = replayed
      phase = 'open'
      ticker = setInterval(() => state.machine.hasDue(nowNs()) && schedule(), EXPIRY_TICK_MS)
      ticker.unref()
      return { seq: head.seq, facts }
    },
    head: () => ({ seq: head.seq, hash: Buffer.from(head.hash).toString('hex') }),
    async verify() {
      await idle()
      return verifyBooks(journal, { seq: head.seq, hash: head.hash, balances: balancesUnder(state, '') })
    },
    async close() {
      if (phase === 'open') phase = 'closing'
      clearInterval(ticker)
      await idle()
      await journal.close()
    },
  }
}
