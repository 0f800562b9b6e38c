import { readSettlementFact } from '../payins/settlement/facts.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'

/**
 * Whether its chain has taken a payment back and has not brought it again, and if so what became of its booking: it was undone, or the books could not
 * (`declined`) and it stands though nothing came. A part of it that was given back before does not change that.
 */
export function takenBack({ facts }: Pick<KnownPayment, 'facts'>): 'taken_back' | 'declined' | undefined {
  let outcome: 'taken_back' | 'declined' | undefined
  for (const fact of facts) {
    const known = readSettlementFact(fact)
    if (known?.type === 'settlement.booked') outcome = undefined
    if (known?.type === 'settlement.demoted') outcome = known.data.outcome === 'declined' ? 'declined' : 'taken_back'
  }
  return outcome
}
