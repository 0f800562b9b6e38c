import type { SwitchyardError } from './switchyardError.ts'

/** How often one call is sent, in all. */
export const TRIES_MAX = 5
const FIRST_WAIT_MS = 200
const WAIT_MS_MAX = 8_000
/** With these nothing was done, and the gateway says when to come again. */
const LATER: ReadonlySet<number> = new Set([429, 503])
/** What a proxy says in the gateway's place, or a gateway that does not know what it has done. */
const SERVER_ERROR = 500

type Tried = Readonly<{
  error: SwitchyardError
  /** How often it was sent. */
  tries: number
  /** A repeat does nothing twice: it reads, or has an Idempotency-Key. */
  harmless: boolean
  leftMs: number
  /** 0 to 1. */
  chance: number
}>

/** Milliseconds until the same call is sent again; undefined when it is not. */
export function waitBeforeRepeat({ error, tries, harmless, leftMs, chance }: Tried): number | undefined {
  if (tries >= TRIES_MAX || !mayRepeat(error, harmless)) return undefined
  // Half of it by chance, so that those who were refused together do not come again together.
  const backOffMs = Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** (tries - 1)) * (0.5 + chance / 2) // not money: a time
  const waitMs = Math.max(backOffMs, error.retryAfterMs ?? 0) // not money: a time
  return waitMs < leftMs ? waitMs : undefined
}

function mayRepeat({ code, status, outcome, problem, retryAfterMs }: SwitchyardError, harmless: boolean): boolean {
  if (code === 'aborted' || code === 'deadline_exceeded') return false
  // The gateway's own word that nothing was done.
  if (status !== undefined && LATER.has(status) && problem && outcome === 'failed') return retryAfterMs !== undefined
  if (!harmless) return false
  return code === 'not_reached' || code === 'request_in_progress' || (status !== undefined && (status >= SERVER_ERROR || status === 429))
}
