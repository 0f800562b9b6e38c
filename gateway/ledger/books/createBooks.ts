import { randomInt } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'
import type { Books, Fact, FactListener, Memory, SubmitOutcome } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { JournalStore } from '../../ports/journal.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { createArchive } from '../archive/archive.ts'
import { encodeBlock } from '../journal/blockData.ts'
import type { BookAccount } from '../journal/chart.ts'
import { balanceOf, balancesUnder, bookedEntry, claimLedgers, emptyBooks, takenClaim } from './bookState.ts'
import { checkEarlier, type EarlierCheck } from './checkEarlier.ts'
import type { KeeperLimits } from './dueWork.ts'
import { evaluate } from './evaluate.ts'
import { createGroupCommit, type Judged } from './groupCommit.ts'
import { type Prepared, prepare } from './prepare.ts'
import { GENESIS, replayJournal } from './replayJournal.ts'
import { createStateKeeper } from './stateKeeper.ts'
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
  const { journal, clock } = options
  const state = emptyBooks(randomInt(2 ** 32))
  const { machine } = state
  const listeners: FactListener[] = []
  const memories: Memory[] = []
  /** The block up to which the memories were filled from a snapshot. */
  let remembered = 0
  let started = false
  /** Checks what the start did not read. */
  let earlier: EarlierCheck | undefined
  const { basis = '', warn = () => undefined, limits } = options
  const keeper = options.state && createStateKeeper(state, options.state, { memories, basis, warn, ...(limits && { limits }) })

  const commits = createGroupCommit<Prepared, SubmitOutcome>({
    journal,
    nowNs: () => BigInt(clock.now()) * NS_PER_MS,
    bytesOf: ({ row, submission }) => row.length + LEG_BYTES * (submission.entry?.legs.length ?? 0),
    judge,
    timestamp: () => machine.timestamp(),
    isDue: (nowNs) => machine.hasDue(nowNs),
    committed(batch, outcomes, head) {
      let told = 0
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.kind !== 'applied') continue
        const { facts = [] } = batch[i]!.submission
        for (const fact of facts) notify(fact, head.seq)
        told += facts.length
      }
      keeper?.committed(head, told)
    },
    ...(options.queueMax !== undefined && { queueMax: options.queueMax }),
    ...(options.onStop && { onStop: options.onStop }),
  })

  function judge(batch: readonly Prepared[], moment: Readonly<{ seq: number; nowNs: bigint }>): Judged<SubmitOutcome> {
    machine.expire(moment.nowNs)
    const accounts: BookAccount[] = []
    const rows: string[] = []
    const answers = batch.map((prepared) => {
      const { outcome, row, created } = evaluate(state, prepared, moment)
      accounts.push(...created)
      if (row !== undefined) rows.push(row)
      return outcome
    })
    if (rows.length === 0 && machine.waitingRecords() === 0) return { count: 0, answers }
    return { data: encodeBlock({ accounts, rows, machine }), count: rows.length, answers }
  }

  function notify(fact: Fact, seq: number): void {
    if (seq > remembered) for (const memory of memories) memory.apply(fact, seq)
    for (const listener of listeners) listener(fact, seq)
  }

  return {
    submit(submission) {
      return commits.submit(() => {
        const prepared = prepare(state, submission)
        if (submission.entry) claimLedgers(state, submission.entry)
        return prepared
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
      invariant(!started, 'listeners are added before the books start')
      listeners.push(listener)
    },
    remember(memory) {
      invariant(!started, 'memories are added before the books start')
      invariant(!memories.some(({ name }) => name === memory.name), `there is one memory ${memory.name}`)
      memories.push(memory)
    },
    archive: (name) => createArchive(state.archive, name),
    async start() {
      invariant(!started, 'the books start once')
      started = true
      let facts = 0
      const restored = await keeper?.restore()
      if (restored?.remembered) remembered = restored.head.seq
      const onFact: FactListener = (fact, seq) => {
        facts += 1
        notify(fact, seq)
      }
      const allFacts = listeners.length > 0 || (memories.length > 0 && remembered === 0)
      const onBlock = () => keeper?.replaying()
      const replayed = await replayJournal(journal, state, { restored: restored?.head ?? GENESIS, onFact, allFacts, onBlock })
      const stored = await journal.head()
      if (stored.seq !== replayed.seq)
        throw new Error(`the journal says its head is block ${stored.seq}, but its last block is ${replayed.seq}`)
      commits.open(replayed)
      if (restored && !allFacts) {
        earlier = checkEarlier(journal, restored.head, (error) => {
          warn(`the books stop: ${error instanceof Error ? error.message : String(error)}`)
          commits.fail(error)
        })
      }
      keeper?.replayed(facts)
      return { seq: replayed.seq, facts, restored: remembered }
    },
    head() {
      const { seq, hash } = commits.head()
      return { seq, hash: Buffer.from(hash).toString('hex') }
    },
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
