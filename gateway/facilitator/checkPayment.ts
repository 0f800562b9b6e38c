import { isGatewayError } from '../errors/gatewayError.ts'
import { floorDivCount, min } from '../money/integers.ts'
import { authorizationDigest } from '../payins/proof/authorizationDigest.ts'
import { checkWindow, LIFE_S_MAX, signatureRefusal } from '../payins/proof/checkTransfer.ts'
import { unwrapped } from '../payins/proof/unwrapped.ts'
import { evmClaimKey } from '../payins/proof/verifiedProof.ts'
import type { Hex } from '../ports/ids.ts'
import type { Authorization, CodeWord } from '../ports/receiver.ts'
import type { FacilitatorChain } from './chain.ts'
import type { Payment } from './readPayment.ts'
import type { Reason, Refusal } from './reasons.ts'

/** Clocks of payers may differ: x402's clients begin an authorization so long before they sign it. */
const CLOCKS_S = 600n

/**
 * A payment that says what the seller asks, signed by whom it names. `fingerprint` names all that was signed, whatever the bytes of the signature. `lifeS`: how
 * far ahead it may end.
 */
export type Signed = Readonly<{
  chain: FacilitatorChain
  authorization: Authorization
  claimKey: string
  fingerprint: string
  lifeS: bigint
}>

/** What questions to chains are asked with: `place` answers how to say that it was answered, and throws `too_busy`. */
type CodeAsker = Readonly<{ place: () => Promise<() => void> }>

/** A chain by its CAIP-2 name. */
export function networkOf(chainId: number): string {
  return `eip155:${chainId}`
}

/**
 * Whether the payment is what its seller asks, on a chain and in a token that are served here, and by the payer that it names. No times are looked at. Throws
 * `too_busy` where the code of the payer's account would have to be asked and others are asked.
 */
export async function checkPayment(chains: readonly FacilitatorChain[], payment: Payment, asker: CodeAsker): Promise<Signed | Refusal> {
  const { transfer } = unwrapped(payment.transfer)
  const payer = transfer.from
  const chain = chainOf(chains, payment)
  if ('message' in chain) return { payer, ...chain }
  const refusal = tokenRefusal(chain, payment) ?? sumRefusal(chain, payment)
  if (refusal) return { payer, ...refusal }
  const { chainId, token } = chain.place
  const digest = authorizationDigest(chain.place, 'transfer', transfer)
  const fingerprint: Hex = `0x${Buffer.from(digest).toString('hex')}`
  const wrong = signatureRefusal(digest, transfer)
  if (wrong && (await askCode(chain, asker, { payer, digest: fingerprint, signature: transfer.signature })) !== 'yes') {
    return { payer, ...refuse('invalid_exact_evm_signature', wrong.shortMessage) }
  }
  const authorization: Authorization = { kind: 'transfer', chainId, token: lower(token), ...transfer }
  const lifeS = min(LIFE_S_MAX, BigInt(payment.required.maxTimeoutSeconds) + CLOCKS_S)
  return { chain, authorization, fingerprint, claimKey: `errand:${evmClaimKey(authorization)}`, lifeS }
}

async function askCode(
  chain: FacilitatorChain,
  { place }: CodeAsker,
  { payer, digest, signature }: Readonly<{ payer: Hex; digest: Hex; signature: Hex }>,
): Promise<CodeWord> {
  const answered = await place()
  try {
    return await chain.askCode(payer, digest, signature)
  } finally {
    answered()
  }
}

/** The authorization's own time, which must leave room to send it, and end soon: until then it holds its seller's fee and a place. `now` in ms. */
export function windowRefusal({ authorization, lifeS }: Signed, now: number): Refusal | undefined {
  try {
    checkWindow(authorization, now)
    if (authorization.validBefore <= BigInt(floorDivCount(now, 1_000)) + lifeS) return undefined
    const message = `the authorization ends at ${authorization.validBefore}, more than ${lifeS} seconds from now`
    return { payer: authorization.from, ...refuse('invalid_exact_evm_payload_authorization_valid_before', message) }
  } catch (error) {
    if (!isGatewayError(error)) throw error
    const end = error.code === 'proof_expires_soon' ? 'before' : 'after'
    return { payer: authorization.from, ...refuse(`invalid_exact_evm_payload_authorization_valid_${end}`, error.shortMessage) }
  }
}

function chainOf(chains: readonly FacilitatorChain[], { accepted, required }: Payment): FacilitatorChain | Refusal {
  if (required.scheme !== 'exact' || accepted.scheme !== 'exact')
    return refuse('invalid_exact_evm_scheme', 'only the scheme exact is settled here')
  if (accepted.network !== required.network)
    return refuse('invalid_exact_evm_network_mismatch', 'the payment is for another network than the one asked for')
  const chain = chains.find(({ place }) => networkOf(place.chainId) === required.network)
  return chain ?? refuse('invalid_network', 'this network is not served here; GET /x402/supported says which are')
}

function tokenRefusal({ place }: FacilitatorChain, { required: { asset, extra } }: Payment): Refusal | undefined {
  const { chainId, token, tokenName, tokenVersion } = place
  if (asset !== lower(token))
    return refuse('invalid_exact_evm_eip3009_not_supported', `the token served on ${networkOf(chainId)} is ${token}, not ${asset}`)
  if (extra?.name === undefined || extra.version === undefined)
    return refuse('invalid_exact_evm_missing_eip712_domain', 'extra.name and extra.version have to name the EIP-712 domain of the token')
  if (extra.name !== tokenName) return refuse('invalid_exact_evm_token_name_mismatch', `the token signs as "${tokenName}"`)
  return extra.version === tokenVersion
    ? undefined
    : refuse('invalid_exact_evm_token_version_mismatch', `the token signs as version "${tokenVersion}"`)
}

function sumRefusal(chain: Pick<FacilitatorChain, 'owns'>, { accepted, required, transfer }: Payment): Refusal | undefined {
  if (accepted.asset !== required.asset) return refuse('invalid_payload', 'the payment accepts another asset than the one asked for')
  if (transfer.to !== required.payTo || accepted.payTo !== required.payTo)
    return refuse('invalid_exact_evm_recipient_mismatch', `the authorization pays ${transfer.to}, the seller asks for ${required.payTo}`)
  const own = chain.owns?.({ kind: 'evm_address', address: transfer.to })
  if (own !== undefined)
    return refuse('invalid_exact_evm_recipient_mismatch', `${transfer.to} is ${own}; a facilitator settles to the seller's own account`)
  if (transfer.value !== required.amount || accepted.amount !== required.amount)
    return refuse(
      'invalid_exact_evm_payload_authorization_value_mismatch',
      `the authorization is for ${transfer.value}, the seller asks for ${required.amount}`,
    )
  return transfer.value === 0n ? refuse('invalid_exact_evm_authorization_value', 'the authorization is for nothing') : undefined
}

function refuse(reason: Reason, message: string): Refusal {
  return { reason, message }
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex // Lower-casing keeps the 0x.
}
