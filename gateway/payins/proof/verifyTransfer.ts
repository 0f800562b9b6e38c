import { keccak_256 } from '@noble/hashes/sha3.js'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Money } from '../../money/money.ts'
import type { Hex } from '../../ports/ids.ts'
import { evmRail } from '../../ports/railName.ts'
import type { SignedBy } from '../../ports/receiver.ts'
import { fromBase64UrlJson } from '../challenge/base64Json.ts'
import { type EvmOffer, evmOffers, signedBy } from '../challenge/challengeOffer.ts'
import { readBinding } from '../challenge/mppChallenge.ts'
import { resourceUrl } from '../challenge/paymentRequired.ts'
import { readQuote } from '../challenge/x402Quote.ts'
import { checkPermit } from './checkPermit.ts'
import { checkAmount, checkTransfer, type Unproved } from './checkTransfer.ts'
import type { Permit, Proof, SignedTransfer } from './proof.ts'
import { unwrapped } from './unwrapped.ts'
import { type CheckedProof, type CodeQuestion, type Expected, evmClaimKey, permitClaimKey, type SingleUseProof } from './verifiedProof.ts'
import { checkChallenge, checkRoute } from './verifyChallenge.ts'
import { evmRequest } from './wire.ts'

/**
 * Checks an x402 payment. What it echoes of its offer holds us to it while that lives: the quote in it is an HMAC over the request, the amount and the
 * price. A payment without one, or with one that has expired, must pay the offers of this moment.
 */
export function checkX402(proof: Extract<Proof, { scheme: 'x402' }>, expected: Expected): CheckedProof {
  const { permit } = proof
  const { transfer, isWrapped } = unwrapped(proof.transfer)
  const by = signedAs(permit)
  const { offer, price, resourceUrl: named, checkQuote } = offerOfX402(proof, by, expected)
  const { wire, amount } = offer
  const terms = { payTo: wire.payTo, amount: amount.units }
  const unproved = permit
    ? checkPermit(transfer, permit, { terms: { ...terms, ...permitTerms(wire, by) }, now: expected.now })
    : checkTransfer(transfer, { ...terms, kind: 'transfer', domain: wire }, expected.now)
  checkQuote()
  const payment = permit ? permitted(offer, { permit, transfer, price }) : verified('x402', offer, transfer, price)
  return { proof: { ...payment, paymentId: proof.paymentId, resourceUrl: named }, question: questionOf(payment, unproved, isWrapped) }
}

type Echoing = Pick<Extract<Proof, { scheme: 'x402' }>, 'url' | 'accepted'>

/**
 * The offer that an x402 payment echoes, and the price that it pays. `checkQuote` refuses an altered quote; it is called once the rest was checked, so that
 * what is wrong with a signature is said first.
 */
export function offerOfX402({ url, accepted }: Echoing, by: SignedBy, expected: Expected) {
  const named = resourceUrl(expected.resourceUrl)
  if (url !== undefined && url !== named) {
    throw new GatewayError('challenge_wrong_route', 'the payment echoes the resource of another request')
  }
  const now = findOffer(expected, { by, chainId: accepted.chainId, token: accepted.asset, payTo: accepted.payTo })
  const echoed = { ...now, amount: { asset: now.amount.asset, units: accepted.amount } }
  const quote =
    accepted.quote === undefined ? undefined : readQuote(accepted.quote, echoed, { by, route: expected.route, keys: expected.keys })
  const holds = quote !== undefined && expected.now < quote.expiresS * 1000
  const offer = holds ? echoed : now
  checkAmount(accepted.amount, offer.amount.units)
  const checkQuote = (): void => {
    if (accepted.quote !== undefined && !quote)
      throw new GatewayError('challenge_altered', 'the quote of the offer was made for another request, or altered')
  }
  return { offer, price: holds ? quote.price : expected.price, resourceUrl: named, checkQuote }
}

function questionOf({ rail }: OnChain, unproved: Unproved | undefined, isWrapped: boolean): CodeQuestion | undefined {
  return unproved && { ...unproved, rail, isWrapped }
}

function signedAs(permit: Permit | undefined): SignedBy {
  if (!permit) return 'eip3009'
  return permit.facilitator === undefined ? 'permit2' : 'upto'
}

function permitTerms({ chainId, token, facilitator }: EvmOffer['wire'], by: SignedBy) {
  return { chainId, token, facilitator: by === 'upto' ? facilitator : undefined }
}

