import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { max } from '../../money/integers.ts'
import type { Block, JournalStore } from '../../ports/journal.ts'
import { blockHash } from '../journal/blockHash.ts'
import { GENESIS, type ReplayedHead } from './replayJournal.ts'
import { createSingleTurn } from './singleTurn.ts'

/** Items that may wait, and their bytes; what does not fit is refused with `too_busy`. */
const QUEUE_MAX = 10_000
const QUEUE_BYTES_MAX = 64 * 1024 * 1024
/** Most items of one block, and bytes after which it takes no more. */
const BLOCK_ITEMS_MAX = 1024
const BLOCK_BYTES_MAX = 8 * 1024 * 1024
/** How often expired holds are looked for when nothing else happens. */
const EXPIRY_TICK_MS = 1000

/** What became of a batch: the block's data, unless there is nothing to keep of it, how many rows that is, and an answer or a refusal for each item. */
export type Judged<A> = Readonly<{ data?: Uint8Array; count: number; answers: readonly (A | GatewayError)[] }>

type GroupCommitRules<T, A> = Readonly<{
  journal: JournalStore
  nowNs(): bigint
  /** About how many bytes of a block this item takes. */
  bytesOf(item: T): number
  /** Decides about each item in order and changes the state. `seq` is the block being made. */
  judge(batch: readonly T[], moment: Readonly<{ seq: number; nowNs: bigint }>): Judged<A>
  /** The newest timestamp that the state gave out, in ns. */
  timestamp(): bigint
  /** True when there is something to do without an item: a hold has expired. */
  isDue(nowNs: bigint): boolean
  /** Told when a batch is durable, before its items are answered. */
  committed(batch: readonly T[], answers: readonly (A | GatewayError)[], head: ReplayedHead): void
  queueMax?: number
  onStop?: (error: unknown) => void
}>

/** A queue in front of a journal. */
type GroupCommit<T, A> = Readonly<{
  /** Makes an item at once and resolves when its block is durable. What `make` throws is the answer too. */
  submit(make: () => T): Promise<A>
  open(head: ReplayedHead): void
  head(): ReplayedHead
  /** Undefined when the state is what the journal holds, else resolves when the block that was judged is durable. Rejects when that is not known. */
  durable(): Promise<void> | undefined
  /** Resolves when nothing waits or is under way. */
  idle(): Promise<void>
  /** Stops for good, as after a failed append. */
  fail(error: unknown): void
  /** Takes no more, and resolves when all that waited is answered: true when the state is what the journal holds, false after a failure. */
  close(): Promise<boolean>
}>

type Waiting<T, A> = Readonly<{ item: T; bytes: number; resolve: (answer: A) => void; reject: (error: unknown) => void }>

/** What waits, and how many bytes of blocks that is. */
type Queue<T, A> = { waiting: Waiting<T, A>[]; bytes: number }

/**
 * Natural group commit: a drain judges all that wait, appends one block and only then answers, so a block is as large as what arrived during the
 * append before it. There is no timer: who comes alone waits for nobody. An error from judging or appending stops it for good.
 */
