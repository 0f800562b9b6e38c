import { z } from 'zod'
import type { Hex } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import { CHANNEL_SALT_MAX, CUMULATIVE_MAX, DEPOSIT_MAX } from '../../split/channelId.ts'

// Shapes of what payers send about voucher channels. Numbers are the token's smallest units, as the contract counts them and payers sign them.
const hex = (bytes: number, what: string) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`), `is not ${what}`)
    .transform((text) => text.toLowerCase() as Hex) // Matched by the pattern.

const upTo = (max: bigint) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,77})$/, 'is not a decimal integer string')
    .transform((text) => BigInt(text))
    .refine((value) => value <= max, `is above ${max}`)

const rail = z
  .string()
  .regex(/^evm:[1-9][0-9]{0,14}$/, 'is not a chain (evm:<chain id>)')
  .transform((text) => text as EvmRailName) // Matched by the pattern.
const address = hex(20, 'an address (0x and 40 hex digits)')
const signature = hex(65, 'a 65-byte signature')

/** The deposit is an EIP-3009 ReceiveWithAuthorization to the hub, whose nonce follows from the channel and the deposit's salt. */
export const openChannel = z.strictObject({
  split: z.string().regex(/^sp_[0-9a-f]{32}$/, 'is not a split id (sp_...)'),
  rail: rail.optional(),
  payer: address,
  salt: upTo(CHANNEL_SALT_MAX),
  closer: address.optional(),
  deposit: z.strictObject({
    value: upTo(DEPOSIT_MAX),
    salt: hex(32, '32 bytes'),
    valid_after: upTo(2n ** 64n),
    valid_before: upTo(2n ** 64n),
    signature,
  }),
})

/** `cumulative`: all that the payer owes over the channel's life. */
export const sendVoucher = z.strictObject({ cumulative: upTo(CUMULATIVE_MAX), signature })

export const channelId = z.strictObject({ id: hex(32, 'a channel id (32 bytes)') })
/** Which chain is meant; needed only where the same channel id stands on several. */
export const channelRail = z.strictObject({ rail: rail.optional() })
