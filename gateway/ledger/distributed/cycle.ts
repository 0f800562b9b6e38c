import { setTimeout as pause } from 'node:timers/promises'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Fact, SubmitOutcome } from '../../ports/books.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import type { BookState } from '../books/bookState.ts'
import { declinedRow } from '../books/evaluate.ts'
import type { Prepared } from '../books/prepare.ts'
import { applyBlock } from '../books/replayJournal.ts'
import { decodeBlock } from '../journal/blockData.ts'
import type { LedgerRecord } from '../rows/record.ts'
import type { JournalWriter, Recorded } from './journalWriter.ts'
import type { OpenHolds } from './openHolds.ts'
import { proposalRow } from './proposal.ts'
import { type Transferred, transferEntries } from './transferEntries.ts'

/** How long to wait before the engine is asked again. */
const RETRY_MS = 50

type CycleOptions = Readonly<{
  engine: LedgerEngine
  writer: JournalWriter
  holds: OpenHolds
  eventsMax: number
  deadlineMs: number
}>

/** Told each time the engine did not answer; true ends the attempts, and the last error is thrown. */
type OnSilence = () => boolean

/** The three steps of a submission, and the release of holds by time. One at a time: who calls awaits each. */
export type Cycle = Readonly<{
  /**
   * Records submissions without an entry, which no engine has a say in, and makes durable what is about to be transferred, in one block. From then on
   * each entry is resolved, by this process or the next. Returns the block's number.
   */
  propose(fresh: readonly Prepared[]): Promise<number>
  /** Has the engine transfer proposed entries, as often as it takes. `resubmitted` when an earlier process may have asked for the same. */
  transfer(proposals: readonly Prepared[], o: { resubmitted: boolean; onSilence: OnSilence }): Promise<Transferred[]>
  /** Makes the outcomes durable and puts them into effect. */
  record(proposals: readonly Prepared[], transferred: readonly Transferred[]): Promise<SubmitOutcome[]>
  /** Records the holds that the engine has let expire, among those that are due by our clock. */
  releaseExpired(nowNs: bigint): Promise<void>
}>

/** The cycle over this state. */
export function createCycle(state: BookState, { engine, writer, holds, eventsMax, deadlineMs }: CycleOptions): Cycle {
  async function commit(content: Recorded & { records: readonly LedgerRecord[] }): Promise<number> {
    const block = await writer.append(content)
    // As a restart would, from the bytes: what is live can then not differ from what is replayed.
    applyBlock(state, decodeBlock(block.data), { seq: block.seq, chart: true })
    for (const record of content.records) holds.note(record)
    return block.seq
  }

  return {
    propose: (fresh) =>
      commit({ rows: fresh.map((prepared) => (prepared.submission.entry ? proposalRow(prepared) : prepared.row)), records: [] }),
    async transfer(proposals, { resubmitted, onSilence }) {
      if (proposals.length === 0) return []
      return untilAnswered(onSilence, (again) =>
        transferEntries(state, proposals, { engine, deadlineMs, eventsMax, resubmitted: resubmitted || again }),
      )
    },
    async record(proposals, transferred) {
      if (proposals.length === 0) return []
      const judged = proposals.map((prepared, i) => outcomeOf(prepared, transferred[i]))
      const booked = transferred.flatMap((result) => (result.kind === 'booked' ? [result] : []))
      const seq = await commit({
        rows: judged.map(({ row }) => row),
        records: booked.flatMap(({ records }) => records),
        accounts: booked.flatMap(({ created }) => created),
      })
      return judged.map(({ declined }) => declined ?? { kind: 'applied', seq })
    },
    async releaseExpired(nowNs) {
      const due = holds.dueAccounts(nowNs, eventsMax)
      if (due.length === 0) return
      const found = await engine.lookupAccounts(due)
      const records = due.flatMap((id, i) => {
        const [journal, theirs] = [state.machine.account(id), found[i]]
        invariant(journal && theirs, `account ${id} is in the journal and in the ledger engine`)
        return holds.expired(journal, theirs)
      })
      if (records.length > 0) await commit({ rows: [], records })
    },
  }
}

/** The facts of the submissions that were applied, in order. */
export function appliedFacts(fresh: readonly Prepared[], outcomes: readonly SubmitOutcome[]): { fact: Fact; seq: number }[] {
  return outcomes.flatMap((outcome, i) =>
    outcome.kind === 'applied' ? (fresh[i]!.submission.facts ?? []).map((fact) => ({ fact, seq: outcome.seq })) : [],
  )
}

/** True for an error that says that the engine did not answer. */
export function isSilence(error: unknown): boolean {
  return isGatewayError(error, 'outcome_unknown') || isGatewayError(error, 'ledger_unavailable') || isGatewayError(error, 'too_busy')
}

async function untilAnswered<T>(onSilence: OnSilence, attempt: (again: boolean) => Promise<T>): Promise<T> {
  for (let again = false; ; again = true) {
    try {
      return await attempt(again)
    } catch (error) {
      if (!isSilence(error) || onSilence()) throw error
    }
    await pause(RETRY_MS)
  }
}

function outcomeOf({ submission: { entry }, row, fingerprint }: Prepared, result?: Transferred): { row: string; declined?: SubmitOutcome } {
  invariant(entry && result, 'the ledger engine said what became of a proposal')
  if (result.kind === 'booked') return { row }
  const { status, leg } = result
  return { row: declinedRow(entry, { fingerprint, status, leg }), declined: { kind: 'declined', status, leg } }
}
