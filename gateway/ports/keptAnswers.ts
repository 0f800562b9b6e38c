import type { Readable } from 'node:stream'
import type { ReceiptId } from './ids.ts'

/** Whose answer it is. `claimKey`: the claim that its request stands under; `payer` and `seller`: whose shares of the room it takes. */
export type AnswerOwner = Readonly<{ receipt: ReceiptId; claimKey: string; payer: string; seller: string }>

/** A kept answer: its bytes, the SHA-256 of them in hex, and when (ms) its last byte came. `isCut`: its work broke off, and no more of it will ever be. */
export type StoredAnswer = Readonly<{ bytes: number; digest: string; endedAt: number; isCut: boolean }>

/** One answer while it is written. Once it does not fit, or the disk fails, it is no more `kept`, and what is written to it goes nowhere. */
export type AnswerWriter = Readonly<{
  kept: () => boolean
  /** Takes the bytes at once; a promise where so much waits for the disk that the next ones should come later. */
  write: (bytes: Uint8Array) => Promise<void> | undefined
  /** On the disk, whole or `cut` off, for so long (ms). False where it was not kept. */
  end: (lifeMs: number, how?: 'cut') => Promise<boolean>
  drop: () => Promise<void>
}>

/** Answers that are too long for the journal, kept for a repeat of their request. Losing one costs its payer the repeat and nobody money. */
export interface KeptAnswers {
  /** Undefined where there is no room for so many bytes (`bytes`, where that is known) under its shares now. */
  begin(owner: AnswerOwner, o: Readonly<{ bytesMax: number; bytes?: number }>): AnswerWriter | undefined
  /** The answer to the request of this receipt, or that it is still being written. */
  find(receipt: ReceiptId): StoredAnswer | 'open' | undefined
  /** Its bytes from `from` on, to before `end`. Undefined where the file is not what was kept. */
  read(receipt: ReceiptId, range: Readonly<{ from: number; end: number }>): Promise<Readable | undefined>
  /** After the books have started: takes up what an earlier process kept, of what it was still writing as much as there is, and removes what has expired or
   * stands in no record. */
  start(isRecorded: (claimKey: string) => boolean): Promise<void>
  close(): Promise<void>
}
