import { catalog, type ErrorCode } from './catalog.ts'
import { CodedError, type ErrorDetails } from './codedError.ts'

/** A refusal by any code of the catalog. */
export class GatewayError extends CodedError {
  constructor(code: ErrorCode, shortMessage: string, details: ErrorDetails = {}) {
    super({ code, kind: catalog[code] }, shortMessage, details)
  }
}

/** True for a refusal, of this code if one is named. */
export function isGatewayError(error: unknown, code?: ErrorCode): error is CodedError {
  return error instanceof CodedError && (code === undefined || error.code === code)
}

/** True for what comes back by itself: a rail that does not answer, or a rate that is not there. */
export function isUnavailable(error: unknown): error is CodedError {
  return isGatewayError(error, 'rail_unavailable') || isGatewayError(error, 'rate_unavailable')
}

/** What it answers; undefined where it throws that a rail or a rate is not there now. */
export function whereAvailable<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch (error) {
    if (isUnavailable(error)) return undefined
    throw error
  }
}
