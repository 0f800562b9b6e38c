import { catalog, type ErrorCode } from './catalog.ts'

/** Seconds after which the same request may fare better, where something is known of it. */
const SECONDS: Partial<Record<ErrorCode, string>> = {
  too_busy: '1',
  too_many_open: '30',
  reads_behind: '1',
  overloaded: '1',
  request_in_progress: '1',
  outcome_unknown: '2',
  insufficient_liquidity: '30',
  refund_not_due: '5',
  seller_misconfigured: '30',
}
const UNAVAILABLE_STATUS = 503
const UNAVAILABLE_S = '5'

/** What `Retry-After` says to a refusal; undefined where waiting changes nothing. */
export function retryAfter(code: ErrorCode): string | undefined {
  return SECONDS[code] ?? (catalog[code].status === UNAVAILABLE_STATUS ? UNAVAILABLE_S : undefined)
}
