import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { type Hex, hashTypedData, hexToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { PreparedRequest } from './preparedRequest.ts'

/** What we use of the package, which brings no types: signing by libsecp256k1, because thousands are signed before the clock starts. */
type Signer = { ecdsaSign(digest: Uint8Array, key: Uint8Array): { signature: Uint8Array; recid: number } }
const secp256k1: Signer = createRequire(import.meta.url)('secp256k1')

type Accepted = Readonly<{
  scheme: string
  network: string
  amount: string
  asset: Hex
  payTo: Hex
  maxTimeoutSeconds: number
  extra: Readonly<{ name: string; version: string }>
}>
type PaymentRequired = Readonly<{ x402Version: number; resource: unknown; accepts: readonly Accepted[]; extensions?: unknown }>

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

/** The private key of the payers of a run: `payer` counts from 0. Worth nothing anywhere. */
export function payerKey(payer: number): Hex {
  return `0x${(payer + 1).toString(16).padStart(64, '0')}`
}

/**
 * Asks the route for its price once and signs `count` payments of it (x402 v2, exact, EIP-3009), each with its own nonce, in turn by `payers`
 * payers. Any x402 server will do: everything is taken from its 402.
 */
export async function signX402(base: string, path: string, options: { count: number; payers: number }): Promise<PreparedRequest[]> {
  const { offer, accepted } = await askPrice(base, path)
  const keys = Array.from({ length: options.payers }, (_, payer) => payerKey(payer))
  const payers = keys.map((key) => ({ key: hexToBytes(key), address: privateKeyToAccount(key).address }))
  return Array.from({ length: options.count }, (_, i) => {
    const { key, address } = payers[i % payers.length]!
    const payment = { ...echoed(offer), accepted, payload: signTransfer(accepted, address, key) }
    return { method: 'GET', path, headers: { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') } }
  })
}

async function askPrice(base: string, path: string): Promise<{ offer: PaymentRequired; accepted: Accepted }> {
  const answer = await fetch(base + path, { signal: AbortSignal.timeout(10_000) })
  const header = answer.headers.get('payment-required')
  if (answer.status !== 402 || header === null) throw new Error(`${base}${path} answered ${answer.status} and no PAYMENT-REQUIRED`)
  const offer = JSON.parse(Buffer.from(header, 'base64').toString()) as PaymentRequired // x402 v2; a server that differs fails the run.
  const accepted = offer.accepts.find(({ scheme, network }) => scheme === 'exact' && network.startsWith('eip155:'))
  if (accepted === undefined) throw new Error(`${base}${path} does not accept x402 exact on an EVM chain`)
  return { offer, accepted }
}

function echoed({ x402Version, resource, extensions }: PaymentRequired): Record<string, unknown> {
  return { x402Version, resource, ...(extensions === undefined ? {} : { extensions }) }
}

/** What a payer signs for these terms, with a nonce of its own. */
export function signTransfer(accepted: Accepted, from: Hex, key: Uint8Array): { signature: Hex; authorization: Record<string, string> } {
  const validBefore = BigInt(Math.floor(Date.now() / 1000) + accepted.maxTimeoutSeconds)
  const nonce: Hex = `0x${randomBytes(32).toString('hex')}`
  const message = { from, to: accepted.payTo, value: BigInt(accepted.amount), validAfter: 0n, validBefore, nonce }
  const chainId = Number(accepted.network.slice('eip155:'.length))
  const domain = { name: accepted.extra.name, version: accepted.extra.version, chainId, verifyingContract: accepted.asset }
  const digest = hashTypedData({ domain, types: TYPES, primaryType: 'TransferWithAuthorization', message })
  const { signature, recid } = secp256k1.ecdsaSign(hexToBytes(digest), key)
  const authorization = { from, to: accepted.payTo, value: accepted.amount, validAfter: '0', validBefore: validBefore.toString(), nonce }
  return { signature: `0x${Buffer.from(signature).toString('hex')}${(27 + recid).toString(16)}`, authorization }
}
