import { max } from '../../money/integers.ts'
import type { Books } from '../../ports/books.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import { ownerOf } from '../fees/purses.ts'
import { blameOf } from '../learning/blame.ts'
import { createLearned, type Learned } from '../learning/learned.ts'
import type { Measured } from '../learning/openTries.ts'
import { bandOf, placeOf, type Way } from '../learning/way.ts'
import { type AttemptData, type CandidateData, type MoneyData, type PayoutFact, readFact } from '../payoutState/facts.ts'
import type { Payout } from '../payoutState/payout.ts'
import type { PayoutRecords } from '../payoutState/payoutRecords.ts'

const PPM = 1_000_000
/** Longer than any rail's word takes to reach a gateway that runs. */
const NOT_LOOKING_MS = 600_000

/** What the tries in the journal have taught. Make it behind the records, which know a payout before this hears of its tries, and before the books start. */
export function learnFromTries(books: Pick<Books, 'remember'>, records: Pick<PayoutRecords, 'get' | 'decision'>): Learned {
  const learned = createLearned()

  function sent(id: string, at: number, data: AttemptData): void {
    const payout = records.get(data.payout)
    const decision = records.decision(data.decision)?.data
    const weighed = decision?.candidates.find(
      (c) => c.rail === data.rail && c.destination === data.destination && c.amount?.asset.id === data.amount.asset.id,
    )
    // A candidate of the oldest journals says no chance.
    if (!payout || !decision || weighed?.successPpm === undefined || data.rail === 'book') return
    const way = wayOf(payout, { rail: data.rail, destination: data.destination, to: data.amount.asset.code }, BigInt(decision.worthNano))
    const chance = fraction(weighed.successPpm)
    const word = weighed.railPpm === undefined ? chance : fraction(weighed.railPpm)
    learned.sent(id, { owner: ownerOf(payout.behalf), at, way, chance, word, ...secondsOf(weighed), ...toldAmount(data) })
  }

  function take(fact: PayoutFact): void {
    const { id, at } = fact
    if (fact.type === 'attempt.sent') sent(id, at, fact.data)
    if (fact.type === 'attempt.failed') learned.ended(id, { at, paid: false, blame: blameOf(fact.data.reason), endedAt: at })
    if (fact.type !== 'attempt.settled') return
    const { evidence, fee } = fact.data
    learned.ended(id, { at, paid: true, blame: 'nobody', endedAt: fundsAt(evidence.at, at), fee: measured(fee) })
  }

  books.remember({
    name: 'payout.learned',
    form: 6,
    tables: learned.tables,
    derive: learned.derive,
    apply(fact) {
      const known = readFact(fact)
      if (known !== undefined) take(known)
    },
  })
  return learned
}

/** By what a way of this payout is learned. */
export function wayOf(
  { amount, destinations }: Pick<Payout, 'amount' | 'destinations'>,
  o: Readonly<{ rail: RailName; destination: number; to: string }>,
  worthNano: bigint,
): Way {
  return { rail: o.rail, from: amount.asset.code, to: o.to, band: bandOf(worthNano), ...placeOf(destinations[o.destination]!) }
}

/**
 * When its money was there: when we knew it, by the clock that the try was sent by. A rail's own time is another machine's, and a block's is of before it was
 * final; it is believed where we heard of it so late that we cannot have been looking.
 */
function fundsAt(saidAt: number, knownAt: number): number {
  return knownAt - saidAt > NOT_LOOKING_MS ? saidAt : knownAt
}

/** How long its rail said that it takes. What a bank says comes with a statement, days later: its calendar knows better when the money is there. */
function secondsOf({ rail, railSeconds, secondsToFunds }: CandidateData): Readonly<{ seconds?: number }> {
  const said = railSeconds ?? secondsToFunds
  return said === undefined || railKind(rail) === 'bank' ? {} : { seconds: measure(said) }
}

/** What it sends, where its fee comes with its outcome. */
function toldAmount({ feesComeBy, amount }: AttemptData): Readonly<{ amount?: Measured }> {
  return feesComeBy === 'outcome' ? { amount: measured(amount) } : {}
}

function measured({ asset, units }: MoneyData): Measured {
  return { asset: asset.id, units: measure(units) }
}

function measure(units: string): number {
  return Number.parseInt(units, 10) // not money: what a line is drawn through, or a time
}

function fraction(ppm: string): number {
  return max(0, Number.parseInt(ppm, 10) / PPM) // not money: a chance
}
