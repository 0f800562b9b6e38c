import { invariant } from '../../errors/invariant.ts'
import type { JournalStore } from '../../ports/journal.ts'
import type { AccountStatus, CreateResult, LedgerEngine, LedgerQueries, TransferStatus } from '../../ports/ledger.ts'
import { LEDGER_BATCH_MAX } from '../../ports/ledger.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { encodeBlock } from '../journal/blockData.ts'
import { accountBalances, accountTransfers, queryAccounts, queryTransfers } from '../machine/queries.ts'
import { writeAccountEvent, writeTransferEvent } from '../rows/eventRows.ts'
import { newRows, ROW_WORDS, type Rows } from '../rows/words.ts'
import { emptyBooks } from './bookState.ts'
import type { KeeperLimits } from './dueWork.ts'
import { createGroupCommit, type Judged } from './groupCommit.ts'
import { orUnreadable } from './orUnreadable.ts'
import { GENESIS, replayJournal } from './replayJournal.ts'
import { createStateKeeper } from './stateKeeper.ts'

/** Bytes of an event in a block. */
const EVENT_BYTES = 129

type EmbeddedEngineOptions = Readonly<{
  journal: JournalStore
  /** The engine's clock, in ns since 1970. */
  nowNs: () => bigint
  /** See `createBooks`. */
  state?: StateStore
  warn?: (line: string) => void
  limits?: Partial<KeeperLimits>
  onStop?: (error: unknown) => void
}>

/** The ledger machine over a journal, without the books' claims, facts and chart of accounts. */
type EmbeddedEngine = LedgerEngine &
  LedgerQueries &
  Readonly<{
    /** Releases the holds that are due now and resolves when that is durable; the engine does it by itself within a second. */
    expire(): Promise<void>
    /** What is wrong with the ledger as a whole; empty when sound. */
    check(): string[]
  }>

/** A call's events as rows: what the caller does to them later changes nothing, and what no row can hold is refused before it waits. */
type Call = Readonly<{ kind: 'account' | 'transfer'; rows: Rows; count: number }>
type Answer = CreateResult<AccountStatus | TransferStatus>[]

/** Replays the journal and opens a ledger engine on it. Each call's events are one batch; calls of one moment share a block. */
export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const { journal } = options
  const books = emptyBooks(0)
  const { machine } = books
  const keeper =
    options.state &&
    createStateKeeper(books, options.state, {
      journal,
      warn: options.warn ?? (() => undefined),
      ...(options.limits && { limits: options.limits }),
    })

  const commits = createGroupCommit<Call, Answer>({
    journal,
    nowNs: options.nowNs,
    bytesOf: ({ count }) => count * EVENT_BYTES,
    judge,
    timestamp: () => machine.timestamp(),
    isDue: (nowNs) => machine.hasDue(nowNs),
    committed: (_calls, _answers, head) => keeper?.committed(head, 0),
    ...(options.onStop && { onStop: options.onStop }),
  })

  function judge(calls: readonly Call[], { nowNs }: Readonly<{ nowNs: bigint }>): Judged<Answer> {
    machine.expire(nowNs)
    const answers = calls.map(({ kind, rows, count }) => orUnreadable(machine, () => machine.createRows(kind, rows, count, nowNs)))
    if (machine.waitingRecords() === 0) return { count: 0, answers }
    return { data: encodeBlock({ accounts: [], rows: [], machine }), count: 0, answers }
  }

  const restored = (await keeper?.restore())?.head ?? GENESIS
  commits.open(await replayJournal(journal, books, { restored, chart: false, ...(keeper && { heal: keeper.heal }) }))
  keeper?.check()

  return {
    // A call is answered with the statuses of its own kind.
    async createAccounts(events) {
      return (await commits.submit(() => callOf('account', events, writeAccountEvent))) as CreateResult<AccountStatus>[]
    },
    async createTransfers(events) {
      return (await commits.submit(() => callOf('transfer', events, writeTransferEvent))) as CreateResult<TransferStatus>[]
    },
    async lookupAccounts(ids) {
      checkIds(ids)
      return ids.map((id) => machine.account(id))
    },
    async lookupTransfers(ids) {
      checkIds(ids)
      return ids.map((id) => machine.transfer(id))
    },
    accountTransfers: async (filter) => accountTransfers(machine.state, filter),
    accountBalances: async (filter) => accountBalances(machine.state, filter),
    queryAccounts: async (filter) => queryAccounts(machine.state, filter),
    queryTransfers: async (filter) => queryTransfers(machine.state, filter),
    async expire() {
      await commits.submit(() => callOf('transfer', [], writeTransferEvent))
    },
    check: () => machine.check(),
    async close() {
      const sound = await commits.close()
      await keeper?.close(sound ? commits.head() : undefined)
      await journal.close()
    },
  }
}

function callOf<E>(kind: Call['kind'], events: readonly E[], write: (rows: Rows, at: number, event: E) => void): Call {
  invariant(events.length <= LEDGER_BATCH_MAX, `a batch has at most ${LEDGER_BATCH_MAX} events`)
  const rows = newRows(events.length)
  for (const [i, event] of events.entries()) write(rows, i * ROW_WORDS, event)
  return { kind, rows, count: events.length }
}

function checkIds(ids: readonly bigint[]): void {
  invariant(ids.length <= LEDGER_BATCH_MAX, `a lookup is for at most ${LEDGER_BATCH_MAX} ids`)
}
