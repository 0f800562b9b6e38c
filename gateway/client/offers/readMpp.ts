import { keccak_256 } from '@noble/hashes/sha3.js'
import type { AuthChallenge } from './authChallenges.ts'
import { toHex } from './bytes.ts'
import { mppTermsIn } from './mppTerms.ts'
import type { Offer, ProofHeader, ReadOffers, Refusal, SignedAuthorization } from './offer.ts'
import { mppCredential } from './proveInvoice.ts'
import { evmCharge, lightningCharge } from './shapes.ts'

/** What a credential echoes of its challenge (draft-httpauth-payment); mppx's `header` says where it goes and is echoed too. */
const ECHOED = ['id', 'realm', 'method', 'intent', 'request', 'expires', 'digest', 'opaque', 'description', 'header']
/** Where a credential may go: a server must not choose any header of the request. */
const HEADERS = ['authorization', 'payment-authorization']

type Read = Offer | Omit<Refusal, 'offer'>

/** Reads the challenges of the Payment scheme: charges on an EVM chain by an authorization, and over Lightning. */
export function readMpp(challenges: readonly AuthChallenge[], now: number): ReadOffers {
  const offers: Offer[] = []
  const unread: Refusal[] = []
  for (const challenge of challenges) {
    const { scheme, params } = challenge
    if (scheme !== 'payment') continue
    const name = `mpp ${params.get('method') ?? '?'}/${params.get('intent') ?? '?'}`.slice(0, 80)
    const found = readOne(challenge, name, now)
    if ('reason' in found) unread.push({ offer: name, reason: found.reason, detail: found.detail })
    else offers.push(found)
  }
  return { offers, unread }
}

function readOne(said: AuthChallenge, name: string, now: number): Read {
  const { params } = said
  const terms = mppTermsIn(said)
  if (!terms) return { reason: 'malformed', detail: 'the challenge lacks one of id, realm, method, intent and request, or says one twice' }
  const { id, realm, method, intent, expires, body } = terms
  if (intent !== 'charge' || (method !== 'evm' && method !== 'lightning')) {
    return { reason: 'unknown_scheme', detail: `${method}/${intent} is not known here, evm/charge and lightning/charge are`.slice(0, 200) }
  }
  const expiresAt = expires === undefined ? undefined : Date.parse(expires)
  if (Number.isNaN(expiresAt)) return { reason: 'malformed', detail: 'the challenge expires at no time that can be read' }
  if (expiresAt !== undefined && expiresAt <= now) return { reason: 'expired', detail: `the challenge expired at ${expires}` }
  const header = (params.get('header') ?? 'authorization').toLowerCase()
  if (!HEADERS.includes(header)) return { reason: 'unknown_scheme', detail: 'its credential goes into a header that is not known here' }
  const challenge = Object.fromEntries(ECHOED.flatMap((key) => (params.has(key) ? [[key, params.get(key)!]] : [])))
  const asked = { name, header, challenge, body, expiresAt }
  return method === 'evm' ? evm(asked, `${id}${realm}`) : lightning(asked)
}

type Asked = Readonly<{
  name: string
  header: string
  challenge: Readonly<Record<string, string>>
  body: unknown
  expiresAt: number | undefined
}>

/** The nonce binds the authorization to its challenge: keccak256 of id and realm (draft-payment-evm, authorization). */
function evm(asked: Asked, bound: string): Read {
  const parsed = evmCharge.safeParse(asked.body)
  if (!parsed.success) return { reason: 'malformed', detail: 'the request of the evm charge lacks a field or has a wrong one' }
  const { amount, currency, recipient, methodDetails } = parsed.data
  const { chainId, credentialTypes, splits } = methodDetails
  if (!credentialTypes?.includes('authorization') || (splits?.length ?? 0) > 0) {
    return { reason: 'unknown_scheme', detail: 'the charge cannot be paid by an authorization (EIP-3009), which is all that is known here' }
  }
  const prove = ({ authorization: a, signature }: SignedAuthorization): ProofHeader => {
    const times = { validAfter: `${a.validAfter}`, validBefore: `${a.validBefore}` }
    const payload = { type: 'authorization', from: a.from, to: a.to, value: `${a.value}`, ...times, nonce: a.nonce, signature }
    return mppCredential(asked, payload)
  }
  const nonce = toHex(keccak_256(new TextEncoder().encode(bound)))
  const { name, header, expiresAt } = asked
  const common = { kind: 'token' as const, name: `${name} on eip155:${chainId}`, header, chainId, token: currency, payTo: recipient }
  return { ...common, units: BigInt(amount), nonce, prove, ...(expiresAt !== undefined && { expiresAt }) }
}

function lightning(asked: Asked): Read {
  const parsed = lightningCharge.safeParse(asked.body)
  if (!parsed.success) return { reason: 'malformed', detail: 'the request of the lightning charge has no invoice' }
  const { name, header, challenge } = asked
  return { kind: 'invoice', name, header, invoice: parsed.data.methodDetails.invoice, proof: { protocol: 'mpp', header, challenge } }
}
