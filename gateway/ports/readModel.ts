import type { Asset } from '../money/asset.ts'
import type { AccountPath, Json } from './books.ts'
import type { EntryId } from './ids.ts'
import type { JournalHead } from './journal.ts'
import type { U128 } from './ledger.ts'
import type { ListedChange, ListReads } from './readLists.ts'

/** The four balances of an account, in the smallest units of its asset. */
export type Balances = Readonly<{ debitsPosted: bigint; creditsPosted: bigint; debitsPending: bigint; creditsPending: bigint }>

/**
 * An account as the read model keeps it. `n` counts accounts in the order of the journal, from 1. `last` is the newest change of its balances
 * (0: none yet) and `changes` how many there were. Times of the ledger are in ns since 1970.
 */
export type ReadAccount = Readonly<{
  n: number
  id: U128
  path: AccountPath
  asset: Asset
  createdAt: bigint
  last: number
  changes: number
}> &
  Balances

/** `n` counts entries in the order of the journal, from 1. `seq` is the block it stands in. */
export type ReadEntry = Readonly<{ n: number; id: EntryId; payment: string; seq: number; at: bigint; legs: number }>

/** `expire` is no transfer: it is the release of a hold by time. */
export type ChangeKind = 'move' | 'hold' | 'post' | 'void' | 'expire'

/** One side of a change: the account, its balances after it, and the change of the same account before it (0: none). */
export type ChangeSide = Readonly<{ account: number; before: number }> & Balances

/**
 * One change of two accounts' balances, in the order of the journal: a leg of an entry, or the release of a hold by time. `units` is what it moved
 * or reserved or took or released. `hold` is the change that reserved what this one posts, voids or lets expire (0: none).
 */
export type ReadChange = Readonly<{
  n: number
  entry: number
  leg: number
  at: bigint
  kind: ChangeKind
  units: bigint
  hold: number
  timeoutS: number
  debit: ChangeSide
  credit: ChangeSide
}>

/** A hold that nothing has resolved yet. `id` is its transfer's in the ledger; the rest is what its resolution will need. */
export type OpenHold = Readonly<{ id: U128; change: number; debit: number; credit: number; units: bigint }>

/** A change of `account` that is looked for by time: every `MARK_EVERY`th is marked. */
export type ChangeMark = Readonly<{ account: number; at: bigint; change: number }>

/** A fact in the order of the journal: `n` is its place in its block. `subject` is the payment it speaks of, or what `id` names. `data` is JSON. */
export type ReadFact = Readonly<{ seq: number; n: number; subject: string; type: string; id: string; at: number; data: string }>

/** What is known of the subject of events, for those that come later: whose it is, and what their facts will not say again. */
export type EventSubject = Readonly<{ parties: readonly string[]; data: Readonly<Record<string, Json>> }>
type SubjectRow = EventSubject & Readonly<{ id: string }>

/** An event of the journal. Ids sort as the journal does. `parties`: whose it is. `body` is the event as JSON, as it is read. */
export type ReadEvent = Readonly<{ id: string; type: string; subject: string; parties: readonly string[]; body: string }>

/** An event as a list has it. */
export type ListedEvent = Pick<ReadEvent, 'id' | 'type' | 'subject' | 'body'>

/** Which events: those after one (`''` for the beginning), of one party, of a subject, of some types; all when nothing is said. */
export type EventFilter = Readonly<{ party?: string | undefined; subject?: string | undefined; types?: readonly string[] | undefined }>

/** Something that a person or a key has changed. `party`, `person` and `key` are '' where there is none; `body` is the act as JSON, as it is read. */
export type ReadAct = Readonly<{
  id: string
  at: number
  party: string
  person: string
  key: string
  resources: readonly string[]
  body: string
}>

/** Which acts: of a party, of a person, by a key or about a resource (one of these three), from `since` on and before `until` (ms). */
export type ActFilter = Readonly<{
  party?: string | undefined
  of?: Readonly<{ what: 'person' | 'key' | 'resource'; value: string }> | undefined
  since?: number | undefined
  until?: number | undefined
}>

export type PaymentKind = 'intent' | 'request' | 'payout' | 'exchange'

/** A payment as its facts tell it. `units` is of the asset with the id `asset`. `key` is what the payer named it by, a proof's claim. Times in ms. */
export type ReadPayment = Readonly<{
  id: string
  kind: PaymentKind
  status: string
  rail: string
  asset: string
  units: bigint
  party: string
  receipt: string
  key: string
  createdAt: number
  changedAt: number
}>

/** What a fact changes in a payment. A change without `kind` is of a payment that stands already. */
export type PaymentChange = Partial<Omit<ReadPayment, 'id'>> &
  Readonly<{ id: string; changedAt: number; metadata?: Readonly<Record<string, string>> }>

