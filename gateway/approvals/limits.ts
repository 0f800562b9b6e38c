import { GatewayError, whereAvailable } from '../errors/gatewayError.ts'
import { periodAt, UTC_DAYS } from '../ledger/calendar/periods.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import type { Asset } from '../money/asset.ts'
import { compare, type Money, money, parseAmount, showMoney } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import type { Books, Claim, Fact } from '../ports/books.ts'
import type { Clock } from '../ports/clock.ts'
import type { PartyId } from '../ports/ids.ts'
import type { RateSource } from '../ports/rates.ts'
import type { Hand, Needed } from './approval.ts'
import { handData, readApprovalFact, toApprovalFact } from './facts.ts'

/** Whose money it is: a party's, or what lies here for nobody in particular. */
export type Whose = PartyId | 'gateway'

/** Whose what a payment has brought is: that of the party that was paid, else that of several. */
export function whoseOf(payee: string): Whose {
  return payee.startsWith('pa_') ? (payee as PartyId) : 'gateway'
}

/** What needs another's word, and why in words. */
type Weighed = Readonly<{ needs: readonly Needed[]; why: string; usd: bigint }>

type NewLimit = Readonly<{
  hand: Hand
  payoutsUsdMax: string | null
  along: Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
}>
type Parts = Readonly<{ books: Books; clock: Clock; rates: RateSource; usd: Asset; payoutsUsdMax: Money | undefined }>

export type ApprovalLimits = ReturnType<typeof createLimits>

/**
 * What may leave one balance in a UTC day without another person's word: the gateway's limit, and the party's own. What is weighed counts until it is written
 * down or has failed, so that many at once are one sum. Make it before the books start.
 */
export function createLimits({ books, clock, rates, usd, payoutsUsdMax }: Parts) {
  const { ofParty, sparedOn } = limitRecords(books)
  const underWay = new Map<string, bigint>()
  const today = () => periodAt(UTC_DAYS, clock.now())
  const sparedToday = (whose: Whose) => sparedOn(whose, today()) + (underWay.get(whose) ?? 0n)
  const limitOf = (party: string): Money | undefined => {
    const text = ofParty.get(party)
    return text === undefined ? undefined : parseAmount(text, usd)
  }

  return {
    limitOf,
    read: (text: string): Money => parseAmount(text, usd),
    /** A party's own limit, in dollars as text; null takes it away. */
    async set(party: PartyId, { hand, payoutsUsdMax: most, along }: NewLimit): Promise<void> {
      const data = { ...handData(hand), payoutsUsdMax: most }
      const fact = toApprovalFact({ type: 'approval.limited', id: party, at: clock.now(), data })
      const outcome = await submitUntilKnown(books, { claims: along.claims, facts: [fact, ...along.facts] })
      if (outcome.kind === 'conflict') throw new GatewayError('approval_ended', 'It was approved for once, and has been done')
    },
    /** Which words it needs. Without a rate nobody can say that it is little, so it needs all that there is a limit for. */
    weigh(whose: Whose, amount: Money): Weighed {
      const limits: readonly (readonly [Needed, Money | undefined])[] = [
        ['party', whose === 'gateway' ? undefined : limitOf(whose)],
        ['gateway', payoutsUsdMax],
      ]
      const set = limits.filter((one): one is readonly [Needed, Money] => one[1] !== undefined)
      if (set.length === 0) return { needs: [], why: '', usd: 0n }
      const worth = inUsd({ rates, usd }, amount)
      const sum = worth === undefined ? undefined : money(usd, sparedToday(whose) + worth)
      const above = set.filter(([, most]) => sum === undefined || compare(sum, most) > 0)
      const why = above.map(
        ([need, most]) => `${whose === 'gateway' ? 'it' : need} lets ${showMoney(most)} a day go without another person`,
      )
      return { needs: above.map(([need]) => need), why: why.join('; '), usd: worth ?? 0n }
    },
    /** Counts what goes without another's word: at once, and by the fact that becomes durable with it. `done` when that stands or never will. */
    spare(whose: Whose, { usd: units }: Weighed): Readonly<{ facts: readonly Fact[]; done: () => void }> {
      if (units === 0n) return { facts: [], done: () => undefined }
      underWay.set(whose, (underWay.get(whose) ?? 0n) + units)
      const data = { usd: units.toString(), day: today() }
      return {
        facts: [toApprovalFact({ type: 'approval.spared', id: whose, at: clock.now(), data })],
        done() {
          const left = (underWay.get(whose) ?? 0n) - units
          if (left > 0n) underWay.set(whose, left)
          else underWay.delete(whose)
        },
      }
    },
  }
}

/** Undefined without a rate. */
function inUsd({ rates, usd }: Pick<Parts, 'rates' | 'usd'>, amount: Money): bigint | undefined {
  return amount.asset.id === usd.id ? amount.units : whereAvailable(() => convert(amount, rates.rate(amount.asset, usd), 'up').units)
}

/** What parties say of their own, and what went without a second word on the newest day, as facts make them. */
function limitRecords(books: Books) {
  const ofParty = new Map<string, string>()
  /** Units of USD, by whose they were. */
  const spared = new Map<string, string>()
  const days = new Map<string, number>()

  books.remember({
    name: 'approvals.limits',
    form: 1,
    tables: { ofParty, spared, days },
    apply(fact) {
      const known = readApprovalFact(fact)
      if (known?.type === 'approval.limited') {
        if (known.data.payoutsUsdMax === null) ofParty.delete(known.id)
        else ofParty.set(known.id, known.data.payoutsUsdMax)
      }
      if (known?.type !== 'approval.spared') return
      const { day, usd: units } = known.data
      if (day > (days.get('newest') ?? 0)) {
        spared.clear()
        days.set('newest', day)
      }
      if (day === days.get('newest')) spared.set(known.id, (BigInt(spared.get(known.id) ?? '0') + BigInt(units)).toString())
    },
  })

  return {
    ofParty,
    sparedOn: (whose: string, day: number): bigint => (days.get('newest') === day ? BigInt(spared.get(whose) ?? '0') : 0n),
  }
}
