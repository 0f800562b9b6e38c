import { privateKeyToAccount } from 'viem/accounts'
import { challengeNonce } from '../../gateway/payins/proof/verifyTransfer.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Yard } from './yard.ts'

const FIELDS = ['address from', 'address to', 'uint256 value', 'uint256 validAfter', 'uint256 validBefore', 'bytes32 nonce']
const TYPES = { TransferWithAuthorization: FIELDS.map((f) => ({ type: f.split(' ')[0]!, name: f.split(' ')[1]! })) }

type Accepted = { scheme: string; network: string; asset: Hex; payTo: Hex; amount: string }
/** What the 402 of the demo route says, per wire format. `l402` and the charges are the parameters of their `WWW-Authenticate`; the first chain's. */
export type Challenge = {
  x402: { resource: { url: string }; accepts: Accepted[] }
  evm: Record<string, string>
  lightning: Record<string, string>
  l402: Record<string, string>
}

/** The same challenge as if it had offered this chain alone to x402. */
export function onlyChain(challenge: Challenge, chainId: number): Challenge {
  const accepts = challenge.x402.accepts.filter((a) => a.network === `eip155:${chainId}`)
  return { ...challenge, x402: { ...challenge.x402, accepts } }
}

/** Asks the route for a fresh challenge. */
export async function challengeOf(url: string): Promise<Challenge> {
  const response = await fetch(url)
  await response.arrayBuffer()
  const found: Record<string, Record<string, string>> = {}
  for (const value of response.headers.get('www-authenticate')!.split(/, (?=Payment |L402 )/)) {
    const params = Object.fromEntries([...value.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]))
    found[params.method ?? 'l402'] ??= params
  }
  const x402 = JSON.parse(Buffer.from(response.headers.get('payment-required')!, 'base64').toString())
  return { x402, evm: found.evm!, lightning: found.lightning!, l402: found.l402! }
}

/** What a payer may get wrong in the message that it signs. */
export type Changes = { chainId?: number; token?: Hex; to?: Hex; value?: bigint; validAfter?: bigint; validBefore?: bigint; nonce?: Hex }

/** An EIP-3009 message of a customer of this world over the challenge's amount, signed as it stands. */
export async function signTransfer(yard: Yard, o: { challenge: Challenge; customer: number; changes?: Changes }) {
  const [accepted] = o.challenge.x402.accepts
  const chain = yard.world.chains.find(({ chainId }) => accepted!.network === `eip155:${chainId}`)!
  const account = privateKeyToAccount(chain.customers[o.customer]!.privateKey)
  const message = {
    from: account.address,
    to: accepted!.payTo,
    value: BigInt(accepted!.amount),
    validAfter: 0n,
    validBefore: BigInt(Math.floor(Date.now() / 1000) + 280), // not money: a time
    nonce: `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')}` as Hex,
    ...o.changes,
  }
  const domain = {
    name: chain.tokenName,
    version: chain.tokenVersion,
    chainId: o.changes?.chainId ?? chain.chainId,
    verifyingContract: o.changes?.token ?? chain.token,
  }
  const signature = await account.signTypedData({ domain, types: TYPES, primaryType: 'TransferWithAuthorization', message })
  const { from, to, nonce } = message
  const texts = { value: `${message.value}`, validAfter: `${message.validAfter}`, validBefore: `${message.validBefore}` }
  return { authorization: { from, to, nonce, ...texts }, signature }
}

type Signed = Awaited<ReturnType<typeof signTransfer>>

/** The header of an x402 v2 payment; it names no resource, so that it can be tried on any request of the route. */
export function x402Header(challenge: Challenge, signed: Signed, accepted: Partial<Accepted> = {}): Record<string, string> {
  const payment = { x402Version: 2, accepted: { ...challenge.x402.accepts[0]!, ...accepted }, payload: signed }
  return { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') }
}

/** A customer's whole, right x402 payment of this challenge. */
export async function x402Payment(yard: Yard, challenge: Challenge, customer: number): Promise<Record<string, string>> {
  return x402Header(challenge, await signTransfer(yard, { challenge, customer }))
}

/** The nonce that an evm charge asks for. */
export function chargeNonce(challenge: Challenge): Hex {
  return challengeNonce({ id: challenge.evm.id!, realm: challenge.evm.realm! })
}

/** The header of a Payment credential for the evm charge. */
export function credentialHeader(challenge: Record<string, string>, payload: unknown): Record<string, string> {
  return { authorization: `Payment ${Buffer.from(JSON.stringify({ challenge, payload })).toString('base64url')}` }
}

/** The payload of the evm charge. */
export function chargePayload(signed: Signed) {
  return { type: 'authorization', ...signed.authorization, signature: signed.signature }
}
