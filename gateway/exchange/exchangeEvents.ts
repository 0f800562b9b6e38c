import { moneyText } from '../audit/receipt/receipt.ts'
import { ownersOf, type Scene, type Telling, type Told, timeText } from '../events/telling/telling.ts'
import { readMoneyData } from '../payouts/payoutState/facts.ts'
import { type ExchangeFact, isExchangeFact, readFact } from './facts.ts'

const tellExchanges: Telling = (fact, scene) => {
  const known = readFact(fact)
  return known && isExchangeFact(known) ? [tellExchange(known, scene)] : []
}

function tellExchange(fact: ExchangeFact, scene: Scene): Told {
  const { id } = fact
  if (fact.type === 'exchange.created') {
    const { party, pay, toPay } = fact.data
    scene.note(id, { parties: [party], data: {} })
    const amounts = { amount: moneyText(readMoneyData(pay.amount)), payout_amount: moneyText(readMoneyData(toPay.amount)) }
    const data = { id, party, pay: pay.kind, ...amounts, payout: toPay.payout, expires_at: timeText(pay.expiresAt) }
    return { type: 'exchange.created', subject: id, parties: [party], data }
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  switch (fact.type) {
    case 'exchange.held':
      return { type: 'exchange.held', ...own, data: { id, decide_by: timeText(fact.data.decideBy) } }
    case 'exchange.taken':
      return { type: 'exchange.taken', ...own, data: { id, stray: fact.data.stray } }
    case 'exchange.released':
      return { type: 'exchange.released', ...own, data: { id, reason: fact.data.reason } }
    default:
      return { type: fact.type, ...own, data: { id } }
  }
}

/** What exchanges tell. */
export const exchangeEvents: readonly Telling[] = [tellExchanges]
