import type { PaidRouteWorld } from '../paidRouteWorld.ts'
import { askedOf, type Challenge, credential, signed, x402 } from '../proofs.ts'

/** A request that must buy nothing. */
export type Bad = Readonly<{ url?: string; headers?: Readonly<Record<string, string>>; payload?: object }>
/** What is sent, what it is answered (several codes where more than one says it right), and how it is made; what it needs is done before. */
export type Row = readonly [
  what: string,
  status: number,
  code: string,
  make: (challenge: Challenge, world: PaidRouteWorld) => Promise<Bad> | Bad,
]

type Json = Record<string, unknown>
export type Payment = { x402Version: number; accepted: Json; payload: { signature: string; authorization: Json } }

/** The JSON value with another at `path`; undefined leaves it out. */
export function withAt<T>(value: T, path: string, to: unknown): T {
  const copy = structuredClone(value)
  const keys = path.split('.')
  const last = keys.pop()!
  const at = keys.reduce<Json>((inner, key) => inner[key] as Json, copy as Json) // The paths of the rows are there.
  if (to === undefined) delete at[last]
  else at[last] = to
  return copy
}

/** A right payment by x402, as JSON. */
export async function payment(challenge: Challenge, changes: Parameters<typeof x402>[1] = {}): Promise<Payment> {
  const header = await x402(challenge, changes)
  return JSON.parse(Buffer.from(header['payment-signature']!, 'base64').toString())
}

/** A right evm charge, as JSON. */
export async function charge(challenge: Challenge) {
  return { challenge: challenge.evm, payload: { type: 'authorization', ...(await signed(challenge, { charge: true })) } }
}

/** A header of the Payment scheme over this JSON. */
export const mpp = (value: Json | string): Bad => ({
  headers: { authorization: `Payment ${Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')}` },
})
/** A header of x402 over this JSON or these bytes. */
export const pays = (value: unknown): Bad => {
  const bytes = typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value)
  return { headers: { 'payment-signature': Buffer.from(bytes).toString('base64') } }
}
export const l402 = (macaroon: string, preimage: string): Bad => ({ headers: { authorization: `L402 ${macaroon}:${preimage}` } })

/** The offers for another request of this world. */
export async function quotedFor(world: PaidRouteWorld, url: string, payload?: object): Promise<Challenge> {
  return askedOf(await world.app.inject(payload ? { method: 'POST', url, payload } : { method: 'GET', url }))
}

/** What pays an offer over each protocol, by name. */
export const WAYS: readonly [string, (challenge: Challenge, world: PaidRouteWorld) => Promise<Bad> | Bad][] = [
  ['x402', async (challenge) => pays(await payment(challenge))],
  ['an evm charge', async (challenge) => mpp(await charge(challenge))],
  [
    'a lightning charge',
    ({ lightning, invoice }, world) => ({ headers: credential(lightning, { preimage: world.lightning.pay(invoice) }) }),
  ],
  ['L402', ({ macaroon, invoice }, world) => l402(macaroon, world.lightning.pay(invoice))],
]
