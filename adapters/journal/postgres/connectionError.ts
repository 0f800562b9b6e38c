import { DatabaseError } from 'pg'
import { isGatewayError } from '../../../gateway/errors/gatewayError.ts'

/** The connection broke, never came about, or was given up: what became of the statement is not known. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
}

/** SQLSTATE classes and codes that say "not now": https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const PASSING_CLASSES = ['08', '40', '57'] // Connection, rollback (serialization, deadlock), operator intervention (shutdown, start-up, timeout).
const PASSING_CODES = ['53300', '55P03', '25006', '25P03', '25P04'] // Too many connections, lock timeout, read only, transaction timeouts.
/** Errors of the operating system, such as ECONNREFUSED. A certificate that does not fit has another code and does not pass. */
const SYSTEM_CODE = /^E(?!RR_)/

/** The server's and our own refusals stay as they are; everything else that a connection throws is a `ConnectionError`. */
export function connectionError(error: unknown): unknown {
  if (error instanceof DatabaseError || error instanceof ConnectionError || isGatewayError(error)) return error
  return new ConnectionError(error instanceof Error ? error.message : String(error), { cause: error })
}

/** True for an error that may be gone at the next try. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseError)
    return PASSING_CODES.includes(error.code ?? '') || PASSING_CLASSES.includes((error.code ?? '').slice(0, 2))
  if (!(error instanceof ConnectionError)) return false
  const code = error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined
  return typeof code !== 'string' || SYSTEM_CODE.test(code)
}
