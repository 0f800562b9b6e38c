import Stripe from 'stripe'
import type { FailureReason } from '../../gateway/ports/outcome.ts'
import { findingMade, readingAccount } from './lists.ts'
import { makingRequests } from './requests.ts'

/** `url`: where Stripe's API is, for a simulated one; Stripe's own when absent. */
export type StripeAccess = Readonly<{ secretKey: string; url?: string }>

/** A request that is not answered by then may have been carried out, and is asked about. */
const ANSWER_MS = 20_000

/** What Stripe refuses in so many words: the request was looked at, and nothing moved by it. */
export type Refusal = Readonly<{ reason: FailureReason; detail: string; code: string | undefined }>

const REASONS: Readonly<Record<string, FailureReason>> = {
  balance_insufficient: 'insufficient_liquidity',
  insufficient_funds: 'insufficient_liquidity',
  account_invalid: 'invalid_destination',
  resource_missing: 'invalid_destination',
  charge_already_refunded: 'rejected_by_rail',
}

/** A refusal, or undefined of anything else, after which the request may have been carried out or may be yet. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Stripe.errors.StripeError) || error instanceof Stripe.errors.StripeIdempotencyError) return undefined
  const { statusCode, code, message } = error
  // Stripe's words about a right name the key and the account.
  const words = statusCode === 403 ? 'Stripe does not allow it' : message
  if (statusCode !== 400 && statusCode !== 402 && statusCode !== 403 && statusCode !== 404) return undefined
  return { reason: REASONS[code ?? ''] ?? 'rejected_by_rail', detail: `${code ?? error.type}: ${words}`.slice(0, 300), code }
}

export type StripeApi = ReturnType<typeof openApi>

/**
 * The few requests that the rail makes, with Stripe's own client. What Stripe answers is read by its shape. Each throws when Stripe is silent, refuses or
 * answers something else.
 */
export function openApi({ secretKey, url }: StripeAccess) {
  const at = url === undefined ? undefined : new URL(url)
  const elsewhere = at && { host: at.hostname, port: at.port, protocol: at.protocol === 'http:' ? ('http' as const) : ('https' as const) }
  // It would send a request again by itself; when that is right, is decided by whoever knows what the request was.
  const stripe = new Stripe(secretKey, { maxNetworkRetries: 0, timeout: ANSWER_MS, telemetry: false, ...elsewhere })
  return { ...makingRequests(stripe), ...findingMade(stripe), ...readingAccount(stripe) }
}
