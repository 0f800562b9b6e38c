import { GatewayError } from '../../errors/gatewayError.ts'
import { prefixesOf } from '../../guard/admission/prefixes.ts'
import { notCollected } from '../../payins/claim/notCollected.ts'
import type { Intent } from '../../payins/intent/intent.ts'
import { checkHandedOver } from '../../payins/proof/checkHandedOver.ts'
import type { SignedTransfer } from '../../payins/proof/proof.ts'
import { unwrapped } from '../../payins/proof/unwrapped.ts'
import type { Ground } from '../../ports/ground.ts'
import type { Hex } from '../../ports/ids.ts'
import { type EvmRailName, isChosen } from '../../ports/railName.ts'
import { authorizationNonce } from '../../split/authorizationNonce.ts'
import { askCode } from '../http/askCode.ts'
import type { Faces } from '../http/faces.ts'

const COLLECT_DEADLINE_MS = 30_000
/** What a request weighs at the door that makes us recover a key and ask a chain. */
export const ASKS_A_CHAIN = 5

/** An EIP-3009 ReceiveWithAuthorization as a payer hands it over: decimal units and seconds. */
type SignedPayment = Readonly<{ from: string; value: string; valid_after: string; valid_before: string; signature: string }>

/** An intent ends at its time, also while its expiry is not written yet. */
export function requireOpen({ clock }: Pick<Ground, 'clock'>, intent: Intent): void {
  const status = intent.status === 'open' && clock.now() > intent.expiresAt ? 'expired' : intent.status
  if (status !== 'open') throw new GatewayError('intent_closed', `The intent is ${status} already; nothing was taken`)
}

/**
 * Relays ReceiveWithAuthorization to the hub, for whoever brings it: nothing of it is kept before its signature was verified and a simulation took it.
 * The chain's own report settles the intent; a closed intent takes no money.
 */
export async function payOnChain(
  faces: Pick<Faces, 'ground' | 'guard' | 'payins'>,
  intent: Intent,
  { choice, signed, ip }: Readonly<{ choice: 'evm' | EvmRailName; signed: SignedPayment; ip: string }>,
) {
  const { ground, payins } = faces
  const [offer, second] = intent.offers.filter((o) => isChosen(o.rail, choice))
  if (offer?.wire.kind !== 'evm') throw new GatewayError('no_rail', `The intent has no offer on ${choice}`)
  if (second)
    throw new GatewayError('invalid_request', `The intent has offers on ${offer.rail} and ${second.rail}`, {
      hint: 'Name in `rail` the chain that the authorization was signed for.',
    })
  requireOpen(ground, intent)
  const collector = payins.chains.find((c) => c.rail === offer.rail)
  if (!collector) throw new GatewayError('rail_unavailable', `${offer.rail} is not configured any more`)
  const { chainId, token, hub, splitId, ref } = offer.wire
  const said = transferOf(signed, { to: hub.toLowerCase() as Hex, nonce: authorizationNonce(splitId, ref) }) // lower-casing keeps the 0x.
  const { transfer, isWrapped } = unwrapped(said)
  const terms = { kind: 'receive' as const, domain: offer.wire, payTo: hub, amount: offer.amount.units }
  const proof = await checkHandedOver(transfer, terms, {
    now: ground.clock.now(),
    isWrapped,
    ask: (question) => askCode(faces, question, { rail: offer.rail, asker: prefixesOf(ip).wide }),
  })
  const authorization = { kind: 'receive' as const, chainId, token, splitId, ref, ...transfer }
  const signal = AbortSignal.timeout(COLLECT_DEADLINE_MS)
  const outcome = await collector.collectIfGood(`${intent.id}:${proof}`, authorization, { signal })
  if (outcome.kind === 'failed') throw notCollected(outcome.reason)
  if (outcome.kind === 'unknown' && outcome.refusal) throw notCollected(outcome.refusal)
  return {
    id: intent.id,
    object: 'payment_intent',
    outcome: outcome.kind,
    ...(outcome.kind === 'settled' ? { transaction: outcome.evidence.id } : {}),
  }
}

/** Matched by the patterns of the schema. */
function transferOf(a: SignedPayment, { to, nonce }: Readonly<{ to: Hex; nonce: Hex }>): SignedTransfer {
  return {
    from: a.from.toLowerCase() as Hex,
    to,
    value: BigInt(a.value),
    validAfter: BigInt(a.valid_after),
    validBefore: BigInt(a.valid_before),
    nonce,
    signature: a.signature.toLowerCase() as Hex,
  }
}
