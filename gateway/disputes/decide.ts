import { moneyText } from '../audit/receipt/receipt.ts'
import { nextWord, unlessSpokenOver, untilSaid } from '../audit/receipt/receiptChain.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { type Money, money } from '../money/money.ts'
import { type DisputeCause, type DisputeFact, type DisputeOutcome, toDisputeFact } from '../payins/dispute/facts.ts'
import { move } from '../payins/settlement/legs.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { Claim, Fact, Leg } from '../ports/books.ts'
import type { EntryId, RefundId } from '../ports/ids.ts'
import type { Destination } from '../ports/sender.ts'
import { chainHead } from '../refunds/chainHead.ts'
import { disputeRefund } from '../refunds/disputeRefund.ts'
import { takenBack } from '../refunds/takenBack.ts'
import { type Along, type Dispute, disputeStatus, stepKey } from './dispute.ts'
import type { DisputeContext } from './disputeContext.ts'
import { evolve } from './evolve.ts'

/** Who makes the refund of a dispute that no person has decided, so that no payee shows its link. */
const GATEWAY = 'gateway'

/** `to`: where it goes when it is lost; by itself when absent. */
export type Decision = Readonly<{
  outcome: DisputeOutcome
  cause: DisputeCause
  to?: Destination | 'link' | undefined
  by: string
  along: Along
}>

type Ending = Readonly<{
  entry: Readonly<{ id: EntryId; legs: readonly Leg[] }>
  claims: readonly Claim[]
  facts: readonly Fact[]
  refund?: RefundId
}>

/**
 * Ends a dispute, once, in one commit with its money: won gives the reserve back to whom it was taken from, lost makes a refund of it. Throws
 * `dispute_not_due`, `not_refundable` while the payment has not come, `request_in_progress`, `insufficient_liquidity`, and what `to` is refused with.
 */
export async function decide({ refunds, records }: DisputeContext, dispute: Dispute, o: Decision): Promise<Dispute> {
  const { books, clock, assetOf, findPayment } = refunds
  const { id, data } = dispute
  checkDue(dispute, o, clock.now())
  const outcome = await untilSaid(async () => {
    const payment = await findPayment(data.receipt)
    invariant(payment, `the payment of ${id} has its receipt`)
    checkCame(payment, o.outcome)
    const ending = o.outcome === 'won' ? await wonEnding(refunds, dispute, payment) : await lostEnding(refunds, dispute, { payment, o })
    const { entry, refund } = ending
    const fact: DisputeFact = {
      type: 'dispute.decided',
      id,
      at: clock.now(),
      data: { request: data.request, outcome: o.outcome, cause: o.cause, by: o.by, entry: entry.id, ...(refund && { refund }) },
    }
    const along = o.along(evolve(dispute, fact, assetOf))
    const outcome = await submitUntilKnown(books, {
      claims: [{ key: stepKey(dispute), fingerprint: entry.id }, ...along.claims, ...ending.claims],
      facts: [toDisputeFact(fact), ...ending.facts, ...along.facts],
      entry: { id: entry.id, payment: data.receipt, legs: entry.legs },
    })
    return unlessSpokenOver(outcome)
  })
  if (outcome.kind === 'conflict') throw taken(dispute, records.get(id)!)
  if (outcome.kind === 'declined')
    throw new GatewayError('insufficient_liquidity', `There is no liquidity to convert what ${id} holds for its payer now`)
  return records.get(id)!
}

function taken(dispute: Dispute, now: Dispute): GatewayError {
  if (stepKey(now) !== stepKey(dispute) || now.end)
    return new GatewayError('dispute_not_due', `Something else was done with ${now.id} at the same time; it is ${disputeStatus(now)}`)
  return new GatewayError('request_in_progress', 'Another refund or dispute of this payment was made at the same time')
}

/** Nobody loses unheard: it is lost once each payee whose money it holds has shown something, their time is over, or they give it up. */
function checkDue(dispute: Dispute, { outcome, cause }: Decision, now: number): void {
  const { id, end, data, expired } = dispute
  if (end) throw new GatewayError('dispute_not_due', `${id} is ${disputeStatus(dispute)} already`)
  const isHeard = cause === 'accepted' || expired || now >= data.dueAt || areHeard(dispute)
  if (outcome === 'lost' && !isHeard)
    throw new GatewayError('dispute_not_due', `The payees of ${id} may show evidence until ${new Date(data.dueAt).toISOString()}`)
}

function areHeard({ evidence, sources }: Dispute): boolean {
  const heard = new Set<string>(evidence.map(({ by }) => accounts.party(by)))
  return evidence.length > 0 && sources.every(({ from }) => !from.startsWith('party:') || heard.has(from))
}

/**
 * What a chain has taken back goes to no payer. Where its booking was undone, out of what its payees have besides, the reserve is theirs. Where it could not
 * be, somebody has to say whose it is: `won` leaves the loss with the operator, and a refund that is `lost` waits for the money, and is the operator's when
 * it does not come.
 */
function checkCame(payment: KnownPayment, outcome: DisputeOutcome): void {
  const { receipt, status } = payment
  const { state } = status
  const gone = takenBack(payment)
  if (gone === 'declined' || (gone && outcome === 'won')) return
  if (state === 'held' || state === 'failed')
    throw new GatewayError('not_refundable', `The payment of ${receipt.id} is ${state}: what has not come cannot go back`)
}

async function wonEnding(refunds: DisputeContext['refunds'], dispute: Dispute, payment: KnownPayment): Promise<Ending> {
  const { amount, sources, data, id } = dispute
  const back = sources.map((source) => move(accounts.dispute(id), source.from, source.amount))
  const entry: EntryId = refunds.ids.entry()
  const state = takenBack(payment) ? 'held' : 'settled'
  const news = { state, reason: 'dispute_won', entry, amount: moneyText(amount) } as const
  return {
    entry: { id: entry, legs: [...back, move(accounts.refundable(data.receipt), accounts.refunds, amount)] },
    ...nextWord(await chainHead(refunds, payment), refunds.clock.now(), news),
  }
}

type Losing = Readonly<{ payment: KnownPayment; o: Decision }>

async function lostEnding(refunds: DisputeContext['refunds'], dispute: Dispute, { payment, o }: Losing): Promise<Ending> {
  const { id, data, amount } = dispute
  const lost = await disputeRefund(refunds, payment, {
    dispute: id,
    data,
    amount,
    reserve: { from: accounts.dispute(id), amount: reserveOf(dispute) },
    to: o.to,
    by: o.cause === 'decided' ? o.by : GATEWAY,
  })
  return { entry: lost.entry, claims: lost.claims, facts: lost.facts, refund: lost.id }
}

/** What a dispute holds, in the asset that its payees were given. */
export function reserveOf({ id, sources, amount }: Pick<Dispute, 'id' | 'sources' | 'amount'>): Money {
  const [first] = sources
  if (!first) return money(amount.asset, 0n)
  const { asset } = first.amount
  invariant(
    sources.every((source) => source.amount.asset.id === asset.id),
    `${id} holds one asset`,
  )
  return money(
    asset,
    sources.reduce((sum, source) => sum + source.amount.units, 0n),
  )
}
