import { z } from 'zod'
import { x402Payment } from '../payins/proof/wire.ts'

/** What sellers' servers send, checked once. Objects may carry fields we do not know: the format allows extensions. */

const { asset: address, amount: uint256 } = x402Payment.shape.accepted.shape
/** Of a name or a text that is only compared. */
const TEXT_MAX = 256
const text = z.string().max(TEXT_MAX)

/** Terms of payment as x402 v2 writes them. */
export const terms = z.object({
  scheme: text,
  network: text,
  asset: address,
  payTo: address,
  amount: uint256,
  maxTimeoutSeconds: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  extra: z.object({ name: text.optional(), version: text.optional(), assetTransferMethod: text.optional() }).nullish(),
})

export type Terms = z.infer<typeof terms>

export const envelope = z.object({
  x402Version: z.unknown().optional(),
  paymentPayload: z.record(z.string(), z.unknown()),
  paymentRequirements: z.unknown().optional(),
})

/** What an EIP-3009 payer signed. */
export const signedPayload = x402Payment.shape.payload
