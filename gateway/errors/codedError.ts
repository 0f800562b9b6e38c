import type { ErrorCode } from './catalog.ts'
import type { ErrorKind } from './errorKind.ts'

/** Values that may be shown to a caller: no secrets, no raw dumps. Bigints are written as decimal strings. */
export type Meta = Readonly<Record<string, unknown>>

export type ErrorDetails = Readonly<{ meta?: Meta; hint?: string; cause?: unknown }>

/**
 * An expected refusal. Prints well in a terminal; `problem()` in `gateway/api/http` turns it into RFC 9457. It is raised as a `GatewayError`, or as a
 * `GroundError` by what may run in a page; to those who install the packages it is a `GatewayError` either way.
 */
export abstract class CodedError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly title: string
  readonly status: number
  readonly hint: string
  readonly shortMessage: string
  readonly meta: Meta

  constructor({ code, kind }: Readonly<{ code: ErrorCode; kind: ErrorKind }>, shortMessage: string, details: ErrorDetails) {
    const hint = details.hint ?? kind.hint
    super(`${shortMessage} (${code}). ${hint}`, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.title = kind.title
    this.status = kind.status
    this.hint = hint
    this.shortMessage = shortMessage
    this.meta = details.meta ?? {}
  }
}