/** Checks an evm charge against its own challenge, which is a promise of ours until it expires. */
export function checkMppEvm(proof: Extract<Proof, { scheme: 'mpp-evm' }>, expected: Expected): CheckedProof {
  const { challenge, source } = proof
  const { transfer, isWrapped } = unwrapped(proof.transfer)
  checkChallenge(challenge, expected, 0)
  const request = evmRequest.parse(fromBase64UrlJson(challenge.request))
  const binding = readBinding(request.externalId)
  invariant(binding, 'a challenge of ours carries its binding')
  checkRoute(binding.route, expected)
  const { chainId } = request.methodDetails
  const offer = findOffer(expected, { by: 'eip3009', chainId, token: request.currency, payTo: request.recipient })
  if (transfer.nonce !== challengeNonce(challenge)) {
    throw new GatewayError('proof_wrong_nonce', 'the nonce of the authorization is not the hash of this challenge')
  }
  if (source !== undefined && source.toLowerCase() !== `did:pkh:eip155:${chainId}:${transfer.from}`) {
    throw new GatewayError('proof_bad_signature', 'the source of the credential is not the account that authorises')
  }
  const terms = { kind: 'transfer', domain: offer.wire, payTo: request.recipient, amount: request.amount } as const
  const unproved = checkTransfer(transfer, terms, expected.now)
  const payment = verified('mpp-evm', { ...offer, amount: { asset: offer.amount.asset, units: request.amount } }, transfer, binding.price)
  return { proof: payment, question: questionOf(payment, unproved, isWrapped) }
}

/** The nonce that ties an authorization to its challenge: keccak256 of id followed by realm (draft evm charge; mppx). */
export function challengeNonce(challenge: { id: string; realm: string }): Hex {
  return `0x${Buffer.from(keccak_256(Buffer.from(challenge.id + challenge.realm))).toString('hex')}`
}

function findOffer(expected: Expected, wanted: { by: SignedBy; chainId: number; token: Hex; payTo: Hex }): EvmOffer {
  const offers = evmOffers(expected.offers)
  const onChain = offers.filter((offer) => offer.wire.chainId === wanted.chainId)
  if (onChain.length === 0) throw new GatewayError('proof_wrong_chain', `nothing is offered on chain ${wanted.chainId}`)
  const ofToken = onChain.filter((offer) => offer.wire.token.toLowerCase() === wanted.token)
  if (ofToken.length === 0) throw new GatewayError('proof_wrong_token', `the token ${wanted.token} is not offered`)
  const toPayee = ofToken.find((offer) => offer.wire.payTo.toLowerCase() === wanted.payTo)
  if (!toPayee) throw new GatewayError('proof_wrong_payee', `the payee ${wanted.payTo} is not the one offered`)
  if (!signedBy(toPayee).includes(wanted.by)) {
    throw new GatewayError('proof_unsupported', `the offer is signed by ${signedBy(toPayee).join(' or ')}, and not by ${wanted.by}`)
  }
  return toPayee
}

type OnChain = Extract<SingleUseProof, { kind: 'authorization' }>

function verified(scheme: OnChain['scheme'], offer: EvmOffer, transfer: SignedTransfer, price: Money): OnChain {
  const { chainId, splitId } = offer.wire
  // viem and the token write addresses in any case; ours are in lower case from here on.
  const token = offer.wire.token.toLowerCase() as Hex
  const authorization = { kind: 'transfer' as const, chainId, token, ...transfer, splitId }
  const claimKey = evmClaimKey(authorization)
  const rail = evmRail(chainId)
  return { kind: 'authorization', rail, scheme, claimKey, amount: offer.amount, price, payer: transfer.from, authorization }
}

function permitted(offer: EvmOffer, o: Readonly<{ permit: Permit; transfer: SignedTransfer; price: Money }>): OnChain {
  const { transfer, price } = o
  const { chainId, splitId } = offer.wire
  const { token, facilitator } = o.permit
  const terms = { chainId, token, ...transfer, splitId }
  const authorization =
    facilitator === undefined ? { kind: 'permit2' as const, ...terms } : { kind: 'upto' as const, ...terms, facilitator }
  const claimKey = permitClaimKey(authorization)
  const rail = evmRail(chainId)
  return { kind: 'authorization', rail, scheme: 'x402', claimKey, amount: offer.amount, price, payer: transfer.from, authorization }
}
