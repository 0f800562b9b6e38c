import { catalog, type ErrorCode } from '../../gateway/errors/catalog.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'

/** What a gateway says when it refuses (RFC 9457). `detail` ends with the hint. */
type Problem = Readonly<{ code?: string; detail?: string; hint?: string; errors?: readonly Wrong[] }>
type Wrong = Readonly<{ path?: string; message?: string }>

/** The refusal of the gateway at `url`, with its own code and its own word on what to change. */
export function refusedBy(url: string, status: number, { code = '', detail = '', hint = '', errors = [] }: Problem): GatewayError {
  const known = Object.hasOwn(catalog, code) ? (code as ErrorCode) : 'invalid_request' // It stands in the catalog.
  const what = detail.endsWith(hint) ? detail.slice(0, detail.length - hint.length).trim() : detail
  const message = `${url} answered ${status}: ${what.replace(/\.$/, '')}`
  return new GatewayError(known, message, { ...(hint && { hint }), ...(errors.length > 0 && { meta: { errors } }) })
}
