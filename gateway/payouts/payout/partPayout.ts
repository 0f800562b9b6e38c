import { invariant } from '../../errors/invariant.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { allocate } from '../../money/allocate.ts'
import { floorDivCount } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import type { Fact, Leg } from '../../ports/books.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import { destinationsOfParts, type PlannedPart } from '../deciding/partsOf.ts'
import { closing, type PayoutContext, submitStep } from '../payoutState/context.ts'
import { holdLegs, voidHoldLegs } from '../payoutState/entries.ts'
import { type PayoutFact, toFact, toMoneyData } from '../payoutState/facts.ts'
import type { PartsOutcome, Payout } from '../payoutState/payout.ts'

type Created = Extract<PayoutFact, { type: 'payout.created' }>

/**
 * Makes the parts of a payout in one submission, behind the facts that are not durable yet: each is a payout of its own, and what held the amount of the
 * whole holds those of its parts from then on. False where the books have no hold of it any more.
 */
export async function partPayout(
  context: PayoutContext,
  payout: Payout,
  { parts, along }: Readonly<{ parts: readonly PlannedPart[]; along: readonly Fact[] }>,
): Promise<boolean> {
  const { clock, ids, log } = context
  const { source, amount, feeMax, ownFeeMax } = payout
  const at = clock.now()
  const entry = newEntry(context, payout.id, [])
  const legs: Leg[] = voidHoldLegs(payout)
  const shares = (units: bigint) =>
    allocate(
      units,
      parts.map((part) => part.units),
    ) // prettier-ignore
  const [fees, ownFees] = [shares(feeMax), ownFeeMax === undefined ? undefined : shares(ownFeeMax)]
  const created = parts.map(({ units, way }, i): Created => {
    const own = money(amount.asset, units)
    const [fee, ownFee] = [fees[i]!, ownFees?.[i]]
    const holdLeg = legs.length
    legs.push(...holdLegs({ source, amount: own, feeMax: fee }))
    const terms = { ...(fee > 0n ? { feeMax: `${fee}` } : {}), ...(ownFee === undefined ? {} : { ownFeeMax: `${ownFee}` }) }
    const data = {
      source,
      amount: toMoneyData(own),
      hold: entry.id,
      holdLeg,
      partOf: payout.id,
      way,
      claims: [],
      ...terms,
      ...sharedTerms(payout, parts.length),
    }
    return { type: 'payout.created', id: ids.payout(), at, data }
  })
  const parted: PayoutFact = {
    type: 'payout.parted',
    id: payout.id,
    at,
    data: { parts: created.map(({ id, data }) => ({ id, amount: data.amount })) },
  }
  const outcome = await submitStep(context, { facts: [...along, ...[parted, ...created].map(toFact)], entry: { ...entry, legs } })
  if (outcome.kind === 'declined') return false
  invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `the entry of its parts has a new id: ${outcome.kind}`)
  log.info({ payout: payout.id, parts: created.map(({ id }) => id) }, 'a payout is paid in parts')
  return true
}

/** What a part has of the whole as it is. */
function sharedTerms(payout: Payout, count: number) {
  const { reference, createdBy, behalf, sendBy, deliverBy, feeBearer, metadata } = payout
  return {
    destinations: destinationsOfParts(payout),
    reference,
    createdBy,
    behalf,
    // Its parts and theirs are no more than it may have.
    partsMax: floorDivCount(payout.partsMax ?? 1, count),
    ...(sendBy === undefined ? {} : { sendBy }),
    ...(deliverBy === undefined ? {} : { deliverBy }),
    ...(feeBearer === undefined ? {} : { feeBearer }),
    ...saidMetadata(metadata),
  }
}

/** A part may have parts of its own, where the way that it was planned for did not pay. */
function paidBy({ status, paid, amount }: Payout): bigint {
  return status === 'failed' || status === 'returned' ? 0n : (paid ?? amount).units
}

function outcomeOf(payout: Payout, units: bigint): PartsOutcome {
  if (units > 0n) return units === payout.amount.units ? 'settled' : 'partly_settled'
  return payout.partsBack ? 'returned' : 'failed'
}

/** Ends a payout whose parts have theirs. Each has taken or released its own hold, so there is nothing to book. */
export async function endParts(context: PayoutContext, payout: Payout, parts: readonly Payout[]): Promise<void> {
  const units = parts.reduce((sum, part) => sum + paidBy(part), 0n)
  const { asset } = payout.amount
  const { partsBack = [] } = payout
  const outcome = outcomeOf(payout, units)
  const cameBack = partsBack.reduce((sum, part) => sum + part.units, 0n)
  const released = toMoneyData(money(asset, payout.amount.units - units - cameBack))
  const back = partsBack.length > 0 ? { back: partsBack.map(({ id }) => id) } : {}
  const data = { outcome, paid: toMoneyData(money(asset, units)), released, ...back }
  const recorded = await submitStep(context, {
    claims: [closing(payout.id, outcome === 'failed' ? 'failed' : 'settled')],
    facts: [toFact({ type: 'payout.parts_ended', id: payout.id, at: context.clock.now(), data })],
  })
  invariant(recorded.kind === 'applied' || recorded.kind === 'replayed', `${payout.id} has its end once: ${recorded.kind}`)
  context.log.info({ payout: payout.id, outcome }, 'the parts of a payout have their end')
}
