import { ERROR_CODES } from './generated/codes.ts'
import type * as types from './generated/types.ts'

/** What the client itself finds wrong, each with what to do. */
const OWN = {
  not_reached: 'The gateway was not reached, or its answer broke off. Look at the url, and at whether it runs.',
  deadline_exceeded: 'It took longer than deadlineMs allows.',
  aborted: 'The signal that was handed in ended it.',
  unreadable_answer: 'What answered is no gateway of Switchyard, or something between changed its answer.',
  webhook_invalid: 'Do nothing with it, and answer 400.',
  unrecognized_code: 'The gateway refuses with a code that this client does not know, in problem.code: a newer client may.',
} as const
const KNOWN: ReadonlySet<string> = new Set(ERROR_CODES)

export type SwitchyardErrorCode = (typeof ERROR_CODES)[number] | keyof typeof OWN

/** What is known of every failure of a call: `outcome` where nobody has said more. */
export type Known = Readonly<{ operation: string; idempotencyKey: string | undefined; outcome: 'failed' | 'unknown' }>
type Failed = Known &
  Readonly<{ status?: number | undefined; problem?: types.Problem | undefined; retryAfterMs?: number | undefined; cause?: unknown }>

/**
 * A refusal of the gateway, or a call that it did not answer. `outcome: 'unknown'` says that what was asked may have been done: make the same call again with
 * `idempotencyKey`, never with a new one.
 */
export class SwitchyardError extends Error {
  override readonly name = 'SwitchyardError'
  readonly code: SwitchyardErrorCode
  /** Of the answer; undefined where there was none. */
  readonly status: number | undefined
  /** What to do. */
  readonly hint: string
  readonly outcome: 'failed' | 'unknown'
  /** The operation of the API, such as `createPayout`. */
  readonly operation: string
  readonly idempotencyKey: string | undefined
  /** The gateway's own words, where it has answered in its own. */
  readonly problem: types.Problem | undefined
  readonly retryAfterMs: number | undefined
  readonly #said: Readonly<{ message: string; failed: Failed }>

  constructor(code: SwitchyardErrorCode, message: string, failed: Failed) {
    const hint = failed.problem?.hint ?? OWN[code as keyof typeof OWN] ?? ''
    super(
      `${failed.operation}: ${failed.problem?.detail ?? `${message}. ${hint}`} (${code})`,
      failed.cause === undefined ? undefined : { cause: failed.cause },
    )
    this.code = code
    this.status = failed.status
    this.hint = hint
    this.outcome = failed.outcome
    this.operation = failed.operation
    this.idempotencyKey = failed.idempotencyKey
    this.problem = failed.problem
    this.retryAfterMs = failed.retryAfterMs
    this.#said = { message, failed }
  }

  /** The same with another word of what became of it. */
  as(outcome: 'failed' | 'unknown'): SwitchyardError {
    return new SwitchyardError(this.code, this.#said.message, { ...this.#said.failed, outcome })
  }
}

/** True for an error of this client, with this code if one is named. */
export function isSwitchyardError(error: unknown, code?: SwitchyardErrorCode): error is SwitchyardError {
  return error instanceof SwitchyardError && (code === undefined || error.code === code)
}

/** The code of a problem where this client knows it. */
export function codeOf({ code }: types.Problem): SwitchyardErrorCode {
  return KNOWN.has(code) ? (code as SwitchyardErrorCode) : 'unrecognized_code'
}
