import { createHash } from 'node:crypto'

/** ISO 20022 Max35Text. */
const LENGTH_MAX = 35
const PLAIN = /^at_[A-Za-z0-9]{1,32}$/

/**
 * The attempt's id as a bank carries it, also used as MsgId and PmtInfId: the underscore is outside the SEPA characters, so it is dropped.
 * An id of another form becomes "atx" and 128 bits of its hash; that is 35 characters, one more than the plain form, so the two never meet.
 */
export function endToEndIdOf(attemptId: string): string {
  if (PLAIN.test(attemptId)) return attemptId.replace('_', '')
  return `atx${createHash('sha256').update(attemptId).digest('hex')}`.slice(0, LENGTH_MAX)
}
