import { CodedError, type ErrorDetails } from './codedError.ts'
import { type GroundCode, groundCatalog } from './groundCatalog.ts'

/** A refusal of what runs in a page too: it brings no code along but those of the ground. */
export class GroundError extends CodedError {
  constructor(code: GroundCode, shortMessage: string, details: ErrorDetails = {}) {
    super({ code, kind: groundCatalog[code] }, shortMessage, details)
  }
}
