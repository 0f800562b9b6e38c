import * as z from 'zod/mini'
import type { Hex } from '../../ports/ids.ts'
import { authChallenges } from '../offers/authChallenges.ts'
import { fromBase64Json } from '../offers/bytes.ts'

const units = z.pipe(
  z.string().check(z.regex(/^(0|[1-9][0-9]{0,38})$/)),
  z.transform((text) => BigInt(text)),
)
const hex = (bytes: number) =>
  z.pipe(
    z.string().check(z.regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`))),
    z.transform((text) => text.toLowerCase() as Hex), // Matched by the pattern.
  )

const shape = z.object({
  amount: units,
  currency: hex(20),
  unitType: z.optional(z.string()),
  methodDetails: z.object({
    chainId: z.int(),
    escrowContract: hex(20),
    minVoucherDelta: units,
    maxPerRequest: z.optional(units),
    feePayer: z.literal(true),
    channel: z.object({
      closer: hex(20),
      depositMin: units,
      domain: z.literal('SettlementHub'),
      splitId: hex(32),
      step: units,
      token: z.object({ name: z.string(), version: z.string() }),
    }),
  }),
})

/**
 * A session as a 402 offers it. `most`: what a request costs, or where it is `metered` may cost, at most; `step`: what a voucher adds at least, and what is
 * paid for ahead. In units of the token.
 */
export type SessionOffer = Readonly<{
  challenge: Readonly<Record<string, string>>
  chainId: number
  hub: Hex
  token: Readonly<{ address: Hex; name: string; version: string }>
  splitId: Hex
  closer: Hex
  depositMin: bigint
  most: bigint
  step: bigint
  metered: boolean
}>

const ECHOED = ['id', 'realm', 'method', 'intent', 'request', 'expires', 'digest', 'opaque']

/** The sessions over channels of a SettlementHub that these `WWW-Authenticate` values offer, in their order. What cannot be read is none. */
export function readSessionOffers(wwwAuthenticate: string): SessionOffer[] {
  return authChallenges(wwwAuthenticate).flatMap(({ scheme, params }) => {
    const request = params.get('request')
    if (scheme !== 'payment' || params.get('method') !== 'evm' || params.get('intent') !== 'session' || !request) return []
    const parsed = shape.safeParse(fromBase64Json(request))
    if (!parsed.success) return []
    const { amount, currency, methodDetails: m } = parsed.data
    const { closer, depositMin, splitId, step, token } = m.channel
    const common = { chainId: m.chainId, hub: m.escrowContract, token: { address: currency, ...token }, splitId, closer, depositMin }
    const challenge = Object.fromEntries(ECHOED.flatMap((key) => (params.has(key) ? [[key, params.get(key)!]] : [])))
    return [{ ...common, challenge, most: m.maxPerRequest ?? amount, step, metered: m.maxPerRequest !== undefined }]
  })
}
