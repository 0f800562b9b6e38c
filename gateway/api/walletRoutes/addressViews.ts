import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { writeBitcoinUri } from '../../wallets/bitcoinUri/writeBitcoinUri.ts'
import { showLightningAddress } from '../../wallets/lnurl/lightningAddress.ts'
import { encodeLnurl } from '../../wallets/lnurl/lnurlText.ts'
import type { Address } from '../../wallets/wallet/address.ts'
import type { Keysend } from '../../wallets/wallet/keysends.ts'
import type { PartyInvoice } from '../../wallets/wallet/partyInvoice.ts'
import type { StandingOffer } from '../../wallets/wallet/standingOffers.ts'
import { moneyView } from '../http/views.ts'

/** A Lightning Address as its owner sees it; `base` is how wallets reach this gateway. */
export function addressView(address: Address, { base, standing }: { base: URL; standing: StandingOffer | undefined }) {
  const { name, party, description, minMsat, maxMsat, commentMax, payerData, success, metadata = {}, createdAt } = address
  return {
    object: 'lightning_address',
    name,
    address: showLightningAddress({ name, host: base.host }),
    party,
    description,
    lnurl: encodeLnurl(new URL(`/.well-known/lnurlp/${encodeURIComponent(name)}`, base)),
    min: moneyView(money(BTC, minMsat)),
    max: moneyView(money(BTC, maxMsat)),
    comment_max: commentMax,
    ...offerView(standing),
    payer_data: payerData,
    success: success ?? null,
    metadata,
    created_at: new Date(createdAt).toISOString(),
  }
}

/** A payment to an address by one of its invoices. */
export function paymentView({ paymentHash, purpose, paid }: PartyInvoice & { paid: NonNullable<PartyInvoice['paid']> }) {
  return {
    payment_hash: paymentHash,
    to: purpose.of,
    amount: moneyView(paid.amount),
    at: new Date(paid.at).toISOString(),
    comment: purpose.comment ?? null,
    payer_data: purpose.payerData ?? null,
    podcast: null,
  }
}

/** A keysend has no invoice to say anything; a podcast app's record does. */
export function keysendView({ paymentHash, to, amount, at, podcast }: Keysend) {
  const paid = { payment_hash: paymentHash, to, amount: moneyView(amount), at: new Date(at).toISOString() }
  return { ...paid, comment: null, payer_data: null, podcast }
}

/** The offer and its URI; both null as long as nobody has asked for one. */
export function offerView(standing: StandingOffer | undefined) {
  return { offer: standing?.offer ?? null, uri: standing ? writeBitcoinUri({ offer: standing.offer }) : null }
}
