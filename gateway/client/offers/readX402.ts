import { fromBase64Json, toBase64Json } from './bytes.ts'
import type { PermitOffer, ProofHeader, ReadOffers, Refusal, SignedAuthorization, TokenOffer } from './offer.ts'
import { acceptsEntry, domainIn, exactV1, requiredV1, requiredV2, transferV2 } from './shapes.ts'

/** The networks that x402 v1 knows by name, and that hold a dollar token with EIP-3009. */
const CHAIN_OF_V1: Readonly<Record<string, number>> = {
  ethereum: 1,
  polygon: 137,
  base: 8_453,
  avalanche: 43_114,
  'base-sepolia': 84_532,
  'avalanche-fuji': 43_113,
  'polygon-amoy': 80_002,
  sepolia: 11_155_111,
}

const SIGNATURE = 'payment-signature'

/** Reads x402: version 2 from its header, or version 1 from the body. */
export function readX402(header: string | null, body: unknown): ReadOffers {
  if (header !== null) {
    const parsed = requiredV2.safeParse(fromBase64Json(header))
    if (parsed.success) return each(parsed.data.accepts, (entry, name) => readV2(entry, name, parsed.data.resource))
    const detail = 'PAYMENT-REQUIRED is not base64 of an x402 version 2 challenge'
    return { offers: [], unread: [{ offer: 'x402', reason: 'malformed', detail }] }
  }
  const parsed = requiredV1.safeParse(body)
  return parsed.success ? each(parsed.data.accepts, readV1) : { offers: [], unread: [] }
}

type Read = TokenOffer | PermitOffer | Omit<Refusal, 'offer'>

function each(accepts: readonly unknown[], read: (entry: unknown, name: string) => Read): ReadOffers {
  const offers: (TokenOffer | PermitOffer)[] = []
  const unread: Refusal[] = []
  for (const entry of accepts) {
    const known = acceptsEntry.safeParse(entry)
    const name = known.success ? `x402 ${known.data.scheme.slice(0, 40)} on ${known.data.network.slice(0, 60)}` : 'x402'
    const found = read(entry, name)
    if ('reason' in found) unread.push({ offer: name, reason: found.reason, detail: found.detail })
    else offers.push(found)
  }
  return { offers, unread }
}

function readV2(echo: unknown, name: string, resource: unknown): Read {
  const parsed = transferV2.safeParse(echo)
  if (!parsed.success) return unreadable(echo)
  const entry = parsed.data
  const chain = /^eip155:([1-9][0-9]{0,14})$/.exec(entry.network)
  if (!chain) return otherNetwork(entry.network)
  const header = (payload: object): ProofHeader => [SIGNATURE, toBase64Json({ x402Version: 2, resource, accepted: echo, payload })]
  const chainId = Number.parseInt(chain[1]!, 10)
  const isMost = entry.scheme === 'upto'
  const method = entry.extra?.assetTransferMethod
  if (isMost || method === 'permit2') {
    const { asset: token, payTo, amount, maxTimeoutSeconds: validS, extra } = entry
    const facilitator = isMost ? extra?.facilitatorAddress : undefined
    if (isMost && (!facilitator || (method ?? 'permit2') !== 'permit2')) return unreadable(echo)
    const common = { kind: 'permit' as const, header: SIGNATURE, chainId, token, payTo, units: BigInt(amount), validS, prove: header }
    return { ...common, name: isMost ? name : `${name} by Permit2`, ...(facilitator && { facilitator }) }
  }
  const prove = (signed: SignedAuthorization) => header(payloadOf(signed))
  return transfer({ ...entry, units: entry.amount, chainId, name, header: SIGNATURE, prove })
}

function readV1(echo: unknown, name: string): Read {
  const parsed = exactV1.safeParse(echo)
  if (!parsed.success) return unreadable(echo)
  const { network, ...entry } = parsed.data
  const chainId = CHAIN_OF_V1[network]
  if (chainId === undefined) return otherNetwork(network)
  const prove = (signed: SignedAuthorization): ProofHeader => [
    'x-payment',
    toBase64Json({ x402Version: 1, scheme: 'exact', network, payload: payloadOf(signed) }),
  ]
  return transfer({ ...entry, units: entry.maxAmountRequired, chainId, name, header: 'x-payment', prove })
}

type Entry = Readonly<{ units: string; maxTimeoutSeconds: number; asset: TokenOffer['token'] }> &
  Readonly<{ extra?: Readonly<{ assetTransferMethod?: string | undefined; verifyingContract?: string | undefined }> | undefined }> &
  Pick<TokenOffer, 'name' | 'header' | 'chainId' | 'payTo' | 'prove'>

function transfer(entry: Entry): Read {
  const { name, header, chainId, payTo, prove, extra, asset } = entry
  const method = extra?.assetTransferMethod ?? 'eip3009'
  if (method !== 'eip3009')
    return { reason: 'unknown_scheme', detail: `a transfer by ${method.slice(0, 40)} is not known here, eip3009 and permit2 are` }
  // Some entries want a signature for a contract that holds a deposit; for the token it would be good for nothing.
  if (extra?.verifyingContract !== undefined && extra.verifyingContract.toLowerCase() !== asset.toLowerCase()) {
    return { reason: 'unknown_scheme', detail: 'it is paid out of a deposit in a contract, which is not known here' }
  }
  const domain = domainIn(extra)
  const common = { kind: 'token' as const, name, header, chainId, token: asset, payTo, units: BigInt(entry.units), prove }
  return { ...common, validS: entry.maxTimeoutSeconds, ...(domain && { domain }) }
}

function payloadOf({ authorization, signature }: SignedAuthorization): object {
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  return {
    signature,
    authorization: { from, to, value: `${value}`, validAfter: `${validAfter}`, validBefore: `${validBefore}`, nonce },
  }
}

function otherNetwork(network: string): Read {
  return { reason: 'wrong_network', detail: `no wallet here pays on ${network.slice(0, 60)}` }
}

function unreadable(echo: unknown): Read {
  const entry = acceptsEntry.safeParse(echo)
  if (entry.success && entry.data.scheme !== 'exact' && entry.data.scheme !== 'upto') {
    return { reason: 'unknown_scheme', detail: `the scheme ${entry.data.scheme.slice(0, 40)} is not known here, exact and upto are` }
  }
  return { reason: 'malformed', detail: 'the entry of accepts lacks a field or has a wrong one' }
}
