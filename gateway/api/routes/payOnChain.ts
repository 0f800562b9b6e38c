import { GatewayError } from '../../errors/gatewayError.ts'
import { notCollected } from '../../payins/claim/notCollected.ts'
import type { Intent } from '../../payins/intent/intent.ts'
import type { Ground } from '../../ports/ground.ts'
import type { Hex } from '../../ports/ids.ts'
import { type EvmRailName, isChosen } from '../../ports/railName.ts'
import { authorizationNonce } from '../../split/authorizationNonce.ts'
import type { Faces } from '../http/faces.ts'

const COLLECT_DEADLINE_MS = 30_000

/** An EIP-3009 ReceiveWithAuthorization as a payer hands it over: decimal units and seconds. */
type SignedPayment = Readonly<{ from: string; value: string; valid_after: string; valid_before: string; signature: string }>

/** An intent ends at its time, also while its expiry is not written yet. */
export function requireOpen({ clock }: Pick<Ground, 'clock'>, intent: Intent): void {
  const status = intent.status === 'open' && clock.now() > intent.expiresAt ? 'expired' : intent.status
  if (status !== 'open') throw new GatewayError('intent_closed', `The intent is ${status} already; nothing was taken`)
}

/** Relays ReceiveWithAuthorization to the hub. The chain's own report settles the intent; a closed intent takes no money. */
export async function payOnChain(
  { ground, payins }: Pick<Faces, 'ground' | 'payins'>,
  intent: Intent,
  { choice, signed: a }: Readonly<{ choice: 'evm' | EvmRailName; signed: SignedPayment }>,
) {
  const [offer, second] = intent.offers.filter((o) => isChosen(o.rail, choice))
  if (offer?.wire.kind !== 'evm') throw new GatewayError('no_rail', `The intent has no offer on ${choice}`)
  if (second)
    throw new GatewayError('invalid_request', `The intent has offers on ${offer.rail} and ${second.rail}`, {
      hint: 'Name in `rail` the chain that the authorization was signed for.',
    })
  requireOpen(ground, intent)
  if (BigInt(a.value) !== offer.amount.units)
    throw new GatewayError('proof_wrong_amount', `The authorization is over ${a.value} units, the offer over ${offer.amount.units}`)
  const { chainId, token, hub, splitId, ref } = offer.wire
  const collector = payins.chains.find((c) => c.rail === offer.rail)
  if (!collector) throw new GatewayError('rail_unavailable', `${offer.rail} is not configured any more`)
  const authorization = {
    kind: 'receive' as const,
    chainId,
    token,
    from: a.from as Hex,
    to: hub,
    splitId,
    ref,
    value: BigInt(a.value),
    validAfter: BigInt(a.valid_after),
    validBefore: BigInt(a.valid_before),
    nonce: authorizationNonce(splitId, ref),
    signature: a.signature as Hex,
  }
  const outcome = await collector.collect(`${intent.id}:${a.from.toLowerCase()}`, authorization, {
    signal: AbortSignal.timeout(COLLECT_DEADLINE_MS),
  })
  if (outcome.kind === 'failed') throw notCollected(outcome.reason)
  if (outcome.kind === 'unknown' && outcome.refusal) throw notCollected(outcome.refusal)
  return {
    id: intent.id,
    object: 'payment_intent',
    outcome: outcome.kind,
    ...(outcome.kind === 'settled' ? { transaction: outcome.evidence.id } : {}),
  }
}
