import * as z from 'zod/mini'
import type { Hex } from '../../ports/ids.ts'

/** What servers send, checked once. The small zod, because a browser loads it; objects may carry fields that we do not know. */

export const units = z.string().check(z.regex(/^(0|[1-9][0-9]{0,77})$/))
export const address = z.pipe(
  z.string().check(z.regex(/^0x[0-9a-fA-F]{40}$/)),
  z.transform((text) => text as Hex), // The pattern says so.
)
const domain = z.looseObject({ name: z.string(), version: z.string() })

/** Enough of an entry of `accepts` to name it. */
export const acceptsEntry = z.looseObject({ scheme: z.string(), network: z.string() })

const exact = {
  scheme: z.string().check(z.regex(/^(exact|upto)$/)),
  network: z.string(),
  asset: address,
  payTo: address,
  maxTimeoutSeconds: z.int().check(z.positive()),
  extra: z.optional(
    z.looseObject({
      name: z.optional(z.string()),
      version: z.optional(z.string()),
      assetTransferMethod: z.optional(z.string()),
      verifyingContract: z.optional(z.string()),
      facilitatorAddress: z.optional(address),
    }),
  ),
}
export const transferV2 = z.looseObject({ ...exact, amount: units })
export const exactV1 = z.looseObject({ ...exact, scheme: z.literal('exact'), maxAmountRequired: units })

/** PAYMENT-REQUIRED of x402 v2, and the body of a 402 of v1. */
export const requiredV2 = z.looseObject({
  x402Version: z.literal(2),
  resource: z.optional(z.unknown()),
  accepts: z.array(z.unknown()).check(z.maxLength(64)),
})
export const requiredV1 = z.looseObject({ x402Version: z.literal(1), accepts: z.array(z.unknown()).check(z.maxLength(64)) })

/** The body of a 402 of ours. */
export const ourBody = z.looseObject({
  offers: z.array(z.looseObject({ rail: z.string(), price: z.looseObject({ asset: z.string() }) })).check(z.maxLength(64)),
})

/** `request` of an MPP charge on an EVM chain, and of one over Lightning. */
export const evmCharge = z.looseObject({
  amount: units,
  currency: address,
  recipient: address,
  methodDetails: z.looseObject({
    chainId: z.int().check(z.positive()),
    credentialTypes: z.optional(z.array(z.string())),
    splits: z.optional(z.array(z.unknown())),
  }),
})
export const lightningCharge = z.looseObject({ methodDetails: z.looseObject({ invoice: z.string() }) })

/** The token's EIP-712 name and version, when the server says both. */
export function domainIn(extra: unknown): Readonly<{ name: string; version: string }> | undefined {
  const read = domain.safeParse(extra)
  return read.success ? { name: read.data.name, version: read.data.version } : undefined
}
