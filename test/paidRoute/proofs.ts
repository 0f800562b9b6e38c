import { privateKeyToAccount } from 'viem/accounts'
import { challengeNonce } from '../../gateway/payins/proof/verifyTransfer.ts'
import type { Hex } from '../../gateway/ports/ids.ts'

const FIELDS = ['address from', 'address to', 'uint256 value', 'uint256 validAfter', 'uint256 validBefore', 'bytes32 nonce']
const TYPES = { TransferWithAuthorization: FIELDS.map((f) => ({ type: f.split(' ')[0]!, name: f.split(' ')[1]! })) }
/** Who pays here; it owns nothing anywhere. */
const PAYER = privateKeyToAccount(`0x${'42'.repeat(32)}`)
const LIFE_S = 280

type Params = Record<string, string>
export type Accepted = {
  scheme: string
  network: string
  asset: Hex
  payTo: Hex
  amount: string
  extra: { name: string; version: string; quote: string; assetTransferMethod?: string; facilitatorAddress?: Hex }
}
/** What a 402 says, per wire format: the parameters of its `WWW-Authenticate` values, and the JSON of x402. `invoice` as `pay` of the world takes it. */
export type Challenge = Readonly<{
  x402: { resource: { url: string }; accepts: Accepted[] }
  evm: Params
  lightning: Params
  macaroon: string
  invoice: string
}>

/** Reads a 402 of the world of paid routes. */
export function askedOf({ headers }: Readonly<{ headers: Readonly<Record<string, unknown>> }>): Challenge {
  const found: Record<string, Params> = {}
  for (const value of [headers['www-authenticate']].flat()) {
    const params = Object.fromEntries([...String(value).matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]))
    found[params.method ?? 'l402'] = params
  }
  const x402 = JSON.parse(Buffer.from(String(headers['payment-required']), 'base64').toString())
  const { macaroon, invoice } = found.l402!
  return { x402, evm: found.evm!, lightning: found.lightning!, macaroon: macaroon!, invoice: invoice!.slice('lnbcrt'.length) }
}

/** What a payer may get wrong in the message that it signs. */
export type Changes = Readonly<{
  chainId?: number
  token?: Hex
  name?: string
  version?: string
  from?: Hex
  to?: Hex
  value?: bigint
  validAfter?: bigint
  validBefore?: bigint
  nonce?: Hex
  /** The nonce is that of the evm charge. */
  charge?: boolean
}>

/** An EIP-3009 message over the challenge's amount, with its signature, as its fields are sent. */
export async function signed({ x402: { accepts }, evm }: Challenge, changes: Changes = {}) {
  const [accepted] = accepts
  const { chainId = Number.parseInt(accepted!.network.slice('eip155:'.length), 10), token: verifyingContract = accepted!.asset } = changes
  const { name, version } = { ...accepted!.extra, ...changes }
  const { charge, from = PAYER.address, to = accepted!.payTo, value = BigInt(accepted!.amount), validAfter = 0n } = changes
  const { validBefore = BigInt(Math.floor(Date.now() / 1000) + LIFE_S) } = changes // not money: a time
  const random: Hex = `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')}`
  const { nonce = charge ? challengeNonce({ id: evm.id!, realm: evm.realm! }) : random } = changes
  const message = { from, to, value, validAfter, validBefore, nonce }
  const domain = { name, version, chainId, verifyingContract }
  const signature = await PAYER.signTypedData({ domain, types: TYPES, primaryType: 'TransferWithAuthorization', message })
  return { from, to, nonce, value: `${value}`, validAfter: `${validAfter}`, validBefore: `${validBefore}`, signature }
}

/** A payment by x402 that names no resource; `accepted` is echoed with these changes. */
export async function x402(challenge: Challenge, { accepted, ...changes }: Changes & { accepted?: object } = {}) {
  const { signature, ...authorization } = await signed(challenge, changes)
  return x402Header({
    x402Version: 2,
    accepted: { ...challenge.x402.accepts[0]!, ...accepted },
    payload: { signature, authorization },
  })
}

export function x402Header(payment: unknown): Record<string, string> {
  return { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') }
}

/** A credential of the Payment scheme. */
export function credential(challenge: Params, payload: unknown, more: object = {}): Record<string, string> {
  return { authorization: `Payment ${Buffer.from(JSON.stringify({ challenge, payload, ...more })).toString('base64url')}` }
}
