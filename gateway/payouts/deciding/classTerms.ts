import { setImmediate as turn } from 'node:timers/promises'
import { costOfNotPaying, type NanoUsd, type RouterPolicy } from '../../costs/policy.ts'
import type { Valuer } from '../../costs/valuer.ts'
import { ceilDiv, max } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'
import { bandOf } from '../learning/way.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import { tryCost } from '../router/bestOrder.ts'
import { costOfFailure, costOfSuccess, priceTerms } from '../router/terms.ts'
import { quoteCandidates } from './candidates.ts'
import { hypotheticalPayout } from './hypotheticalPayout.ts'
import { worth } from './makeDecision.ts'
import { withLearned } from './withLearned.ts'
import { withPolicy } from './withPolicy.ts'

/** One of many payouts that are to be planned together; `deliverBy`: a way whose payee would have good funds after it (ms) is none. */
export type WantedRow = Readonly<{ amount: Money; destinations: readonly Destination[]; deliverBy?: number | undefined }>

/** What paying one amount to one destination comes to on a rail: expected for a success, and of the rail's room. */
export type RailTerms = Readonly<{
  rail: RailName
  asset: string
  costNano: NanoUsd
  takesNano: NanoUsd
  seconds: bigint
  availableNano: NanoUsd
}>

/** Terms of one kind of destination for payments of one size, as they are at the smallest amount that is paid so and at the largest. */
type ClassTerms = Readonly<{ low: Asked; high: Asked; between: Asked | undefined }>
type Asked = Readonly<{ units: bigint; terms: readonly RailTerms[]; shut: readonly ShutRail[] }>
/** A rail that does not pay it, and why in words. */
type ShutRail = Readonly<{ rail: string; detail: string }>
type One = Readonly<{ amount: Money; destination: Destination }>
type Ends = { low: One; high: One }

/** Kinds of destination by sizes of payments that rails are asked about for one plan; what is of none of them is not planned. */
const CLASSES_MAX = 64
/** Rows that are looked at before others have their turn. */
const TOGETHER = 200

export type TermsOf = Readonly<{
  /** By each rail that pays it so; none where its class was not asked about. */
  of(row: WantedRow, destination: Destination): readonly RailTerms[]
  /** Of the same, the rails that do not, and why. */
  shut(row: WantedRow, destination: Destination): readonly ShutRail[]
  /** How often rails were asked, each time all that pay such a destination. */
  asked: number
}>

type Asking = Readonly<{ source: AccountPath; valuer: Valuer; at: number }>

/**
 * What many payouts would cost on each rail, asked not for each but for each kind of destination and size: rails say the terms of the smallest and of the
 * largest amount, and what lies between is taken to lie between. Where a way is too small for the largest, the largest that it takes is asked about as well.
 */
export async function askClasses(context: PayoutContext, rows: readonly WantedRow[], asking: Asking): Promise<TermsOf> {
  const classes = new Map<string, Ends>()
  await eachInTurns(rows, ({ amount, destinations }) => {
    for (const destination of destinations) {
      const name = nameOf(amount, destination, asking.valuer)
      const [known, one] = [classes.get(name), { amount, destination }]
      if (!known && classes.size < CLASSES_MAX) classes.set(name, { low: one, high: one })
      else if (known && amount.units < known.low.amount.units) known.low = one
      else if (known && amount.units > known.high.amount.units) known.high = one
    }
  })
  let asked = 0
  const told = new Map<string, ClassTerms>()
  const ask = async (one: One) => {
    asked++
    return askAt(context, one, asking)
  }
  await Promise.all(
    [...classes].map(async ([name, { low, high }]) => {
      const [least, most] = await Promise.all([ask(low), low === high ? undefined : ask(high)])
      const room = most && roomBetween(most.quoted, low.amount.units)
      const between = room === undefined ? undefined : await ask({ ...high, amount: money(high.amount.asset, room) })
      told.set(name, { low: least, high: most ?? least, between })
    }),
  )
  const classOf = ({ amount }: WantedRow, destination: Destination) => told.get(nameOf(amount, destination, asking.valuer))
  return {
    asked,
    of(row, destination) {
      const terms = classOf(row, destination)
      return terms ? termsAt(terms, row.amount.units) : []
    },
    shut(row, destination) {
      const terms = classOf(row, destination)
      return terms
        ? shutAt(terms, row.amount.units)
        : [{ rail: destination.kind, detail: `not asked: one of ${CLASSES_MAX} kinds of destination before` }]
    },
  }
}

