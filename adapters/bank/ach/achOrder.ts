import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Order } from '../files/bankNetwork.ts'
import type { Correction } from '../nacha/changeCodes.ts'
import type { UsAccount } from './usAccount.ts'

/** The quicker way; without a lane it is the ordinary one. */
export const SAME_DAY = 'same_day'

/** What is kept of an order until its file is written. `class`: PPD pays a person, CCD a company. */
const kept = z.strictObject({
  lane: z.string(),
  class: z.enum(['PPD', 'CCD']),
  code: z.string(),
  routing: z.string(),
  account: z.string(),
  name: z.string(),
  text: z.string(),
})
export type KeptOrder = z.infer<typeof kept>

const NAME_MAX = 22
const ADDENDUM_MAX = 80
const ID_LENGTH = 15
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The individual identification of an attempt: fifteen characters, of which fourteen are 70 bits of its hash. */
export function individualIdOf(attemptId: string): string {
  const hash = createHash('sha256').update(attemptId).digest()
  const rest = Array.from(hash.subarray(0, ID_LENGTH - 1), (byte) => ALPHABET[byte % ALPHABET.length])
  return `A${rest.join('')}`
}

/** The text with what ACH does not carry replaced by "."; only for text that nobody matches on. */
function toAchText(text: string, max: number): string {
  return text
    .replace(/[^ -~]/g, '.')
    .slice(0, max)
    .trim()
}

/** The order as it goes out: to the account that the payee's bank has corrected it to, where it has. */
export function keepOrder(
  { destination, reference, lane }: Order & { destination: UsAccount },
  correction: Correction | undefined,
): string {
  const type = correction?.type ?? (destination.type === 'savings' ? '3' : '2')
  const row: KeptOrder = {
    lane: lane ?? '',
    class: destination.holder === 'company' ? 'CCD' : 'PPD',
    code: `${type}2`,
    routing: correction?.routing ?? destination.routing,
    account: correction?.account ?? destination.account,
    name: toAchText(destination.name, NAME_MAX),
    text: toAchText(reference, ADDENDUM_MAX),
  }
  return JSON.stringify(row)
}

/** Reads what `keepOrder` wrote. */
export function readOrder(document: string): KeptOrder {
  return kept.parse(JSON.parse(document))
}
