import { submitUntilKnown } from '../ledger/process/submit.ts'
import type { Money } from '../money/money.ts'
import { shortOfBalance } from '../payouts/payout/createPayout.ts'
import { holdEntry } from '../payouts/payoutState/entries.ts'
import type { PartyId } from '../ports/ids.ts'
import type { Approval, ApprovalId, Hand, Needed, Order } from './approval.ts'
import { handData, toApprovalFact } from './facts.ts'
import type { Along, WordParts } from './giveWord.ts'

/** What is asked for; `order` with its `amount` is a payout, whose money is held where `keep` (units) stays besides. */
export type Wish = Readonly<{
  hand: Hand
  what: string
  fingerprint: string
  request: string
  why: string
  needs: readonly Needed[]
  party: PartyId | undefined
  amount: Money | undefined
  order?: Order
  keep?: bigint
  /** Of the key that asks no more wait at once: it is a program's. */
  ofKeyMax?: number
}>

/** Writes down what waits, with the hold of its money. Refuses with `insufficient_balance`, and with what its payout would be refused with. */
export async function askFor(c: WordParts & Readonly<{ waitMs: number }>, wish: Wish, along: Along): Promise<void> {
  const { hand, what, fingerprint, request, why, needs, party, amount } = wish
  const [id, at]: [ApprovalId, number] = [c.ids.next('ap_'), c.clock.now()]
  const held = heldOf(wish)
  if (held) c.payouts.check({ ...held, createdBy: hand.by })
  const entry = held && holdEntry(c, id, held)
  const approval: Approval = {
    id,
    status: 'needs_approval',
    what,
    fingerprint,
    request,
    why,
    needs,
    given: [],
    asked: hand,
    refused: undefined,
    party,
    amount,
    hold: entry?.id,
    order: wish.order,
    at,
    expiresAt: at + c.waitMs,
  }
  const { claims, facts } = along(approval)
  const outcome = await submitUntilKnown(c.books, { claims, facts: [askedFact(approval), ...facts], ...(entry ? { entry } : {}) })
  if (outcome.kind === 'declined' && held) throw shortOfBalance(c, held, outcome.status)
}

function heldOf({ order, amount, keep }: Wish) {
  if (!order || !amount) return undefined
  const { source, destinations, reference, feeMax } = order
  return { source, amount, destinations, reference, feeMax: BigInt(feeMax), keep }
}

function askedFact({ id, at, asked, what, fingerprint, request, why, needs, expiresAt, party, amount, hold, order }: Approval) {
  const data = {
    ...handData(asked),
    what,
    fingerprint,
    request,
    why,
    needs,
    expiresAt,
    ...(party ? { party } : {}),
    ...(amount ? { asset: amount.asset.id, units: amount.units.toString() } : {}),
    ...(hold ? { hold } : {}),
    ...(order ? { order } : {}),
  }
  return toApprovalFact({ type: 'approval.asked', id, at, data })
}
