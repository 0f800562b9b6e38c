import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { submitUntilKnown, submitWhenRoom } from '../ledger/process/submit.ts'
import type { Money } from '../money/money.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { Books, Claim, Fact, Leg } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import { saidMetadata } from '../ports/metadata.ts'
import { type Approval, type Hand, isOpen, isSameHand, type Needed, type Order, wanting } from './approval.ts'
import { handData, toApprovalFact } from './facts.ts'

/** What becomes durable in the same submission, such as the answer that is kept for a repeat. */
export type Along = (approval: Approval) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
/** A word is given `as` a person of the party or as an operator. */
export type Word = Readonly<{ hand: Hand; as: Needed; along: Along }>

export type WordParts = Readonly<{ books: Books; clock: Clock; ids: IdSource; payouts: Pick<Payouts, 'create' | 'check'> }>

/** Each step of one approval claims its turn, so that of two at once one is taken. */
export function stepOf({ ids }: Pick<WordParts, 'ids'>, { id, given }: Approval): Claim {
  return { key: `approval:${id}:step:${given.length + 1}`, fingerprint: ids.next('st_') }
}

/** Another person agrees. The last word does what has an order, in the same commit. */
export async function approve(c: WordParts, approval: Approval, { hand, as, along }: Word): Promise<void> {
  requireWaiting(approval, c.clock.now())
  requireOther(approval, hand, as)
  const at = c.clock.now()
  const given = toApprovalFact({ type: 'approval.given', id: approval.id, at, data: { ...handData(hand), as } })
  const isLast = wanting(approval).length === 1
  const { by, person, key } = hand
  const now: Approval = { ...approval, given: [...approval.given, { by, person, key, as, at }] }
  const { order, amount } = approval
  if (isLast && order && amount) return pay(c, { ...now, status: 'done' }, { order, amount, given, step: stepOf(c, approval), along })
  const { claims, facts } = along(isLast ? { ...now, status: 'approved' } : now)
  const outcome = await submitUntilKnown(c.books, { claims: [...claims, stepOf(c, approval)], facts: [given, ...facts] })
  if (outcome.kind === 'conflict') throw ended(approval)
}

/** Another person, or who asked, says no: what was held is free again. */
export async function refuse(c: WordParts, approval: Approval, { hand, as, along }: Word): Promise<void> {
  requireWaiting(approval, c.clock.now())
  if (!isSameHand(approval.asked, hand)) requireOther(approval, hand, as)
  const { claims, facts } = along({ ...approval, status: 'refused', refused: hand })
  const refused = toApprovalFact({ type: 'approval.refused', id: approval.id, at: c.clock.now(), data: handData(hand) })
  await letGo(c, approval, { facts: [refused, ...facts], claims })
}

/** Its end without a payout: what was held is free in the same commit. */
export async function letGo(
  c: WordParts,
  approval: Approval,
  { facts, claims }: Readonly<{ facts: readonly Fact[]; claims: readonly Claim[] }>,
): Promise<void> {
  const legs = holdsOf(approval)
  const entry = legs.length > 0 ? { entry: { id: c.ids.entry(), payment: approval.id, legs } } : {}
  const outcome = await submitWhenRoom(c.books, { claims: [...claims, stepOf(c, approval)], facts, ...entry })
  if (outcome.kind === 'conflict') throw ended(approval)
  invariant(outcome.kind !== 'declined', `what ${approval.id} holds can be let go`)
}

function holdsOf({ hold: entry, amount, order }: Approval): Leg[] {
  if (!entry || !amount || !order) return []
  const legs: Leg[] = [{ kind: 'void', pending: { entry, leg: 0 }, asset: amount.asset }]
  if (order.feeMax !== '0') legs.push({ kind: 'void', pending: { entry, leg: 1 }, asset: amount.asset })
  return legs
}

type Paying = Readonly<{ order: Order; amount: Money; given: Fact; step: Claim; along: Along }>

/** The last word and the payout are one commit, and the hold becomes the payout's: there is no moment at which the money is free. */
async function pay(c: WordParts, approval: Approval, { order, amount, given, step, along }: Paying): Promise<void> {
  const { payout, source, destinations, reference, metadata, feeMax } = order
  invariant(approval.hold, `${approval.id} holds what it pays`)
  const used = toApprovalFact({ type: 'approval.used', id: approval.id, at: c.clock.now(), data: {} })
  const { claims, facts } = along(approval)
  const about = { reference, ...saidMetadata(metadata), createdBy: approval.asked.by }
  const paid = { id: payout, source, amount, destinations, ...about, feeMax: BigInt(feeMax) }
  try {
    await c.payouts.create({
      ...paid,
      held: approval.hold,
      along: () => ({ claims: [...claims, step], facts: [given, used, ...facts] }),
    })
  } catch (error) {
    if (isGatewayError(error, 'idempotency_key_reused')) throw ended(approval)
    throw error
  }
}

function requireWaiting(approval: Approval, now: number): void {
  if (approval.status !== 'needs_approval' || approval.expiresAt <= now) throw ended(approval)
}

/** It is over, or another was quicker. */
export function ended({ id, status, expiresAt }: Approval): GatewayError {
  const until = new Date(expiresAt).toISOString()
  return new GatewayError(
    'approval_ended',
    isOpen({ status }) ? `${id} was answered by another, is being done, or waited until ${until}` : `${id} is ${status}`,
  )
}

/** Refuses with `forbidden` whose word is not asked for, and who has asked. */
function requireOther(approval: Approval, hand: Hand, as: Needed): void {
  if (hand.person === undefined)
    throw new GatewayError('forbidden', 'This key is no person’s, so nobody agrees with it', {
      hint: 'Use the key of an approver: POST /v1/keys with person and role.',
    })
  if (isSameHand(approval.asked, hand) || approval.given.some((one) => isSameHand(one, hand)))
    throw new GatewayError('forbidden', `${hand.person} has asked for it or agreed to it, so another person must agree`, {
      hint: 'Use the key of another person in the role approver or admin: GET /v1/approvals/:id says whose word it waits for.',
    })
  if (!wanting(approval).includes(as))
    throw new GatewayError('forbidden', `${approval.id} waits for ${wanting(approval).map(nameOf).join(' and ')}`, {
      hint: 'Use the key of such a person, in the role approver or admin.',
    })
}

function nameOf(needed: Needed): string {
  return needed === 'party' ? 'a person of the party' : 'an operator'
}
