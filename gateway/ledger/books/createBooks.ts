import { randomInt } from 'node:crypto'
import { type GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import type { Books, SubmitOutcome } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { JournalStore } from '../../ports/journal.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { encodeBlock } from '../journal/blockData.ts'
import type { BookAccount } from '../journal/chart.ts'
import { SegmentUnreadable } from '../rows/segmentStore.ts'
import { bookReads } from './bookReads.ts'
import { type BookState, balancesUnder, claimLedgers, emptyBooks } from './bookState.ts'
import { checkEarlier, type EarlierCheck } from './checkEarlier.ts'
import type { KeeperLimits } from './dueWork.ts'
import { evaluate } from './evaluate.ts'
import { createFactAudience, type FactAudience } from './factAudience.ts'
import { createGroupCommit, type Judged } from './groupCommit.ts'
import { orUnreadable } from './orUnreadable.ts'
import { type Prepared, prepare } from './prepare.ts'
import { checkHead, GENESIS, type ReplayedHead, replayJournal } from './replayJournal.ts'
import { createStateKeeper, type StateKeeper } from './stateKeeper.ts'
import { verifyBooks } from './verifyBooks.ts'

const NS_PER_MS = 1_000_000n
/** Bytes of a leg in a block. */
const LEG_BYTES = 129

export type BooksOptions = Readonly<{
  journal: JournalStore
  clock: Clock
  /** Where snapshots and what is old are kept. Without it all records stay in memory, and each start replays the whole journal. */
  state?: StateStore
  /** What memories rest on besides facts, such as the assets in use. Under another basis a snapshot of them is not used. */
  basis?: string
  /** Told of a snapshot that could not be used or written. */
  warn?: (line: string) => void
  queueMax?: number
  /** When to snapshot and what stays in memory. */
  limits?: Partial<KeeperLimits>
  /** Called once when the journal could not be written: memory is then ahead of the disk, and the process must exit and replay. */
  onStop?: (error: unknown) => void
}>

/**
 * The embedded books. Submissions queue up; each commit judges all that wait, appends one block and only then answers. Reads show the state as judged,
 * which during an append is one block ahead of the disk.
 */
export function createBooks(options: BooksOptions): Books {
  const { journal, clock, basis = '', warn = () => undefined, limits } = options
  const state = emptyBooks(randomInt(2 ** 32))
  const { machine } = state
  const audience = createFactAudience()
  const { memories } = audience
  /** Checks what the start did not read. */
  let earlier: EarlierCheck | undefined
  const keeper = options.state && createStateKeeper(state, options.state, { journal, memories, basis, warn, ...(limits && { limits }) })

  const commits = createGroupCommit<Prepared, SubmitOutcome>({
    journal,
    nowNs: () => BigInt(clock.now()) * NS_PER_MS,
    bytesOf: ({ row, submission }) => row.length + LEG_BYTES * (submission.entry?.legs.length ?? 0),
    judge: (batch, moment) => judge(state, batch, moment),
    timestamp: () => machine.timestamp(),
    isDue: (nowNs) => machine.hasDue(nowNs),
    committed(batch, outcomes, head) {
      const notified = notifyApplied(audience, batch, outcomes, head.seq)
      keeper?.committed(head, notified)
    },
    ...(options.queueMax !== undefined && { queueMax: options.queueMax }),
    ...(options.onStop && { onStop: options.onStop }),
  })

  return {
    submit(submission) {
      return commits.submit(() => {
        const prepared = prepare(state, submission)
        if (submission.entry) claimLedgers(state, submission.entry)
        return prepared
      })
    },
    ...bookReads(state),
    listen: audience.listen,
    remember: audience.remember,
    async start() {
      const { head, restored, facts } = await replayBooks(state, { journal, audience, keeper })
      commits.open(head)
      if (restored && !audience.wantsAll()) {
        earlier = checkEarlier(journal, restored, (error) => {
          warn(`the books stop: ${error instanceof Error ? error.message : String(error)}`)
          commits.fail(error)
        })
      }
      keeper?.replayed(facts)
      keeper?.check()
      return { seq: head.seq, facts, restored: audience.remembered() }
    },
    head() {
      const { seq, hash } = commits.head()
      return { seq, hash: Buffer.from(hash).toString('hex') }
    },
    durable: commits.durable,
    async verify() {
      await commits.idle()
      return verifyBooks(journal, { ...commits.head(), balances: balancesUnder(state, '') })
    },
    async close() {
      await earlier?.close()
      const sound = await commits.close()
      await keeper?.close(sound ? commits.head() : undefined)
      await journal.close()
    },
  }
}

/** Decides about each submission in order, and makes the block's data of what is to be kept. */
function judge(state: BookState, batch: readonly Prepared[], moment: Readonly<{ seq: number; nowNs: bigint }>): Judged<SubmitOutcome> {
  const { machine } = state
  machine.expire(moment.nowNs)
  const accounts: BookAccount[] = []
  const rows: string[] = []
  const answers = batch.map((prepared) => {
    const verdict = orUnreadable(machine, () => evaluate(state, prepared, moment))
    if (verdict instanceof SegmentUnreadable) return verdict
    const { outcome, row, created } = verdict
    accounts.push(...created)
    if (row !== undefined) rows.push(row)
    return outcome
  })
  if (rows.length === 0 && machine.waitingRecords() === 0) return { count: 0, answers }
  return { data: encodeBlock({ accounts, rows, machine }), count: rows.length, answers }
}

/** Notifies of the facts of the submissions that were applied in a block, and returns how many. */
function notifyApplied(
  audience: FactAudience,
  batch: readonly Prepared[],
  outcomes: readonly (SubmitOutcome | GatewayError)[],
  seq: number,
): number {
  let count = 0
  for (const [i, outcome] of outcomes.entries()) {
    if (isGatewayError(outcome) || outcome.kind !== 'applied') continue
    const { facts = [] } = batch[i]!.submission
    for (const fact of facts) audience.notify(fact, seq)
    count += facts.length
  }
  return count
}

type Replayed = Readonly<{ head: ReplayedHead; restored: ReplayedHead | undefined; facts: number }>

/** Fills empty books from the last snapshot and the journal after it, and tells the audience the facts that it does not know. */
async function replayBooks(
  state: BookState,
  { journal, audience, keeper }: Readonly<{ journal: JournalStore; audience: FactAudience; keeper: StateKeeper | undefined }>,
): Promise<Replayed> {
  audience.begin()
  let facts = 0
  const restored = await keeper?.restore()
  if (restored?.remembered) audience.rememberedUpTo(restored.head.seq)
  const head = await replayJournal(journal, state, {
    restored: restored?.head ?? GENESIS,
    onFact(fact, seq) {
      facts += 1
      audience.notify(fact, seq)
    },
    allFacts: audience.wantsAll(),
    onBlock: () => keeper?.replaying(),
    ...(keeper && { heal: keeper.heal }),
  })
  await checkHead(journal, head)
  return { head, restored: restored?.head, facts }
}
