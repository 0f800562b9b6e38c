import type { UsedMandate } from '../../ports/usedMandate.ts'
import { readRequestFact } from '../claim/facts.ts'
import type { KnownPayment } from './statusReader.ts'

/** By which mandate an agent has made this payment, and of whose balance. */
export function mandateOf({ facts }: Pick<KnownPayment, 'facts'>): Readonly<{ payer: string; mandate: UsedMandate }> | undefined {
  for (const fact of facts) {
    const known = readRequestFact(fact)
    if (known?.type !== 'request.claimed') continue
    const { payer, mandate } = known.data
    return mandate && { payer, mandate }
  }
  return undefined
}
