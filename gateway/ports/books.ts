import type { Asset } from '../money/asset.ts'
import type { EntryId } from './ids.ts'
import type { TransferStatus } from './ledger.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** The single use of something: a proof of payment, a settlement's id, an idempotency key. The same key with another fingerprint is a conflict. */
export type Claim = Readonly<{ key: string; fingerprint: string }>

/** One record in the journal, past tense: `intent.created`. `id` names its subject. Amounts inside `data` are decimal strings of units. */
export type Fact = Readonly<{ type: string; id: string; at: number; data: { readonly [key: string]: Json } }>

/** An account by its path in the chart of accounts (DESIGN 6): `party:pa_...`, `rail:lightning:node`, `pot:0x...`. One path has one account per asset. */
export type AccountPath = string

/**
 * One debit and credit inside an entry. `hold` reserves (TigerBeetle: pending) until posted, voided or expired after `timeoutS` seconds (0: never);
 * `post` takes `units` of the hold `pending` and releases the rest; `void` releases it. `post` and `void` need no accounts.
 */
export type Leg =
  | Readonly<{ kind: 'move'; debit: AccountPath; credit: AccountPath; asset: Asset; units: bigint }>
  | Readonly<{ kind: 'hold'; debit: AccountPath; credit: AccountPath; asset: Asset; units: bigint; timeoutS: number }>
  | Readonly<{ kind: 'post'; pending: LegId; asset: Asset; units: bigint }>
  | Readonly<{ kind: 'void'; pending: LegId; asset: Asset }>

/** A leg named by its entry and its place in it (0-based). */
export type LegId = Readonly<{ entry: EntryId; leg: number }>

/** All or nothing, and sums to zero. At most 250 legs. Every leg carries `payment` and a fingerprint of the whole entry. */
export type Entry = Readonly<{ id: EntryId; payment: string; legs: readonly Leg[] }>

/** What becomes durable together: claims are taken, facts recorded, the entry booked, or nothing of it. */
export type Submission = Readonly<{ claims?: readonly Claim[]; facts?: readonly Fact[]; entry?: Entry }>

export type SubmitOutcome =
  | Readonly<{ kind: 'applied'; seq: number }>
  /** All claims (or, without claims, the entry) were taken before by the same submission: nothing new happened. */
  | Readonly<{ kind: 'replayed'; seq: number }>
  | Readonly<{ kind: 'declined'; status: TransferStatus; leg: number }>
  /** A claim's key, or the entry's id, stands with another content. */
  | Readonly<{ kind: 'conflict'; with: Claim & Readonly<{ seq: number }> }>
  /**
   * Never from the embedded books; the distributed ones when a deadline passes. It may stand. Resubmit under the same ids: until it is known, whatever has
   * its claims or its entry's id is answered so, and never refused as not taken.
   */
  | Readonly<{ kind: 'unknown' }>

export type AccountBalance = Readonly<{
  path: AccountPath
  asset: Asset
  debitsPosted: bigint
  creditsPosted: bigint
  debitsPending: bigint
  creditsPending: bigint
}>

/** Called once for each durable fact, in journal order: at start for all that stand, then live, before the submission that made them resolves. */
export type FactListener = (fact: Fact, seq: number) => void

/** Where a memory keeps what it knows. Keys and values are plain data; a value is replaced and never changed, because a snapshot reads it later. */
export type MemoryTable = Map<string, unknown> | Set<string> | unknown[]

/**
 * Where a memory puts what nothing is expected to happen to any more, so that it leaves the heap, and in the end the memory: by a key, once and for
 * ever. Only `apply` puts, because the archive has to follow from the facts like the memory's tables.
 */
export type Archive = Readonly<{
  /** Plain data, under a key that is new. False, and nothing is put, when it is too long. */
  put(key: string, thing: unknown): boolean
  /** An equal thing, mostly read from a file. */
  get(key: string): unknown
}>

/**
 * What a room remembers of the facts, and of nothing else: the same facts always come to the same tables. So the books can keep them in their
 * snapshots, and a start reads only the facts that came after.
 */
export type Memory = Readonly<{
  /** Unique, and the same at each start. */
  name: string
  /** Raised when the same facts come to other tables than before. A snapshot with another form is not used: all facts are read again. */
  form: number
  tables: Readonly<Record<string, MemoryTable>>
  apply: FactListener
  /** Builds what follows from the tables anew, from nothing. Called once they were filled from a snapshot, or emptied. */
  derive?(): void
}>

/** One call that makes facts and entries durable together. */
export interface Books {
  /** Resolves only when durable. Refuses with `too_busy` when its bounded queue is full. */
  submit(submission: Submission): Promise<SubmitOutcome>
  /** The claim under this key, when it is taken. */
  claim(key: string): (Claim & Readonly<{ seq: number }>) | undefined
  balance(path: AccountPath, asset: Asset): AccountBalance
  /** The accounts at a path, and below it (`share` and `share:0x12` have `share:0x12:0x34` below them); '' for all. */
  accounts(path: AccountPath): readonly AccountBalance[]
  /** So many accounts in the order in which they were first booked on, from the one on this place; places never change. */
  accountsFrom(place: number, count: number): readonly AccountBalance[]
  /** The legs of an entry as they were booked, or undefined. */
  entry(id: EntryId): Entry | undefined
  /** What the books can not have more of than `most`, and how much of it they have. */
  limits(): readonly Readonly<{ what: string; used: number; most: number }>[]
  /** Hears every fact at each start, so that the whole journal is read. Listen before `start`. */
  listen(listener: FactListener): void
  /** Hears the facts that its tables do not know yet. Remember before `start`. */
  remember(memory: Memory): void
  /** The archive of the memory of this name. */
  archive(name: string): Archive
  /**
   * Replays the journal after the last snapshot, checks its hash chain from there on, and the anchored head; throws when either is broken. `facts` were
   * heard; `restored` is the block up to which memories were filled from the snapshot, 0 when they heard everything.
   */
  start(): Promise<Readonly<{ seq: number; facts: number; restored: number }>>
  head(): Readonly<{ seq: number; hash: string }>
  /**
   * Reads may show one block more than is durable: undefined when they do not, else resolves when that block is, and rejects when nobody knows. Who shows
   * others what was read awaits it first; who submits what follows from a read need not, because that comes into a later block.
   */
  durable(): Promise<void> | undefined
  /**
   * Reads the whole journal again, in this thread, and checks every hash and that each asset's debits equal its credits. A gateway that runs asks its audit
   * instead, which reads it in another.
   */
  verify(): Promise<
    Readonly<{
      blocks: number
      head: string
      broken?: string
      sums: readonly Readonly<{ asset: string; debits: bigint; credits: bigint }>[]
    }>
  >
  close(): Promise<void>
}
