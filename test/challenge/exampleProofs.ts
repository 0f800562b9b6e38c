import { privateKeyToAccount } from 'viem/accounts'
import { toBase64Json, toBase64Url } from '../../gateway/payins/challenge/base64Json.ts'
import { buildChallenge, type ChallengeInput } from '../../gateway/payins/challenge/buildChallenge.ts'
import { evmOffers } from '../../gateway/payins/challenge/challengeOffer.ts'
import type { ProofHeaders } from '../../gateway/payins/proof/readProof.ts'
import { challengeNonce } from '../../gateway/payins/proof/verifyTransfer.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { EXAMPLE_PREIMAGE } from './exampleChallenge.ts'

/** A key for examples; it owns nothing anywhere. */
export const EXAMPLE_ACCOUNT = privateKeyToAccount(`0x${'42'.repeat(32)}`)

const TYPES = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const

/** What a payer may get wrong, in the message that is signed. */
export type TransferChanges = Readonly<{
  chainId?: number
  token?: Hex
  name?: string
  to?: Hex
  value?: bigint
  validAfter?: bigint
  validBefore?: bigint
  nonce?: Hex
}>

type Params = Readonly<Record<string, string>>

/** The parameters of each `WWW-Authenticate` value, by `method` or `l402`. */
export function authenticateParams(input: ChallengeInput): Record<string, Params> {
  const found: Record<string, Params> = {}
  for (const [name, value] of buildChallenge(input).headers) {
    if (name !== 'www-authenticate') continue
    const params = Object.fromEntries([...value.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]))
    found[params.method ?? 'l402'] = params
  }
  return found
}

/** The JSON of a valid EIP-3009 message of the example account, with the signature over exactly these fields. */
export async function signTransfer(input: ChallengeInput, changes: TransferChanges = {}): Promise<Record<string, string>> {
  const offer = evmOffers(input.offers)[0]!
  const message = {
    from: EXAMPLE_ACCOUNT.address,
    to: changes.to ?? offer.wire.payTo,
    value: changes.value ?? offer.amount.units,
    validAfter: changes.validAfter ?? 0n,
    validBefore: changes.validBefore ?? BigInt(input.expiresAt / 1000),
    nonce: changes.nonce ?? (`0x${'0e'.repeat(32)}` as const),
  }
  const { tokenName, tokenVersion: version } = offer.wire
  const chainId = changes.chainId ?? offer.wire.chainId
  const domain = { name: changes.name ?? tokenName, version, chainId, verifyingContract: changes.token ?? offer.wire.token }
  const signature = await EXAMPLE_ACCOUNT.signTypedData({ domain, types: TYPES, primaryType: 'TransferWithAuthorization', message })
  const text = { value: message.value.toString(), validAfter: message.validAfter.toString(), validBefore: message.validBefore.toString() }
  return { ...message, ...text, signature }
}

/** An x402 payment as @x402/evm makes it. */
export async function x402Payment(input: ChallengeInput, changes: TransferChanges = {}) {
  const { signature, ...authorization } = await signTransfer(input, changes)
  const header = buildChallenge(input).headers.find(([name]) => name === 'payment-required')![1]
  const { resource, accepts } = JSON.parse(Buffer.from(header, 'base64').toString('utf8'))
  return { x402Version: 2, resource, accepted: accepts[0], payload: { signature, authorization } }
}

export function x402Headers(payment: unknown): ProofHeaders {
  return { 'payment-signature': toBase64Json(payment) }
}

/** A Payment credential for the evm charge, as mppx makes it. */
export async function evmCredential(input: ChallengeInput, changes: TransferChanges = {}) {
  const challenge = authenticateParams(input).evm!
  const nonce = challengeNonce({ id: challenge.id!, realm: challenge.realm! })
  const payload: Record<string, string> = { type: 'authorization', ...(await signTransfer(input, { nonce, ...changes })) }
  const chainId = evmOffers(input.offers)[0]!.wire.chainId
  return { challenge, payload, source: `did:pkh:eip155:${chainId}:${EXAMPLE_ACCOUNT.address}` }
}

/** A Payment credential for the lightning charge, as Alby's client makes it. */
export function lightningCredential(input: ChallengeInput, preimage = EXAMPLE_PREIMAGE) {
  return { challenge: authenticateParams(input).lightning!, payload: { preimage } }
}

export function credentialHeaders(credential: unknown): ProofHeaders {
  return { authorization: `Payment ${toBase64Url(JSON.stringify(credential))}` }
}

export function l402Headers(input: ChallengeInput, preimage = EXAMPLE_PREIMAGE): ProofHeaders {
  return { authorization: `L402 ${authenticateParams(input).l402!.macaroon}:${preimage}` }
}
