import { catalog, type ErrorCode } from './catalog.ts'

/** Values that may be shown to a caller: no secrets, no raw dumps. Bigints are written as decimal strings. */
export type Meta = Readonly<Record<string, unknown>>

/** An expected refusal. Prints well in a terminal; `problem()` in `gateway/api/http` turns it into RFC 9457. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly title: string
  readonly status: number
  readonly hint: string
  readonly shortMessage: string
  readonly meta: Meta

  constructor(code: ErrorCode, shortMessage: string, options: { meta?: Meta; hint?: string; cause?: unknown } = {}) {
    const kind = catalog[code]
    const hint = options.hint ?? kind.hint
    super(`${shortMessage} (${code}). ${hint}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.title = kind.title
    this.status = kind.status
    this.hint = hint
    this.shortMessage = shortMessage
    this.meta = options.meta ?? {}
  }
}

/** True for a refusal of this code. */
export function isGatewayError(error: unknown, code?: ErrorCode): error is GatewayError {
  return error instanceof GatewayError && (code === undefined || error.code === code)
}
