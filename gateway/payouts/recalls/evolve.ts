import { invariant } from '../../errors/invariant.ts'
import { type PayoutFact, readMoneyData } from '../payoutState/facts.ts'
import type { RecallFact } from './facts.ts'
import { isOpen, type Recall, type RecallSaid } from './recall.ts'

/** What a recall hears of: its own facts, that its payment came back, and that it was never made. */
export type HeardFact = RecallFact | Extract<PayoutFact, { type: 'payout.returned' | 'attempt.failed' }>

/** The recall after one more fact about it, or about its payment. */
export function evolve(known: Recall | undefined, fact: HeardFact): Recall {
  if (fact.type === 'recall.asked') return asked(fact)
  invariant(known, `${fact.type} ${fact.id} speaks of a recall that was not asked`)
  switch (fact.type) {
    case 'recall.sent':
      return known.status === 'asked' ? { ...known, status: 'sent', sentAt: fact.at } : known
    case 'recall.answered':
      return answered(known, fact)
    case 'attempt.failed':
      return isOpen(known) ? { ...known, status: 'not_paid' } : known
    case 'payout.returned': {
      const { amount, reason } = fact.data
      const late = known.status === 'refused' ? { late: true as const } : {}
      return {
        ...known,
        status: 'returned',
        money: { at: fact.at, amount: readMoneyData(amount), ...(reason === undefined ? {} : { reason }), ...late },
      }
    }
  }
}

function asked({ id, at, data }: Extract<RecallFact, { type: 'recall.asked' }>): Recall {
  const { by, ...about } = data
  return { id, ...about, createdBy: by, createdAt: at, status: 'asked', answers: [] }
}

/** What was said while the money was on its way changes nothing of that. */
function answered(known: Recall, { data }: Extract<RecallFact, { type: 'recall.answered' }>): Recall {
  const { payout: _, saidAt: at, ...rest } = data
  const said: RecallSaid = { ...rest, at }
  const answers = [...known.answers, said]
  if (!isOpen(known)) return { ...known, answers }
  return { ...known, answers, status: said.answer === 'impossible' ? 'refused' : said.answer }
}
