/** A block: one group commit. `data` is its content; `hash` = SHA-256(previous hash || header || data). */
export type Block = Readonly<{ seq: number; at: bigint; count: number; hash: Uint8Array; data: Uint8Array }>
export type JournalHead = Readonly<{ seq: number; hash: Uint8Array }>

/** Append-only blocks in one total order, fenced to one writer. */
export interface JournalStore {
  /** Durable when it returns. Throws when `block.seq` is not the next one; any exception from the commit itself must stop the process. */
  append(block: Block): Promise<void>
  /** Blocks after `after`, in order, without gaps. */
  read(after: number): AsyncIterable<Block>
  head(): Promise<JournalHead>
  close(): Promise<void>
}

/** A journal to those who only read it. */
export type JournalReader = Pick<JournalStore, 'read' | 'head' | 'close'>
