import type { ReadCursor } from './readModel.ts'

/** A perfect subtree's hash: `level` 0 are leaves, and subtree `index` of a level covers the leaves from index * 2^level on. */
export type SubtreeHash = Readonly<{ level: number; index: number; hash: Uint8Array }>

/** A receipt's place in the log. */
export type AuditLeaf = Readonly<{ receipt: string; index: number }>

/** A signed tree head: `note` is the whole signed note. */
export type SignedCheckpoint = Readonly<{ size: number; note: string }>

/** The audit log to those who answer from it. */
export interface AuditLog {
  /** Leaves in the log; the newest may not be under a checkpoint yet. */
  size(): number
  indexOf(receipt: string): number | undefined
  /** The hash of a subtree that is full. */
  subtree(level: number, index: number): Uint8Array
  /** The newest checkpoint; undefined before the first. */
  checkpoint(): SignedCheckpoint | undefined
  /** The last checkpoint from when the log had receipts alone; undefined when it never had, or when it still has. */
  earlier(): SignedCheckpoint | undefined
  close(): void
}

/** The audit log to the one who builds it. */
export interface AuditLogWriter extends AuditLog {
  cursor(): ReadCursor
  /** Adds every subtree that new leaves fill, themselves among them, all or nothing with the cursor; the log then has `size` leaves. */
  append(news: Readonly<{ receipts: readonly AuditLeaf[]; subtrees: readonly SubtreeHash[]; size: number; cursor: ReadCursor }>): void
  /** Durable when it returns: a log must never contradict what it has signed. */
  saveCheckpoint(checkpoint: SignedCheckpoint): void
}
