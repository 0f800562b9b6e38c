import type { WaitLimits } from '../../ledger/process/ends.ts'
import { sameAsset } from '../../money/asset.ts'
import { type Money, money, mulDiv } from '../../money/money.ts'
import type { AccountPath, Claim, Fact, Leg } from '../../ports/books.ts'
import type { ReturnMeaning } from '../../ports/returnMeaning.ts'
import { fxPath, TRANSIT } from '../payoutState/entries.ts'
import { toFact, toMoneyData } from '../payoutState/facts.ts'
import type { AttemptState, Payout } from '../payoutState/payout.ts'
import type { PayoutRecords } from '../payoutState/payoutRecords.ts'

/** How long a return waits for the word that its payout was paid: a bank may tell of both in one file. */
const KNOWN_MS_MAX = 10_000
/** Attempts that were waited for in vain, and are not waited for again. */
const WAITED_MAX = 1_000
/** A return may lack one part in so many, which banks keep for it; of what lacks more a person decides, and the payout is not at its end. */
const KEPT_ONE_IN = 10n

/** Money that came back at `place`, as the rail's settlement `settlement` tells. `inKind`: given back in the asset in which it came. */
type CameBack = Readonly<{
  settlement: string
  place: AccountPath
  amount: Money
  at: number
  reason: string | undefined
  meaning: ReturnMeaning | undefined
  inKind: boolean
}>

/** What a return means to the books: whoever had paid for the payout is given back what came. */
type ReturnBooking = Readonly<{ legs: Leg[]; facts: Fact[]; claims: Claim[] }>

/** A payout that something came back of. `booking` is undefined when it is not for this payout to have, such as a second return. */
type ReturnedPayout = Readonly<{ id: string; booking: (came: CameBack) => ReturnBooking | undefined }>

/** Who has what goes back to an account that is no balance, such as a net's: paths that share `units`. Undefined for any other account. */
export type SourceOwner = (source: AccountPath, units: bigint) => readonly Readonly<{ path: AccountPath; units: bigint }>[] | undefined

type Parts = Readonly<{
  records: PayoutRecords
  owners: readonly SourceOwner[]
  /** Asks the rail for an outcome that is missing, soon. */
  wake: (id: string) => void
}>

/** Finds the payout of an attempt that came back, once its rail's word on it is durable or does not come; undefined for an attempt of nobody here. */
export function findReturned({ records, owners, wake }: Parts): (attempt: string) => Promise<ReturnedPayout> | undefined {
  const waited = new Set<string>()

  async function known(payout: Payout, attempt: string): Promise<ReturnedPayout> {
    const limits: WaitLimits = { timeoutMs: KNOWN_MS_MAX }
    const stuck = payout.attempts.some((one) => one.id === attempt && one.stuck)
    if (payout.status === 'open' && !stuck && !waited.has(attempt)) {
      if (waited.size >= WAITED_MAX) waited.clear()
      waited.add(attempt)
      wake(payout.id)
      await records.waitForEnd(payout.id, limits)
    }
    return { id: payout.id, booking: (came) => returnBooking(records.get(payout.id) ?? payout, attempt, { came, owners, records }) }
  }
  return (attempt) => {
    const payout = records.byAttempt(attempt)
    return payout && known(payout, attempt)
  }
}

/**
 * Only what the books saw leave can come back, once, no more than left and not much less. What was converted goes back at the rate at which it went, rounded
 * down; so what the other side kept is missing in the same proportion.
 */
function returnBooking(payout: Payout, id: string, o: Pick<Parts, 'owners' | 'records'> & { came: CameBack }): ReturnBooking | undefined {
  const { came, owners, records } = o
  const attempt = payout.attempts.find((a) => a.id === id)
  const left = payout.status === 'settled' && attempt?.settled && !payout.exceptions.includes('not_booked')
  if (!left || !sameAsset(came.amount.asset, attempt.amount.asset) || came.amount.units > attempt.amount.units) return undefined
  if ((attempt.amount.units - came.amount.units) * KEPT_ONE_IN > attempt.amount.units) return undefined
  const credited = came.inKind ? came.amount : worthAtSource(payout, attempt, came.amount)
  const fact = toFact({
    type: 'payout.returned',
    id: payout.id,
    at: came.at,
    data: {
      attempt: attempt.id,
      settlement: came.settlement,
      amount: toMoneyData(came.amount),
      credited: toMoneyData(credited),
      ...(came.reason === undefined ? {} : { reason: came.reason }),
      ...(came.meaning === undefined ? {} : { meaning: came.meaning }),
    },
  })
  const claims = [{ key: `payout:${payout.id}:returned`, fingerprint: came.settlement }]
  const facts = [fact, ...partsReturned(records, payout, { credited, at: came.at })]
  return { legs: backLegs(payout, { came, credited, owners }), facts, claims }
}

/** What a payout that is a part of another means to that one, and to what that is a part of. */
function partsReturned(records: PayoutRecords, part: Payout, { credited, at }: Readonly<{ credited: Money; at: number }>): Fact[] {
  const facts: Fact[] = []
  for (let whole = wholeOf(records, part); whole; whole = wholeOf(records, whole)) {
    const left = (whole.paid?.units ?? 0n) - part.amount.units
    const outcome = whole.status === 'open' ? 'open' : left > 0n ? 'partly_settled' : 'returned'
    const data = { part: part.id, amount: toMoneyData(part.amount), credited: toMoneyData(credited), outcome } as const
    facts.push(toFact({ type: 'payout.part_returned', id: whole.id, at, data }))
  }
  return facts
}

function wholeOf(records: PayoutRecords, { partOf }: Payout): Payout | undefined {
  return partOf && records.get(partOf)
}

function worthAtSource(payout: Payout, attempt: AttemptState, came: Money): Money {
  if (sameAsset(came.asset, payout.amount.asset)) return came
  return money(payout.amount.asset, mulDiv(payout.amount.units, came.units, attempt.amount.units, 'down'))
}

function backLegs(payout: Payout, o: { came: CameBack; credited: Money; owners: readonly SourceOwner[] }): Leg[] {
  const { came, credited, owners } = o
  const { asset, units } = credited
  const converted = !sameAsset(came.amount.asset, asset)
  const from = converted ? fxPath(came.amount.asset, asset) : came.place
  // Without its hold the payout was paid out of transit, and transit is what it owes still.
  const source = payout.exceptions.includes('hold_lost') ? TRANSIT : payout.source
  const shares = owners.map((owner) => owner(source, units)).find((found) => found !== undefined) ?? [{ path: source, units }]
  const back = shares
    .filter((share) => share.units > 0n)
    .map((share): Leg => ({ kind: 'move', debit: from, credit: share.path, asset, units: share.units }))
  return converted ? [{ kind: 'move', debit: came.place, credit: from, ...came.amount }, ...back] : back
}
