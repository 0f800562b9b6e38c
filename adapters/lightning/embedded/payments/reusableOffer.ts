import {
  type ChannelManager,
  Offer,
  Option_u64Z,
  Result_OfferBolt12ParseErrorZ_OK,
  Result_OfferBolt12SemanticErrorZ_OK,
  Result_OfferWithDerivedMetadataBuilderBolt12SemanticErrorZ_OK,
} from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { ReusableOffer } from '../../../../gateway/ports/reusableOffers.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'

/**
 * The offer under this name, made when it is first asked for. It names no amount and has no description: the bindings' builder takes both without an
 * error and drops them. Nothing else is stored, because LDK proves its own offers by an HMAC in them.
 */
export function reusableOffer({ manager, store }: { manager: ChannelManager; store: NodeStore }, name: string, at: number): ReusableOffer {
  const known = store.statement('SELECT offer, offer_id FROM offers WHERE name = ?').get(name)
  if (typeof known?.offer === 'string' && typeof known.offer_id === 'string') return { offer: known.offer, reference: known.offer_id }
  const builder = manager.create_offer_builder(Option_u64Z.constructor_none())
  invariant(builder instanceof Result_OfferWithDerivedMetadataBuilderBolt12SemanticErrorZ_OK, 'a node with a peer can make an offer')
  const made = builder.res.build()
  invariant(made instanceof Result_OfferBolt12SemanticErrorZ_OK, 'LDK makes an offer without an amount')
  const [offer, reference] = [made.res.to_str(), offerReference(made.res.id().get_a())]
  store.write('INSERT INTO offers (name, offer, offer_id, at) VALUES (?, ?, ?, ?)', name, offer, reference, BigInt(at))
  return { offer, reference }
}

/** How settlements name an offer; no payment hash looks like it. */
export function offerReference(offerId: Uint8Array): string {
  return `offer:${Buffer.from(offerId).toString('hex')}`
}

export function parseOffer(text: string): Offer | undefined {
  const parsed = Offer.constructor_from_str(text)
  return parsed instanceof Result_OfferBolt12ParseErrorZ_OK ? parsed.res : undefined
}