export function createGroupCommit<T, A>(rules: GroupCommitRules<T, A>): GroupCommit<T, A> {
  const { queueMax = QUEUE_MAX } = rules
  const appender = createAppender(rules.journal)
  const queue: Queue<T, A> = { waiting: [], bytes: 0 }
  let head = GENESIS
  let phase: 'new' | 'open' | 'closing' | 'stopped' = 'new'
  let cause: unknown
  let ticker: NodeJS.Timeout | undefined
  const { schedule, idle } = createSingleTurn({
    take: drain,
    more: () => queue.waiting.length > 0 || (phase === 'open' && rules.isDue(rules.nowNs())),
  })

  async function drain(): Promise<void> {
    const batch = takeBatch(queue)
    const items = batch.map(({ item }) => item)
    try {
      const { block, answers } = makeBlock(rules, head, items)
      if (block) {
        await appender.append(block)
        head = { seq: block.seq, hash: block.hash, at: block.at }
      }
      rules.committed(items, answers, head)
      for (const [i, waiting] of batch.entries()) settle(waiting, answers[i]!)
    } catch (error) {
      stop(error, batch)
    }
  }

  /** Memory may be ahead of the disk: nothing is answered any more. What was under way is unknown to its callers. */
  function stop(error: unknown, batch: readonly Waiting<T, A>[]): void {
    const again = phase === 'stopped'
    phase = 'stopped'
    cause ??= error
    clearInterval(ticker)
    for (const { reject } of [...batch, ...takeAll(queue)]) reject(stoppedError(cause))
    if (!again) rules.onStop?.(error)
  }

  return {
    submit(make) {
      // What is thrown in here rejects the promise.
      return new Promise((resolve, reject) => {
        if (phase === 'stopped') throw stoppedError(cause)
        invariant(phase === 'open', () => `the books are open, not ${phase}`)
        if (queue.waiting.length >= queueMax) throw new GatewayError('too_busy', `${queueMax} submissions are waiting for the journal`)
        const item = make()
        const bytes = rules.bytesOf(item)
        push(queue, { item, bytes, resolve, reject })
        schedule()
      })
    },
    open(at) {
      invariant(phase === 'new', 'the books start once')
      head = at
      phase = 'open'
      ticker = setInterval(() => rules.isDue(rules.nowNs()) && schedule(), EXPIRY_TICK_MS).unref()
    },
    head: () => head,
    durable: appender.durable,
    idle,
    fail: (error) => stop(error, []),
    async close() {
      if (phase === 'open') phase = 'closing'
      clearInterval(ticker)
      await idle()
      return phase === 'closing'
    },
  }
}

function settle<T, A>({ resolve, reject }: Waiting<T, A>, answer: A | GatewayError): void {
  if (isGatewayError(answer)) reject(answer)
  else resolve(answer)
}

/** Appends one block at a time. `durable` resolves with the one under way; after one that failed nobody knows what is durable. */
function createAppender(journal: Pick<JournalStore, 'append'>) {
  let appending: Promise<void> | undefined
  return {
    async append(block: Block): Promise<void> {
      appending = journal.append(block)
      await appending
      appending = undefined
    },
    durable: (): Promise<void> | undefined =>
      appending?.catch((error: unknown) => {
        throw stoppedError(error)
      }),
  }
}

function push<T, A>(queue: Queue<T, A>, waiting: Waiting<T, A>): void {
  if (queue.bytes + waiting.bytes > QUEUE_BYTES_MAX) throw new GatewayError('too_busy', `${queue.bytes} bytes are waiting for the journal`)
  queue.bytes += waiting.bytes
  queue.waiting.push(waiting)
}

/** Takes the oldest that fit into one block. */
function takeBatch<T, A>(queue: Queue<T, A>): Waiting<T, A>[] {
  const { waiting } = queue
  let count = 0
  let bytes = 0
  while (count < waiting.length && count < BLOCK_ITEMS_MAX && bytes < BLOCK_BYTES_MAX) bytes += waiting[count++]!.bytes
  const batch = waiting.slice(0, count)
  queue.waiting = waiting.slice(count)
  queue.bytes -= bytes
  return batch
}

function takeAll<T, A>(queue: Queue<T, A>): Waiting<T, A>[] {
  const { waiting } = queue
  queue.waiting = []
  return waiting
}

/** Judges these and makes the block after `head` of it, when there is something to keep. */
function makeBlock<T, A>(
  rules: GroupCommitRules<T, A>,
  head: ReplayedHead,
  items: readonly T[],
): { block: Block | undefined; answers: Judged<A>['answers'] } {
  const moment = { seq: head.seq + 1, nowNs: rules.nowNs() }
  const { data, count, answers } = rules.judge(items, moment)
  if (!data) return { block: undefined, answers }
  // Time in the journal never runs backwards, also when the clock is set back.
  const at = max(max(head.at, rules.timestamp()), moment.nowNs)
  const header = { seq: moment.seq, at, count, data }
  return { block: { ...header, hash: blockHash(head.hash, header) }, answers }
}

function stoppedError(cause: unknown): GatewayError {
  return new GatewayError('outcome_unknown', 'The journal could not be written, so the books have stopped', { cause })
}
