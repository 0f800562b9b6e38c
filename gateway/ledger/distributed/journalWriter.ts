import { max } from '../../money/integers.ts'
import type { Block, JournalStore } from '../../ports/journal.ts'
import type { ReplayedHead } from '../books/replayJournal.ts'
import { encodeBlock } from '../journal/blockData.ts'
import { blockHash } from '../journal/blockHash.ts'
import type { BookAccount } from '../journal/chart.ts'
import type { LedgerRecord } from '../rows/record.ts'
import { encodeRecords } from '../rows/recordBytes.ts'

/** What a block records. `accounts` are those among the records, in their order. */
export type Recorded = Readonly<{ rows: readonly string[]; records?: readonly LedgerRecord[]; accounts?: readonly BookAccount[] }>

/** Appends blocks in the form of the embedded books behind a head that it keeps. */
export type JournalWriter = Readonly<{ append(content: Recorded): Promise<Block>; head(): ReplayedHead }>

/** A writer behind this head. The time of a block is the newest of the clock, the records and the block before. */
export function createJournalWriter(journal: JournalStore, start: ReplayedHead, nowNs: () => bigint): JournalWriter {
  let head = start
  return {
    async append({ rows, records = [], accounts = [] }) {
      const machine = {
        waitingRecords: () => records.length,
        takeBytes: (target: Uint8Array, offset: number) => target.set(encodeRecords(records), offset),
      }
      const data = encodeBlock({ accounts, rows, machine })
      const at = [head.at, nowNs(), ...records.map(timeOf)].reduce((a, b) => max(a, b))
      const header = { seq: head.seq + 1, at, count: rows.length, data }
      const block = { ...header, hash: blockHash(head.hash, header) }
      await journal.append(block)
      head = { seq: block.seq, hash: block.hash, at }
      return block
    },
    head: () => head,
  }
}

function timeOf(record: LedgerRecord): bigint {
  switch (record.kind) {
    case 'account':
      return record.account.timestamp
    case 'transfer':
      return record.transfer.timestamp
    case 'expired':
      return record.timestamp
    case 'burned':
      return 0n
  }
}
