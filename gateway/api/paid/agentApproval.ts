import { GatewayError } from '../../errors/gatewayError.ts'
import { compare, type Money, showMoney } from '../../money/money.ts'
import type { Counted } from '../../payins/claim/claimEntry.ts'
import { handOf } from '../http/approving.ts'
import type { Spender } from '../http/authenticate.ts'
import type { PaidFaces } from './paidFaces.ts'

/** What one agent has asked for and nobody has answered. */
const ASKED_MAX = 10
const SHOWN_MAX = 500

/** One payment: `request` is what is bought, `claimKey` what makes a repeat the same payment, `fingerprint` what it is for. */
type Buying = Readonly<{
  caller: ReturnType<Spender>
  agent: string
  price: Money
  payee: string
  request: string
  claimKey: string
  fingerprint: string
}>

/**
 * Above what its policy says a person of the party agrees to the payment of an agent: the first request asks, and the same request again, under the same
 * Idempotency-Key, is that payment once somebody has agreed. Undefined for what it may pay alone. Refuses with `approval_needed`, which names the approval, and
 * with `approval_ended`.
 */
export async function agreedTo(
  faces: Pick<PaidFaces, 'approvals' | 'ground' | 'ledger' | 'parties'>,
  buying: Buying,
): Promise<Counted | undefined> {
  const { approvals, ground, ledger, parties } = faces
  const { caller, price, claimKey, fingerprint } = buying
  const { party, policy } = parties.agents.get(buying.agent)
  if (policy.approvalAbove === undefined || compare(price, policy.approvalAbove) <= 0) return undefined
  if (!approvals)
    throw new GatewayError('agent_limit', 'Nobody can agree to the payment of an agent here', { meta: { agent: buying.agent } })
  const name = `approval:of:${claimKey}`
  // Of two at once one asks: both wait for the same word.
  if (ledger.books.claim(name) === undefined) await ask(approvals, buying, { name, above: policy.approvalAbove, party })
  const id = ledger.books.claim(name)?.fingerprint
  const approval = id === undefined ? undefined : approvals.find(id)
  if (!approval) throw new GatewayError('approval_ended', 'What was asked for under this Idempotency-Key is over')
  const hand = handOf(caller)
  if (approval.status !== 'needs_approval' || approval.expiresAt <= ground.clock.now())
    return approvals.take(approval.id, { hand, fingerprint, amount: price })
  throw new GatewayError('approval_needed', `A person of ${party} has to agree that ${buying.agent} pays ${showMoney(price)}`, {
    meta: { approval: approval.id, agent: buying.agent },
    hint: `Nothing was taken. When a person has agreed (POST /v1/approvals/${approval.id}/approve), send the same request again under the same Idempotency-Key.`,
  })
}

type Asking = Readonly<{ name: string; above: Money; party: `pa_${string}` }>

async function ask(approvals: NonNullable<PaidFaces['approvals']>, buying: Buying, { name, above, party }: Asking): Promise<void> {
  const { caller, agent, price, payee, request, fingerprint } = buying
  const wish = {
    hand: handOf(caller),
    what: 'agent payment',
    fingerprint,
    request: JSON.stringify({ agent, request: request.slice(0, SHOWN_MAX), payee }),
    why: `${agent} may pay ${showMoney(above)} for a request without a person`,
    needs: ['party'] as const,
    party,
    amount: price,
    ofKeyMax: ASKED_MAX,
  }
  await approvals.ask(wish, (asked) => ({ claims: [{ key: name, fingerprint: asked.id }], facts: [] }))
}
