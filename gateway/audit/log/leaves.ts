import type { Json } from '../../ports/books.ts'
import type { JournalHead } from '../../ports/journal.ts'
import type { CheckedBlock } from '../projection/follower.ts'
import { canonicalJson } from '../receipt/canonicalJson.ts'
import { readReceiptFact } from '../receipt/facts.ts'
import type { ReceiptUpdate } from '../receipt/receiptUpdate.ts'
import { leafHash } from './merkleTree.ts'

/** A leaf of the log: of a receipt, by its id, of a later entry of a receipt's chain, by that id and its number, or of a block. */
type Leaf = Readonly<{ hash: Uint8Array; receipt?: string }>

/**
 * The leaves that a block adds to the log: the receipts that were issued or updated in it, in their order, and then the block itself. A block's hash covers the
 * one before it, so its leaf binds all that the journal holds up to there, also what has no receipt.
 */
export function leavesOf({ block, content }: CheckedBlock): Leaf[] {
  const receipts = content.submissions
    .flatMap(({ facts = [] }) => facts.map(readReceiptFact))
    .filter((known) => known !== undefined)
    .map((known) => ({ receipt: leafName(known), hash: receiptLeafHash(known.data) }))
  return [...receipts, { hash: leafHash(blockLine(block)) }]
}

/** By what name the leaf of a receipt's entry is found: the receipt's id, and from the second entry on `<id>.<n>`. */
function leafName({ id, data }: NonNullable<ReturnType<typeof readReceiptFact>>): string {
  return 'n' in data ? updateName(data) : id
}

export function updateName({ receipt, n }: Pick<ReceiptUpdate, 'receipt' | 'n'>): string {
  return `${receipt}.${n}`
}

/**
 * The leaf of a payment: its receipt as canonical JSON, the very bytes that the receipt's signature covers. So whoever holds a receipt can compute
 * its leaf, and nothing of the receipt can be changed without another leaf.
 */
export function receiptLeafHash(receipt: Json): Uint8Array {
  return leafHash(canonicalJson(receipt))
}

/** A block in one line: what its leaf is the hash of, and what a checkpoint says that it was signed behind. A receipt begins with a brace instead. */
export function blockLine({ seq, hash }: JournalHead): string {
  return `journal ${seq} ${Buffer.from(hash).toString('hex')}`
}

/** Reads such a line; undefined when it is none. */
export function readBlockLine(line: string | undefined): JournalHead | undefined {
  const [, seq, hash] = /^journal (0|[1-9][0-9]{0,15}) ([0-9a-f]{64})$/.exec(line ?? '') ?? []
  return seq && hash ? { seq: Number.parseInt(seq, 10), hash: Buffer.from(hash, 'hex') } : undefined
}
