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

/** Counts payouts, members of nets and what intents were paid with, as the journal has them. Before the books start. */
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
    read: (fact) => ofPayouts(fact) ?? ofNets(fact) ?? ofIntents(fact, assetOf),
  })
}

function ofIntents(fact: Fact, assetOf: Ground['assetOf']) {
  const intent = readIntentFact(fact)
  if (intent?.type !== 'intent.settled') return undefined
  const { asset, units } = intent.data.amount
  return { kind: 'paid_in', amount: money(assetOf(asset), BigInt(units)) } as const
}

/** Members count, and their net says what became of them. */
function ofNets(fact: Fact) {
  const net = readNetFact(fact)
  if (net?.type === 'netting.joined')
    return { kind: 'paid_out', id: net.id, of: net.data.net, amount: readMoneyData(net.data.amount) } as const
  return net?.type === 'netting.ended'
    ? ({ kind: 'ended', of: net.id, back: net.data.outcome === 'failed' ? 'all' : 0n } as const)
    : undefined
}

/** Parts of a payout are that payout, and the payment of a net is its members. */
function ofPayouts(fact: Fact) {
  const payout = readFact(fact)
  switch (payout?.type) {
    case 'payout.created':
      if (payout.data.partOf !== undefined || payout.data.source.startsWith('netting:')) return undefined
      return { kind: 'paid_out', id: payout.id, of: payout.id, amount: readMoneyData(payout.data.amount) } as const
    case 'payout.settled':
      return { kind: 'ended', of: payout.id, back: 0n } as const
    case 'payout.failed':
      return { kind: 'ended', of: payout.id, back: 'all' } as const
    case 'payout.parts_ended':
      return { kind: 'ended', of: payout.id, back: BigInt(payout.data.released.units) } as const
    default:
      return undefined
  }
}
