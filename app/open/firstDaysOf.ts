import { createFirstDays, type FirstDays, type FirstDaysLimits } from '../../gateway/guard/firstDays/firstDays.ts'
import { usd } from '../../gateway/money/dollars.ts'
import { money } from '../../gateway/money/money.ts'
import { convert } from '../../gateway/money/rate.ts'
import { readIntentFact } from '../../gateway/payins/intent/facts.ts'
import { readNetFact } from '../../gateway/payouts/netting/facts.ts'
import { readFact, readMoneyData } from '../../gateway/payouts/payoutState/facts.ts'
import type { Books, Fact } from '../../gateway/ports/books.ts'
import type { Ground } from '../../gateway/ports/ground.ts'
import type { RateSource } from '../../gateway/ports/rates.ts'
import type { GatewayConfig } from '../config/config.ts'

/** The limit of the first days where money is real, and only there. */
export function firstDaysLimits({ network, firstDays }: Pick<GatewayConfig, 'network' | 'firstDays'>): FirstDaysLimits | undefined {
  if (network !== 'mainnet' || firstDays === false) return undefined
  return { days: firstDays.days, payment: usd(firstDays.paymentUsd), day: usd(firstDays.dayUsd) }
}

/** Counts payouts, members of nets and intents as the journal has them. Before the books start. */
export function openFirstDays(
  config: Pick<GatewayConfig, 'network' | 'firstDays'>,
  { clock, rates, usd: dollar, assetOf }: Pick<Ground, 'clock' | 'usd' | 'assetOf'> & Readonly<{ rates: RateSource }>,
  { books }: Readonly<{ books: Pick<Books, 'remember'> }>,
): FirstDays {
  return createFirstDays({
    books,
    clock,
    limits: firstDaysLimits(config),
    worth: (amount) => convert(amount, rates.rate(amount.asset, dollar), 'up'),
    assetOf,
    made: {
      out: paidOut,
      asked(fact) {
        const intent = readIntentFact(fact)
        if (intent?.type !== 'intent.created') return undefined
        const { asset, units } = intent.data.amount
        return { id: intent.id, amount: money(assetOf(asset), BigInt(units)) }
      },
    },
  })
}

/** Parts of a payout are that payout, and the payment of a net is its members. */
function paidOut(fact: Fact) {
  const net = readNetFact(fact)
  if (net?.type === 'netting.joined') return { id: net.id, amount: readMoneyData(net.data.amount) }
  const payout = readFact(fact)
  if (payout?.type !== 'payout.created' || payout.data.partOf !== undefined || payout.data.source.startsWith('netting:')) return undefined
  return { id: payout.id, amount: readMoneyData(payout.data.amount) }
}
