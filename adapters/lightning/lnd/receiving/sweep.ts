import { type AuthenticatedLnd, getInvoices } from 'lightning'
import { z } from 'zod'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { lndCall } from '../node/lndCall.ts'
import type { LndStore } from '../node/store.ts'
import { numberOf } from './settledRows.ts'

const PAGE_DEADLINE_MS = 10_000
const INVOICES_PER_PAGE = 250
/** Pages that one sweep reads; more would be 100,000 invoices since the last one. */
const PAGES_MAX = 400
/** The one reading of all that a node ever made, at a gateway's very first start. */
const FIRST_PER_PAGE = 1_000
const FIRST_PAGES_MAX = 10_000

/** The longest that an invoice of ours may stay payable, and the creation time of the newest invoice that a sweep has seen, by LND's clock. */
const LIFE_MS_MAX = 'invoice_life_ms_max'
const SWEPT = 'swept_created_at'
/** What is no news: invoices that had settled up to this index of LND's, and those that were made before this time of its clock. */
const FIRST_INDEX = 'first_index'
const BASELINE = 'baseline_created_at'

/** LND's newest settlement, 0 before the first, and when the newest invoice was made. */
type Newest = Readonly<{ index: number; createdAt: number }>

/** An invoice that may be paid for longer makes every sweep reach back further. Call it before the invoice is given away. */
export function reachBack(store: LndStore, lifeMs: number): void {
  if (lifeMs > (numberOf(store, LIFE_MS_MAX) ?? 0)) store.setMeta(LIFE_MS_MAX, String(Math.ceil(lifeMs)))
}

/** What settled up to here is no news to this file; undefined where it begins with what was made after a time (a file of before). */
export function firstIndex(store: LndStore): number | undefined {
  return numberOf(store, FIRST_INDEX)
}

/** Whether a file of before settle indexes were its beginning has begun. */
export function hasBaseline(store: LndStore): boolean {
  return numberOf(store, BASELINE) !== undefined
}

export function setFirst(store: LndStore, first: Readonly<{ index: number; createdAt?: number }>): void {
  store.setMeta(FIRST_INDEX, String(first.index))
  if (first.createdAt !== undefined) store.setMeta(BASELINE, String(first.createdAt))
}

/** Whether a settled invoice is news to this file. */
function isNews(store: LndStore, invoice: Listed): boolean {
  const [first, baseline] = [numberOf(store, FIRST_INDEX), numberOf(store, BASELINE)]
  const isLater = first !== undefined && (invoice.confirmed_index ?? 0) > first
  return isLater || (baseline !== undefined && Date.parse(invoice.created_at) > baseline)
}

/** Reads all invoices of the node, because LND tells its newest settle index in no other way. Throws `LndError`. */
export async function newestSettlement(lnd: AuthenticatedLnd): Promise<Newest> {
  let [index, createdAt] = [0, 0]
  let token: string | undefined
  for (let page = 0; page < FIRST_PAGES_MAX; page++) {
    const found = await pageOf(lnd, FIRST_PER_PAGE, token)
    for (const invoice of found.invoices) {
      index = Math.max(index, invoice.confirmed_index ?? 0)
      createdAt = Math.max(createdAt, Date.parse(invoice.created_at))
    }
    token = found.next
    if (token === undefined || found.invoices.length === 0) return { index, createdAt }
  }
  throw new GatewayError('rail_misconfigured', `LND has more than ${FIRST_PAGES_MAX * FIRST_PER_PAGE} invoices`, {
    hint: 'Give the gateway a node of its own.',
  })
}

/** Reads invoices from the newest back to the oldest that could have settled since the last sweep. Returns how many had settled unnoticed. */
export async function sweepInvoices(lnd: AuthenticatedLnd, store: LndStore, take: (invoice: unknown) => boolean): Promise<number> {
  const swept = numberOf(store, SWEPT) ?? 0
  const reach = Math.max(numberOf(store, BASELINE) ?? 0, swept - (numberOf(store, LIFE_MS_MAX) ?? 0))
  let found = 0
  let newest = swept
  let token: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const { invoices, next } = await pageOf(lnd, INVOICES_PER_PAGE, token)
    for (const invoice of invoices) {
      newest = Math.max(newest, Date.parse(invoice.created_at))
      if (invoice.is_confirmed && isNews(store, invoice) && take(invoice)) found++
    }
    const oldest = invoices.at(-1)
    token = next
    if (!oldest || token === undefined || Date.parse(oldest.created_at) < reach) break
  }
  if (newest > swept) store.setMeta(SWEPT, String(newest))
  return found
}

/** An invoice as the client tells it; its types leave the index of the settlement out. */
const listed = z.looseObject({ created_at: z.string(), is_confirmed: z.boolean(), confirmed_index: z.number().optional() })

type Listed = z.infer<typeof listed>

async function pageOf(
  lnd: AuthenticatedLnd,
  limit: number,
  token: string | undefined,
): Promise<{ invoices: Listed[]; next: string | undefined }> {
  const page = () => getInvoices(token === undefined ? { lnd, limit } : { lnd, token })
  const { invoices, next } = await lndCall('the invoices', PAGE_DEADLINE_MS, page)
  return { invoices: z.array(listed).parse(invoices), next }
}