/** Does something for each of many rows, and lets others have their turn in between. */
export async function eachInTurns<T>(rows: readonly T[], visit: (row: T) => void): Promise<void> {
  for (const [i, row] of rows.entries()) {
    if (i > 0 && i % TOGETHER === 0) await turn()
    visit(row)
  }
}

/** What rails say the same terms for: a kind of destination, on one rail or in one country where that matters, in payments of one size. */
function nameOf(amount: Money, destination: Destination, valuer: Valuer): string {
  const { kind } = destination
  const where =
    kind === 'custom' ? destination.rail : kind === 'evm_address' ? destination.on : kind === 'iban' ? destination.iban.slice(0, 2) : ''
  return `${kind} ${where ?? ''} ${bandOf(worth({ amount }, valuer))}`
}

type At = Asked & Readonly<{ quoted: readonly QuotedCandidate[] }>

async function askAt(context: PayoutContext, { amount, destination }: One, o: Asking): Promise<At> {
  const { valuer, source, at } = o
  const payout = hypotheticalPayout({ source, amount, destinations: [destination] }, at)
  const told = await quoteCandidates(payout, { ...context, valuer, slot: true })
  const { quoted, router } = withPolicy(context, payout, withLearned(context, payout, { quoted: told, valuer }))
  const amountNano = worth(payout, valuer)
  const terms = quoted.flatMap((one) => termsOf(one, amountNano, router))
  const shut = quoted.flatMap(({ candidate }): ShutRail[] => {
    if (candidate.kind === 'impossible') return [{ rail: candidate.rail, detail: candidate.detail }]
    return terms.some(({ rail }) => rail === candidate.rail) ? [] : [{ rail: candidate.rail, detail: 'costs more than not paying at all' }]
  })
  return { units: amount.units, quoted, terms, shut }
}

/** The cost of a success, which the router orders ways by: (s*F + (1-s)*L) / s, rounded up. What costs more than not paying is none. */
function termsOf({ candidate, quote }: QuotedCandidate, amountNano: NanoUsd, router: RouterPolicy): RailTerms[] {
  if (candidate.kind === 'impossible' || !quote || candidate.successPpm <= 0n) return []
  const priced = priceTerms(candidate, amountNano, router)
  const { successPpm, rail, availableNano, feeNano, secondsToFunds: seconds } = candidate
  const cost = tryCost({ successPpm, onSuccess: costOfSuccess(priced), onFailure: costOfFailure(priced) })
  const costNano = ceilDiv(cost, successPpm)
  if (costNano >= costOfNotPaying(amountNano, router)) return []
  return [{ rail, asset: quote.amount.asset.id, costNano, takesNano: amountNano + feeNano, seconds, availableNano }]
}

/** The most that a way pays which is too small for the largest amount and takes more than the smallest. */
function roomBetween(quoted: readonly QuotedCandidate[], low: bigint): bigint | undefined {
  const rooms = quoted.flatMap(({ room }) => (room && room.units > low ? [room.units] : []))
  return rooms.length === 0 ? undefined : rooms.reduce((a, b) => max(a, b))
}

/** Each rail's terms for an amount between those that were asked about; a rail takes no more than the largest that it has terms for. */
function termsAt({ low, high, between }: ClassTerms, units: bigint): readonly RailTerms[] {
  return low.terms.flatMap((least) => {
    const upper = [high, between].flatMap((one) => {
      const found = one?.terms.find(({ rail, asset }) => rail === least.rail && asset === least.asset)
      return one && found ? [{ units: one.units, terms: found }] : []
    })
    const [above] = upper
    if (!above || units > above.units) return units === low.units ? [least] : []
    const [span, part] = [above.units - low.units, units - low.units]
    if (span === 0n) return [least]
    const on = (a: bigint, b: bigint) => a + ceilDiv((b - a) * part, span)
    const { costNano, takesNano, seconds } = above.terms
    return [
      { ...least, costNano: on(least.costNano, costNano), takesNano: on(least.takesNano, takesNano), seconds: max(least.seconds, seconds) },
    ]
  })
}

/** What shuts the rails that have no terms for an amount: as they said of the smallest, else of the largest, which is too much for them. */
function shutAt({ low, high, between }: ClassTerms, units: bigint): readonly ShutRail[] {
  if (units === low.units) return low.shut
  const open = new Set(termsAt({ low, high, between }, units).map(({ rail }) => rail))
  const said = new Map([...high.shut, ...low.shut].map((one) => [one.rail, one]))
  return [...said.values()].filter(({ rail }) => !open.has(rail as RailName)) // Ways of no rail here have a word in its place.
}
