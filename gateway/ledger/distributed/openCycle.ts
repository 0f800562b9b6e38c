import type { FactListener } from '../../ports/books.ts'
import type { JournalStore } from '../../ports/journal.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import type { BookState } from '../books/bookState.ts'
import type { Prepared } from '../books/prepare.ts'
import { checkHead, replayJournal } from '../books/replayJournal.ts'
import { decodeBlock } from '../journal/blockData.ts'
import { compareEngine } from './compareEngine.ts'
import { appliedFacts, type Cycle, createCycle } from './cycle.ts'
import { createJournalWriter, type JournalWriter } from './journalWriter.ts'
import type { OpenHolds } from './openHolds.ts'
import { proposalsOf } from './proposal.ts'

export type OpenCycle = Readonly<{ cycle: Cycle; writer: JournalWriter }>

type OpenCycleOptions = Readonly<{
  journal: JournalStore
  engine: LedgerEngine
  holds: OpenHolds
  nowNs: () => bigint
  eventsMax: number
  deadlineMs: number
  /** How long the engine is asked for what was under way. */
  startDeadlineMs: number
  onFact: FactListener
}>

/**
 * Replays the journal into an empty state, resolves what an earlier process had proposed and not recorded, and compares the engine with the journal.
 * Throws when the engine does not say what became of it, or is not the journal's.
 */
export async function openCycle(state: BookState, options: OpenCycleOptions): Promise<OpenCycle> {
  const { journal, engine, holds, eventsMax, deadlineMs, onFact } = options
  const replayed = await replayJournal(watched(journal, holds), state, { onFact })
  await checkHead(journal, replayed)
  const writer = createJournalWriter(journal, replayed, options.nowNs)
  const cycle = createCycle(state, { engine, writer, holds, eventsMax, deadlineMs })
  const until = performance.now() + options.startDeadlineMs
  const proposals = await lastProposals(journal, replayed.seq)
  const transferred = await cycle.transfer(proposals, { resubmitted: true, onSilence: () => performance.now() > until })
  for (const { fact, seq } of appliedFacts(proposals, await cycle.record(proposals, transferred))) onFact(fact, seq)
  const wrong = await compareEngine(state, engine, eventsMax)
  if (wrong !== undefined) throw new Error(`the ledger engine is not the one of this journal, or has changed: ${wrong}`)
  return { cycle, writer }
}

/** The journal to a reader that lets the open holds follow, each block once it was checked. */
function watched(journal: JournalStore, holds: OpenHolds): JournalStore {
  return {
    ...journal,
    async *read(after) {
      for await (const block of journal.read(after)) {
        yield block
        for (const record of decodeBlock(block.data).records) holds.note(record)
      }
    },
  }
}

/** What was proposed and not recorded: only the last block can hold such, because a record follows before anything else is written. */
async function lastProposals(journal: JournalStore, seq: number): Promise<Prepared[]> {
  if (seq === 0) return []
  for await (const block of journal.read(seq - 1)) return proposalsOf(decodeBlock(block.data).submissions)
  return []
}
