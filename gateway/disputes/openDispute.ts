import { moneyText } from '../audit/receipt/receipt.ts'
import { nextWord, unlessSpokenOver, untilSaid } from '../audit/receipt/receiptChain.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import type { UnderWay } from '../ledger/process/underWay.ts'
import { type Money, money } from '../money/money.ts'
import { type DisputeFact, type DisputeOpenedData, type DisputeReason, toDisputeFact } from '../payins/dispute/facts.ts'
import { move } from '../payins/settlement/legs.ts'
import { mandateOf } from '../payins/status/mandateOf.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { Claim, Leg } from '../ports/books.ts'
import type { IntentId } from '../ports/ids.ts'
import { chainHead } from '../refunds/chainHead.ts'
import { partClaim } from '../refunds/newRefund.ts'
import { type Standing, standingOf } from '../refunds/standing.ts'
import { amountOf, declined, type NamedAmount, takingFor } from '../refunds/taking.ts'
import type { Along, Dispute } from './dispute.ts'
import type { DisputeContext } from './disputeContext.ts'
import { evolve } from './evolve.ts'

/** Made again when balances moved between looking and booking. */
const PLANS_MAX = 4
/** Disputes of one payee that are not decided, and of all: each of them is in memory with its evidence. */
const OPEN_MAX = 500
const OPEN_OF_ALL_MAX = 10_000
/** Under this name each that is being opened is counted. */
export const ALL = 'all'

/** `amount` in the asset that was paid, all that is left when absent. `evidenceMs`: how long its payees may show evidence. */
export type OpenDispute = Readonly<{
  payment: KnownPayment
  amount: NamedAmount | undefined
  evidenceMs: number
  reason: DisputeReason
  note: string
  metadata: Readonly<Record<string, string>>
  by: string
  along: Along
}>

/** Refuses one more with `too_many_open`; `opening` counts with those that stand. */
export function requireRoom({ records }: Pick<DisputeContext, 'records'>, opening: UnderWay, payee: string): void {
  if (records.openOf(payee) + opening.of(payee) < OPEN_MAX && records.openCount() + opening.of(ALL) < OPEN_OF_ALL_MAX) return
  throw new GatewayError('too_many_open', `${payee} has ${OPEN_MAX} disputes that are not decided, or there are ${OPEN_OF_ALL_MAX}`)
}

type OpenedFact = Extract<DisputeFact, { type: 'dispute.opened' }>
type Planned = Readonly<{ fact: OpenedFact; legs: readonly Leg[]; claims: readonly Claim[] }>

/**
 * Takes what is disputed from those who have shared it, into a reserve of its own, in one commit with what bounds refunds and disputes of the payment
 * together: never more than was paid. Throws what a refund of it throws; nothing moved then.
 */
export async function openDispute(context: DisputeContext, o: OpenDispute): Promise<Dispute> {
  const { refunds } = context
  const { receipt } = o.payment
  return untilSaid(async (tries) => {
    const now = tries === 1 ? o.payment : await refunds.findPayment(receipt.id)
    invariant(now, `the payment of ${receipt.id} has its receipt`)
    return placeDispute(context, { ...o, payment: now })
  })
}

/** Undefined where something else was said of the payment in between. */
async function placeDispute(context: DisputeContext, o: OpenDispute): Promise<Dispute | undefined> {
  const { refunds, records } = context
  const { receipt } = o.payment
  const head = await chainHead(refunds, o.payment)
  const standing = standingOf(o.payment, refunds, undefined)
  const amount = amountOf(o.amount, money(standing.asked.asset, standing.asked.units - standing.before))
  for (let plans = 1; ; plans++) {
    const { fact, legs, claims } = plan(context, o, { standing, amount })
    const along = o.along(evolve(undefined, fact, refunds.assetOf))
    const { entry } = fact.data
    const news = { state: 'settled', reason: 'disputed', entry, amount: moneyText(amount) } as const
    const word = nextWord(head, fact.at, news)
    const submission = {
      claims: [partClaim(fact, standing), ...claims, ...along.claims, ...word.claims],
      facts: [toDisputeFact(fact), ...word.facts, ...along.facts],
      entry: { id: entry, payment: receipt.id, legs },
    }
    const outcome = unlessSpokenOver(await submitUntilKnown(refunds.books, submission))
    if (!outcome) return undefined
    if (outcome.kind === 'applied' || outcome.kind === 'replayed') return records.get(fact.id)!
    if (outcome.kind === 'conflict')
      throw new GatewayError('request_in_progress', 'Another refund or dispute of this payment was made at the same time')
    if (plans >= PLANS_MAX) throw declined(legs[outcome.leg], amount)
  }
}

/** Who pays for it now, and the legs that put it in reserve. What was converted stays in what its payees hold, so that they have exactly that again. */
function plan({ refunds }: DisputeContext, o: OpenDispute, wanted: Readonly<{ standing: Standing; amount: Money }>): Planned {
  const { credit } = wanted.standing
  const taking = takingFor(refunds, o.payment, { standing: wanted.standing, amount: wanted.amount, asker: undefined })
  const id = refunds.ids.dispute()
  const at = refunds.clock.now()
  const fact: OpenedFact = { type: 'dispute.opened', id, at, data: openedData(refunds, o, { ...wanted, sources: taking.sources, at }) }
  const taken = taking.sources.map(({ from, units }) => move(from, accounts.dispute(id), money(credit.asset, BigInt(units))))
  return { fact, legs: [...taking.legs, ...taken], claims: taking.claims }
}

type Taken = Readonly<{ standing: Standing; amount: Money; sources: DisputeOpenedData['sources']; at: number }>

function openedData(
  { ids }: DisputeContext['refunds'],
  { payment, evidenceMs, reason, note, by, metadata }: OpenDispute,
  { standing: { asked, before }, amount, sources, at }: Taken,
): DisputeOpenedData {
  const { receipt } = payment
  const signed = mandateOf(payment)?.mandate
  return {
    request: receipt.payment.startsWith('pi_') ? (receipt.payment as IntentId) : receipt.id, // A receipt names an intent by its id.
    receipt: receipt.id,
    rail: receipt.rail,
    payee: receipt.payee,
    parties: [...new Set(receipt.parts.map(({ to }) => to))],
    asset: amount.asset.id,
    units: `${amount.units}`,
    paid: `${asked.units}`,
    left: `${asked.units - before - amount.units}`,
    sources,
    entry: ids.entry(),
    dueAt: at + evidenceMs,
    reason,
    note,
    by,
    metadata,
    ...(signed ? { mandate: signed } : {}),
  }
}