/** Everything that one block adds. `accounts` are those created in it, without balances. */
export type BlockRows = Readonly<{
  seq: number
  accounts: readonly ReadAccount[]
  entries: readonly ReadEntry[]
  changes: readonly ReadChange[]
  marks: readonly ChangeMark[]
  opened: readonly OpenHold[]
  closed: readonly U128[]
  facts: readonly ReadFact[]
  acts: readonly ReadAct[]
  payments: readonly PaymentChange[]
  events: readonly ReadEvent[]
  subjects: readonly SubjectRow[]
  listed: readonly ListedChange[]
}>

/**
 * What was posted to a group of accounts in one asset. A group is what a balance sheet has a line for: one account that is the operator's or a rail's, or all
 * accounts of a kind, such as those of parties.
 */
export type GroupTotals = Readonly<{ group: string; asset: Asset; debits: bigint; credits: bigint }>

/** What blocks have changed in place: accounts, and totals of groups, each as it is after the last of them. */
export type Touched = Readonly<{ accounts: Iterable<ReadAccount>; groups: Iterable<GroupTotals> }>

/** Where a projection stands: the block it has shown last. */
export type ReadCursor = JournalHead & Readonly<{ at: bigint }>

/** The one who builds the read model. Each `apply` is all or nothing with its cursor. */
export interface ReadModelWriter {
  cursor(): ReadCursor
  /** What the projection has to remember, as it stands at the cursor. */
  accounts(): Iterable<ReadAccount>
  openHolds(): Iterable<OpenHold>
  counts(): Readonly<{ entries: number; changes: number }>
  eventSubject(id: string): EventSubject | undefined
  groups(): Iterable<GroupTotals>
  apply(blocks: readonly BlockRows[], touched: Touched, cursor: ReadCursor): void
  close(): void
}

/** A change with the names that people know, seen from anywhere. */
export type ChangeView = ReadChange &
  Readonly<{ entryId: EntryId | ''; payment: string; debitPath: AccountPath; creditPath: AccountPath; asset: Asset }>

/** What the read model answers. Everything is as of `cursor`. Lists are at most `limit` long. */
export interface ReadModel {
  cursor(): ReadCursor
  /** Every account, and the cursor that they belong to: one moment, also while the projector goes on. */
  whole(): Readonly<{ cursor: ReadCursor; accounts: readonly ReadAccount[] }>
  /** Accounts whose path begins with `prefix`, by path, then asset; with `at` (ns) their balances at that time. */
  balances(prefix: string, options: { limit: number; at?: bigint }): ReadAccount[]
  /** Of each group and asset the totals. */
  groups(): GroupTotals[]
  /** The account's changes, the newest first, before the change `before` when given. */
  history(account: number, options: { limit: number; before?: number }): ChangeView[]
  /** The account's changes from `from` on and before `before` (ns), the oldest first. Costs what it gives, whatever stands outside these times. */
  changesBetween(account: number, o: Readonly<{ from: bigint; before: bigint; limit: number }>): ChangeView[]
  entry(id: string): (ReadEntry & Readonly<{ changes: readonly ChangeView[] }>) | undefined
  /** The number of the first entry at or after a time (ns); one more than the last where there is none. */
  firstEntryAt(at: bigint): number
  /** Entries from this number on, in order, each with its legs. */
  entriesFrom(n: number, limit: number): (ReadEntry & Readonly<{ changes: readonly ChangeView[] }>)[]
  /** The entries of a payment, in order. */
  entriesOf(payment: string, limit: number): ReadEntry[]
  payment(id: string): (ReadPayment & Readonly<{ metadata: Readonly<Record<string, string>> }>) | undefined
  /** Ids of payments whose metadata has this value under this key, the newest first. */
  paymentsWith(key: string, value: string, limit: number): string[]
  /** The fact that issued this receipt. */
  receipt(id: string): ReadFact | undefined
  /** What the journal says of a subject, in order. */
  facts(subject: string, limit: number): ReadFact[]
  /** Of one type, the newest first. */
  newestFacts(subject: string, type: string, limit: number): ReadFact[]
  /** The newest fact of the last subject that sorts behind `after` and before `before`: ids of one kind sort by time. */
  newestBetween(after: string, before: string): ReadFact | undefined
  /** Events after this id in order. What it costs is bounded by `limit`, the types asked for, and how many events a subject has. */
  events(filter: EventFilter, after: string, limit: number): ListedEvent[]
  /** This event, if it is this party's where one is named. */
  event(id: string, party?: string): ListedEvent | undefined
  /** The newest first, those before the act `before` where one is named; undefined when the filter's party has no such act. A page costs what is on it. */
  acts(
    filter: ActFilter,
    page: Readonly<{ limit: number; before?: string | undefined }>,
  ): readonly Readonly<{ id: string; body: string }>[] | undefined
  /** The id of the newest event, '' before the first. */
  lastEvent(): string
  readonly lists: ListReads
  close(): void
}

/** Every how many changes of an account one is marked, so that a time is found in a few steps. */
export const MARK_EVERY = 32
