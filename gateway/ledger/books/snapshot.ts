import { invariant } from '../../errors/invariant.ts'
import { min } from '../../money/integers.ts'
import type { Memory } from '../../ports/books.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { beginKeyStoreImage, type KeyStoreImageHeader, restoreKeyStore } from '../archive/keyStoreImage.ts'
import { accountId, type BookAccount } from '../journal/chart.ts'
import { beginImage, type LedgerImageHeader, restoreLedger } from '../rows/ledgerImage.ts'
import { addAccount, type BookState } from './bookState.ts'
import { beginMemoryImage, type MemoryContent, type MemoryHeader, readMemoryImage } from './memoryImage.ts'
import type { ReplayedHead } from './replayJournal.ts'

/** The file that the last snapshot is in. */
export const SNAPSHOT = 'snapshot'

/** Raised when what a snapshot holds changes its form: an older one is then left alone and the journal replayed. */
const VERSION = 4
/** Accounts of the chart written at a time. */
const CHART_SLICE = 1024
const DIGEST_BYTES = 32

/** The names are those of snapshots on disk, which called a segment a chunk, the key store a shelf and the archive the past. */
type Header = Readonly<{
  version: number
  seq: number
  hash: string
  at: string
  groups: number
  chart: number
  archivedChunks: number
  archivedShelfChunks: number
  ledger: LedgerImageHeader
  shelf: KeyStoreImageHeader
  basis: string
  memories: readonly MemoryHeader[]
  archivedPastChunks: number
  past: KeyStoreImageHeader
}>

/** What rooms remember, and what that rests on besides facts: with another basis the same facts may come to something else. */
export type Remembered = Readonly<{ memories: readonly Memory[]; basis: string }>

export type Digests = Readonly<{ records: Uint8Array[]; keyStore: Uint8Array[]; archive: Uint8Array[] }>

/** A snapshot that is being written: bound to the block it was begun after. */
type Snapshot = Readonly<{ parts(): Generator<Uint8Array>; stop(): void }>

/** Begins a snapshot of the books and the memories as they are now, which is as the journal has them up to `head`. */
export function beginSnapshot(
  state: BookState,
  head: ReplayedHead,
  { digests, memories, basis }: Remembered & { digests: Digests },
): Snapshot {
  const remembered = beginMemoryImage(memories)
  const ledger = beginImage(state.machine.state)
  const keyStore = beginKeyStoreImage(state.keyStore)
  const archive = beginKeyStoreImage(state.archive)
  const records = digests.records.slice()
  const keyStores = digests.keyStore.slice()
  const archives = digests.archive.slice()
  const chart = state.chart.length
  const header: Header = {
    version: VERSION,
    seq: head.seq,
    hash: Buffer.from(head.hash).toString('hex'),
    at: head.at.toString(),
    groups: state.groups,
    chart,
    archivedChunks: records.length,
    archivedShelfChunks: keyStores.length,
    ledger: ledger.header,
    shelf: keyStore.header,
    basis,
    memories: remembered.header,
    archivedPastChunks: archives.length,
    past: archive.header,
  }
  return {
    *parts() {
      yield withLength(JSON.stringify(header))
      yield* [...records, ...keyStores]
      for (let from = 0; from < chart; from += CHART_SLICE) yield withLength(chartJson(state, from, chart))
      // These change while they are written: a copy is hashed and written, and not the state itself. `slice` of a Buffer would be no copy.
      for (const part of ledger.parts()) yield new Uint8Array(part)
      for (const part of keyStore.parts()) yield new Uint8Array(part)
      yield* remembered.parts()
      yield* archives
      for (const part of archive.parts()) yield new Uint8Array(part)
    },
    stop: ledger.stop,
  }
}

/** A good snapshot, read and not yet put into effect. */
export type SnapshotContent = Readonly<{
  header: Header
  /**
   * Fills empty books and the digests of what is archived, but for what rooms remember. What is returned fills the archive, and answers with what the memories
   * held; it throws when that cannot be read.
   */
  restore(state: BookState, digests: Digests): () => MemoryContent
}>

/** Reads the last snapshot. One that is damaged or of another form is left alone with a warning. */
export async function readSnapshot(store: StateStore, warn: (line: string) => void): Promise<SnapshotContent | undefined> {
  let bytes: Uint8Array | undefined
  try {
    bytes = await store.read(SNAPSHOT)
  } catch (error) {
    warn(`the snapshot is not used, the whole journal is replayed: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!bytes) return undefined
  const reader = readerOf(bytes)
  // Written by `beginSnapshot` and covered by the file's digest; only the version can be another.
  const header = JSON.parse(reader.text()) as Header
  if (header.version !== VERSION) {
    warn(`the snapshot is of form ${header.version} and not ${VERSION}, so the whole journal is replayed`)
    return undefined
  }
  return {
    header,
    restore(state, digests) {
      for (let n = 0; n < header.archivedChunks; n++) digests.records.push(reader.take(DIGEST_BYTES))
      for (let n = 0; n < header.archivedShelfChunks; n++) digests.keyStore.push(reader.take(DIGEST_BYTES))
      while (state.chart.length < header.chart) restoreChart(state, reader.text())
      restoreLedger(state.machine.state, header.ledger, reader.take)
      restoreKeyStore(state.keyStore, header.shelf, reader.take)
      state.groups = header.groups
      return () => {
        const content = readMemoryImage(header.memories, reader.take)
        for (let n = 0; n < header.archivedPastChunks; n++) digests.archive.push(reader.take(DIGEST_BYTES))
        restoreKeyStore(state.archive, header.past, reader.take)
        reader.end()
        return content
      }
    },
  }
}

/** The block that a snapshot was begun after. */
export function snapshotHead({ header }: SnapshotContent): ReplayedHead {
  return { seq: header.seq, hash: Uint8Array.from(Buffer.from(header.hash, 'hex')), at: BigInt(header.at) }
}

function chartJson(state: BookState, from: number, end: number): string {
  const to = min(from + CHART_SLICE, end)
  return JSON.stringify(state.chart.slice(from, to).map(({ path, asset }) => ({ path, asset })))
}

function restoreChart(state: BookState, json: string): void {
  // Written by `chartJson`.
  for (const { path, asset } of JSON.parse(json) as Omit<BookAccount, 'id'>[])
    addAccount(state, { id: accountId(path, asset), path, asset })
}

function withLength(json: string): Uint8Array {
  const text = Buffer.from(json)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.byteLength)
  return Buffer.concat([length, text])
}

function readerOf(bytes: Uint8Array) {
  let at = 0
  function take(length: number): Uint8Array<ArrayBuffer> {
    invariant(at + length <= bytes.byteLength, 'the snapshot holds what its header says')
    const taken = new Uint8Array(length)
    taken.set(bytes.subarray(at, at + length))
    at += length
    return taken
  }
  return {
    take,
    text(): string {
      const length = Buffer.from(take(4).buffer).readUInt32LE()
      return Buffer.from(take(length).buffer).toString('utf8')
    },
    end(): void {
      invariant(at === bytes.byteLength, 'the snapshot holds nothing else')
    },
  }
}
