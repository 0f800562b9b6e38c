import type { NanoUsd } from '../../costs/policy.ts'
import { createValuer, type Valuer } from '../../costs/valuer.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import { max, min } from '../../money/integers.ts'
import { type Money, money, subtract } from '../../money/money.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { Quote, Refusal } from '../payoutState/payout.ts'
import type { Candidate, Impossibility } from '../router/candidate.ts'
import { quoteCandidates } from './candidates.ts'
import { hypotheticalPayout, type Wanted } from './hypotheticalPayout.ts'
import { withLearned } from './withLearned.ts'
import { withPolicy } from './withPolicy.ts'

/**
 * What a payout would cost now, with nothing held or sent. `costNano`: the rail's expected fee on the way tried first, `rail`; `fee`: the same in the amount's
 * asset, rounded up; `worthNano`: what the amount is worth, 0 where only the book pays it; `secondsMax`: until the slowest of the ways that would be tried has
 * paid or failed; `secondsMin`: until the payee has good funds by the fastest of all ways. `way`: what would be sent on `rail`, and `gas` what part of `fee` a
 * chain takes for gas; `ways`: what each way would cost, or why it is none.
 */
export type PayoutQuote =
  | Readonly<{
      kind: 'possible'
      costNano: NanoUsd
      worthNano: NanoUsd
      secondsMax: bigint
      fee: Money
      secondsMin: bigint
      rail: RailName
      way: Quote
      gas: Money
      ways: readonly QuotedWay[]
    }>
  | Readonly<{ kind: 'impossible'; refusals: readonly Refusal[] }>

/** One way as a quote judges it: `rank` in the order of tries from 1, absent where it would not be tried. */
export type QuotedWay = Readonly<{ rail: RailName | RailKind; destination: number }> &
  (Readonly<{ costNano: NanoUsd; rank?: number }> | Readonly<{ reason: Impossibility; detail: string }>)

/** Asks every rail for its terms and judges them as a payout's decision would. */
export async function quotePayout(context: PayoutContext, wanted: Wanted): Promise<PayoutQuote> {
  const valuer = createValuer(context.rates, context.usd)
  const payout = hypotheticalPayout(wanted, context.clock.now())
  const asked = await quoteCandidates(payout, { ...context, valuer, slot: true })
  const { quoted, router } = withPolicy(context, payout, withLearned(context, payout, { quoted: asked, valuer }))
  const candidates = quoted.map((q) => q.candidate)
  const { attemptsMax } = router
  const amountNano = candidates.some((c) => c.kind === 'possible' && c.rail !== 'book') ? valuer.nano(wanted.amount, 'up') : 0n
  const { order } = context.policy.decide({ amountNano, candidates, policy: router, attemptsMax }, quoted)
  const ways = order.flatMap((place) => {
    const candidate = candidates[place]
    return candidate?.kind === 'possible' ? [candidate] : []
  })
  const [first] = ways
  if (!first) {
    const refusals = candidates.flatMap((c): Refusal[] =>
      c.kind === 'impossible'
        ? [{ rail: c.rail, destination: c.destination, reason: c.reason, detail: c.detail }]
        : [{ rail: c.rail, destination: c.destination, reason: 'costs_more_than_not_paying', detail: 'not worth a try' }],
    )
    return { kind: 'impossible', refusals }
  }
  const seconds = ways.map((way) => max(way.secondsToFunds, way.secondsToFail))
  const gasNano = first.beside?.gasNano ?? 0n
  const costNano = first.feeNano + gasNano
  const { asset } = wanted.amount
  const fee = atLeast(costNano, asset, valuer)
  const way = quoted[order[0]!]?.quote
  invariant(way, 'what is chosen has an amount')
  const possible = candidates.flatMap((c) => (c.kind === 'possible' ? [c.secondsToFunds] : []))
  return {
    kind: 'possible',
    costNano,
    worthNano: amountNano,
    secondsMax: seconds.reduce((a, b) => max(a, b)),
    fee,
    secondsMin: possible.reduce((a, b) => min(a, b)),
    rail: first.rail,
    way,
    gas: gasNano === 0n ? money(asset, 0n) : subtract(fee, atLeast(first.feeNano, asset, valuer)),
    ways: candidates.map((candidate, place) => wayOf(candidate, order.indexOf(place))),
  }
}

function wayOf(candidate: Candidate, place: number): QuotedWay {
  const { rail, destination } = candidate
  if (candidate.kind === 'impossible') return { rail, destination, reason: candidate.reason, detail: candidate.detail }
  const costNano = candidate.feeNano + (candidate.beside?.gasNano ?? 0n)
  return { rail, destination, costNano, ...(place < 0 ? {} : { rank: place + 1 }) }
}

/** The least of an asset that is worth no less. */
function atLeast(nano: NanoUsd, asset: Asset, valuer: Valuer): Money {
  if (nano === 0n) return money(asset, 0n)
  const under = money(asset, valuer.worth(nano, asset))
  return valuer.nano(under, 'down') < nano ? money(asset, under.units + 1n) : under
}
