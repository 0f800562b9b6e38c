import { GatewayError } from '../errors/gatewayError.ts'
import { unreachable } from '../errors/invariant.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { lightningClaimKey } from '../payins/proof/verifiedProof.ts'
import { toSettlementFact } from '../payins/settlement/facts.ts'
import { move } from '../payins/settlement/legs.ts'
import type { Unmatched } from '../payins/settlement/unmatched.ts'
import type { Ruling } from '../payouts/payoutState/payout.ts'
import type { Claim, Fact, Leg } from '../ports/books.ts'
import type { EntryId, IntentId } from '../ports/ids.ts'
import type { RailName } from '../ports/railName.ts'
import type { Action, Deed } from './action.ts'
import type { SuspenseContext } from './context.ts'
import { toSuspenseFact } from './facts.ts'

/** Whose what is written off is from then on: the operator's, under a name of its own. */
const WRITTEN_OFF = accounts.capital('written_off')
const SUSPENSE = 'suspense:'

type Along = Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
type Means = Readonly<{ legs: readonly Leg[]; facts: readonly Fact[]; claims: readonly Claim[] }>

/**
 * Books what was asked for, in one submission with `along`: the entry, what it leaves of the item, and that it is done. Each taking of an item claims its turn,
 * so two hands never take the same; the first of a Lightning payment also uses up its proof, so that no request can claim what was given away. An intent gets
 * what came where that cannot be converted. Refuses with `suspense_changed`, `intent_closed` or `insufficient_balance`.
 */
export async function bookAction(
  c: SuspenseContext,
  action: Action,
  o: { by: string; asked: readonly Fact[]; along: Along },
): Promise<void> {
  for (const inKind of [false, true]) {
    const entry = c.ids.entry()
    const means = meaning(c, action, { entry, inKind, by: o.by })
    const moves = means.legs.length > 0
    const data = { by: o.by, ...(moves ? { entry } : {}) }
    const done = toSuspenseFact({ type: 'suspense.booked', id: action.id, at: c.clock.now(), data })
    const outcome = await submitUntilKnown(c.books, {
      claims: [{ key: endOf(action), fingerprint: 'booked' }, ...means.claims, ...o.along.claims],
      facts: [...o.asked, ...means.facts, done, ...o.along.facts],
      ...(moves ? { entry: { id: entry, payment: action.id, legs: means.legs } } : {}),
    })
    if (outcome.kind === 'applied' || outcome.kind === 'replayed') {
      if (action.deed.what === 'end_attempt') c.payouts.byHand.goOn(action.deed.payout)
      return
    }
    if (outcome.kind === 'conflict') {
      if (outcome.with.key.startsWith('intent:')) throw new GatewayError('intent_closed', 'The intent was closed meanwhile; nothing moved')
      if (outcome.with.key.startsWith('evidence:'))
        throw new GatewayError('suspense_changed', `What shows it has ended ${outcome.with.fingerprint} already; nothing was done`)
      throw new GatewayError('suspense_changed', `Something of ${itemOf(action.deed) ?? action.id} was taken meanwhile`)
    }
    if (action.deed.what !== 'assign' || inKind)
      throw new GatewayError('insufficient_balance', `The books have not so much there (${outcome.status}); nothing moved`)
  }
}

/** How something ends that was asked for: once. */
export function endOf({ id }: Pick<Action, 'id'>): string {
  return `suspense:${id}:ended`
}

function itemOf(deed: Deed): string | undefined {
  return 'item' in deed ? deed.item : undefined
}

function meaning(c: SuspenseContext, action: Action, o: { entry: EntryId; inKind: boolean; by: string }): Means {
  const { deed, amount } = action
  if (deed.what === 'end_attempt')
    return { ...c.payouts.byHand.ruling(deed.payout, deed.attempt, rulingOf(c, action, deed.outcome, o.by)), legs: [] }
  if (deed.what === 'adjust') return adjustment(c, action, deed)
  const item = c.settlements.waiting(deed.item)
  if (!item || item.amount.units < amount.units) throw new GatewayError('suspense_changed', `${deed.item} has not so much left`)
  const from = accounts.suspense(item.rail)
  const taken = takenOf(c, action, item)
  switch (deed.what) {
    case 'assign': {
      if (deed.to.startsWith('pa_')) return { ...taken, legs: [move(from, accounts.party(deed.to), amount)] }
      const { entry, inKind } = o
      const given = c.givenToIntent({ intent: c.intents.get(deed.to), item, amount, id: action.id, entry, inKind })
      if (!given) throw notOffered(deed.to, item)
      return { legs: given.legs, facts: [...taken.facts, ...(given.facts ?? [])], claims: [...taken.claims, ...(given.claims ?? [])] }
    }
    case 'refund':
      return { ...taken, legs: [move(from, accounts.surplus(action.id), amount)] }
    case 'write_off':
      return { ...taken, legs: [move(from, WRITTEN_OFF, amount)] }
    default:
      return unreachable(deed)
  }
}

/** What was asked for as the payout is told of it; `by` has agreed, where that is another. */
function rulingOf(c: Pick<SuspenseContext, 'clock'>, action: Action, outcome: Ruling['outcome'], by: string): Ruling {
  const { reason, evidence } = action.grounds
  const approved = by === action.by ? {} : { approvedBy: by }
  const shown = evidence.text === undefined ? {} : { evidence: evidence.text }
  return { outcome, action: action.id, by: action.by, ...approved, reason, ...shown, at: c.clock.now() }
}

function takenOf(c: SuspenseContext, { id, amount }: Action, item: Unmatched): Omit<Means, 'legs'> {
  const turn = item.turn ?? 0
  const data = { item: item.id, units: amount.units.toString() }
  const claims: Claim[] = [{ key: `suspense:${item.id}:${turn}`, fingerprint: id }]
  if (item.rail === 'lightning' && item.reference && turn === 0) claims.push({ key: lightningClaimKey(item.reference), fingerprint: id })
  return { facts: [toSettlementFact({ type: 'suspense.taken', id, at: c.clock.now(), data })], claims }
}

function notOffered(intent: IntentId | string, { rail, amount }: Unmatched): GatewayError {
  return new GatewayError('invalid_request', `${intent} was never offered over ${rail} in ${amount.asset.code}`, {
    hint: 'Assign it to the party, or refund it.',
  })
}

/** What is credited to suspense waits there from now on, under the id of the adjustment. */
function adjustment(c: SuspenseContext, { id, amount, grounds }: Action, { debit, credit }: Deed & { what: 'adjust' }): Means {
  const legs = [move(debit, credit, amount)]
  if (!credit.startsWith(SUSPENSE)) return { legs, facts: [], claims: [] }
  // The route has found the account, and the name of a rail is what stands behind the colon.
  const rail = credit.slice(SUSPENSE.length) as RailName
  const data = { rail, asset: amount.asset.id, units: amount.units.toString(), note: `found by hand: ${grounds.reason}` }
  return { legs, facts: [toSettlementFact({ type: 'suspense.put', id, at: c.clock.now(), data })], claims: [] }
}
