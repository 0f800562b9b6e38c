import type { Metadata } from './metadata.ts'

/** Each list of the API, by the name of its resource. */
export const LIST_NAMES = [
  'payment_intents',
  'payment_links',
  'invoices',
  'plans',
  'subscriptions',
  'payments',
  'payouts',
  'payout_batches',
  'quotes',
  'exchanges',
  'refunds',
  'disputes',
  'parties',
  'splits',
  'keys',
  'lightning_addresses',
  'withdraw_links',
  'wallet_apps',
  'standing_orders',
  'reconciliation',
] as const
export type ListName = (typeof LIST_NAMES)[number]

/**
 * What a fact changes of a resource in its list. One that `begins` is new, with whose it is; every other changes what it names of one that stands, and
 * nothing when there is none. `only`: its status is changed from one of these alone. `metadata` is replaced as a whole. `references` are added: any name that
 * people or rails have for it.
 */
export type ListedChange = Readonly<{
  list: ListName
  id: string
  /** `at` in ms. */
  begins?: Readonly<{ at: number; parties: readonly string[] }>
  status?: string
  only?: readonly string[]
  rail?: string
  /** What it was priced at, in units of the asset with this id. */
  amount?: Readonly<{ asset: string; units: bigint }>
  metadata?: Metadata
  references?: readonly string[]
}>

/** Which of a list: what is said of all these. Times in ms, from the first and before the second; units of the asset with this id, both ends included. */
export type ListFilter = Readonly<{
  party?: string | undefined
  status?: string | undefined
  rail?: string | undefined
  createdFrom?: number | undefined
  createdBefore?: number | undefined
  amount?: Readonly<{ asset: string; least?: bigint | undefined; most?: bigint | undefined }> | undefined
  metadata?: Readonly<{ key: string; value: string }> | undefined
  reference?: string | undefined
}>

type ListedPage = Readonly<{ limit: number; after: string | undefined }>

/** A resource by its list and its id. */
type Listed = Readonly<{ list: ListName; id: string }>

/** `next`: what the next page goes on after; undefined at the end. A page may be short, or empty, and have a next one: what one look costs is bounded. */
export type ListedIds = Readonly<{ ids: readonly string[]; next: string | undefined }>

/** What the read model knows of lists: newest first, each page at a cost of its own size. */
export interface ListReads {
  /** Undefined when `after` is of another list, or not of the party that the filter names. */
  listed(list: ListName, filter: ListFilter, page: ListedPage): ListedIds | undefined
  /** What has this reference or is it, the newest first, of one party where it is named; at most `limit`. */
  found(reference: string, party: string | undefined, limit: number): readonly Listed[]
}
