import { APPROVALS, type Need } from '../../parties/keys/key.ts'

/** What a key's rights can name: the resources under /v1, and what stands elsewhere. A test compares them with the API's own description. */
export const RESOURCES = [
  'acts',
  'admissions',
  'agents',
  'approvals',
  'balances',
  'channels',
  'decisions',
  'disputes',
  'events',
  'exchanges',
  'facilitator',
  'invoices',
  'keys',
  'ledger',
  'lightning',
  'lightning_addresses',
  'lightning_destinations',
  'listings',
  'logins',
  'parties',
  'payment_intents',
  'payment_links',
  'payments',
  'payouts',
  'plans',
  'rails',
  'rates',
  'reconciliation',
  'refunds',
  'routing',
  'search',
  'spending',
  'splits',
  'standing_orders',
  'subscriptions',
  'suspense',
  'test',
  'verify',
  'wallet_apps',
  'webhook_endpoints',
  'withdraw_links',
] as const

/** A route outside /v1 that takes a key and has no price. */
const ELSEWHERE: readonly [RegExp, string][] = [
  [/^\/x402\//, 'facilitator'],
  [/^\/readyz$/, 'rails'],
  [/^\/invoices\//, 'invoices'],
]
/**
 * What is of another resource than its path names: a device code is how an agent is made, a batch is many payouts, a quote what one costs, and
 * a balance sheet sums the ledger, a proof of a day says that it agrees, and a statement is how a balance came about.
 */
const PART_OF: Readonly<Record<string, string>> = {
  device_codes: 'agents',
  payout_batches: 'payouts',
  quotes: 'payouts',
  balance_sheet: 'ledger',
  reconciliation_proofs: 'reconciliation',
  statements: 'balances',
}
/** The resource that a right names, of what a path under /v1 begins with. */
export function resourceOf(own: string): string {
  return PART_OF[own] ?? own
}

const APPROVES = /\/(?:approve|refuse)$/
const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** What a balance pays by: a route with a price. */
export const SPENDING: Need = { resource: 'spending', verb: 'write' }

/** What lets money go to a place that who asks has named. */
export const PAYS_OUT: Need = { resource: 'payouts', verb: 'write' }

/** The one route that a key is for which stands in the source of a page: what a payer reads who only knows an intent's id, and no list of them. */
const PUBLISHED = '/v1/payment_intents/:id'

/** The part of a request that says what is asked of its key. */
export type Asked = Readonly<{ method: string; routeOptions: Readonly<{ url?: string | undefined }> }>

/**
 * What a route asks of a key: to read or to write the resource that its path names, and `spending` for a route with a price, which a balance pays. So a route
 * that is new needs a right from its first day.
 */
export function needOf({ method, routeOptions: { url = '' } }: Asked): Need {
  const verb = READS.has(method) ? 'read' : 'write'
  if (APPROVES.test(url)) return { resource: APPROVALS, verb }
  const own = /^\/v1\/([a-z_]+)/.exec(url)?.[1]
  if (own !== undefined) return { resource: resourceOf(own), verb }
  const elsewhere = ELSEWHERE.find(([path]) => path.test(url))?.[1]
  return elsewhere === undefined ? SPENDING : { resource: elsewhere, verb }
}

/** Whether everybody may ask for it by a key that everybody may know. */
export function isPublished({ method, routeOptions: { url } }: Asked): boolean {
  return READS.has(method) && url === PUBLISHED
}
