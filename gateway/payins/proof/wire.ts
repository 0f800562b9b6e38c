import { z } from 'zod'
import type { Hex } from '../../ports/ids.ts'
import { CHANNEL_SALT_MAX, CUMULATIVE_MAX } from '../../split/channelId.ts'
import { PAYMENT_ID, PAYMENT_IDENTIFIER } from '../challenge/paymentIdentifier.ts'
import { QUOTE_PATTERN } from '../challenge/x402Quote.ts'

/** What others send us, checked once. Objects may carry fields we do not know: all three formats allow extensions. */

const UINT256_MAX = 2n ** 256n - 1n
/** Smart accounts sign with more than 65 bytes; more than this is nobody's signature. */
const SIGNATURE_HEX_MAX = 4_096

const uint256 = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/)
  .transform((text) => BigInt(text))
  .refine((n) => n <= UINT256_MAX)
// The pattern proves that the text is 0x and hex.
const hex = (pattern: RegExp) =>
  z
    .string()
    .max(SIGNATURE_HEX_MAX)
    .regex(pattern)
    .transform((text) => text.toLowerCase() as Hex)
const address = hex(/^0x[0-9a-fA-F]{40}$/)

const transfer = z.object({
  from: address,
  to: address,
  value: uint256,
  validAfter: uint256,
  validBefore: uint256,
  nonce: hex(/^0x[0-9a-fA-F]{64}$/),
})
const signature = hex(/^0x([0-9a-fA-F]{2})+$/)

/** What Permit2 has signed, without who may collect it. */
const permit = z.object({
  from: address,
  permitted: z.object({ token: address, amount: uint256 }),
  spender: address,
  nonce: uint256,
  deadline: uint256,
})
const witness = z.object({ to: address, validAfter: uint256 })

/** Enough of an x402 payment to tell whether it is a kind that we take; only read when `x402Payment` refuses. */
export const x402Envelope = z.object({
  x402Version: z.number(),
  accepted: z.object({
    scheme: z.string(),
    network: z.string(),
    extra: z.object({ assetTransferMethod: z.string().optional() }).optional(),
  }),
})

const quote = z.string().regex(QUOTE_PATTERN).optional()
const accepted = {
  network: z
    .string()
    .regex(/^eip155:[1-9][0-9]{0,14}$/)
    .transform((text) => Number.parseInt(text.slice('eip155:'.length), 10)),
  asset: address,
  payTo: address,
  amount: uint256,
}
/** Of the extensions only this one is read. Some clients write null for what they leave out. */
const extensions = z.object({
  [PAYMENT_IDENTIFIER]: z.object({ info: z.object({ id: z.string().regex(PAYMENT_ID).nullish() }) }).nullish(),
})
const x402 = { x402Version: z.literal(2), resource: z.object({ url: z.string() }).optional(), extensions: extensions.nullish() }

/** PAYMENT-SIGNATURE of x402 v2, scheme exact, EIP-3009. */
export const x402Payment = z.object({
  ...x402,
  accepted: z.object({
    ...accepted,
    scheme: z.literal('exact'),
    extra: z.object({ assetTransferMethod: z.literal('eip3009').optional(), quote }).optional(),
  }),
  payload: z.object({ signature, authorization: transfer }),
})

/** The same, scheme exact, Permit2. */
export const x402Permit = z.object({
  ...x402,
  accepted: z.object({
    ...accepted,
    scheme: z.literal('exact'),
    extra: z.object({ assetTransferMethod: z.literal('permit2'), quote }),
  }),
  payload: z.object({ signature, permit2Authorization: permit.extend({ witness }) }),
})

/** The same, scheme upto, which Permit2 alone knows. */
export const x402Upto = z.object({
  ...x402,
  accepted: z.object({
    ...accepted,
    scheme: z.literal('upto'),
    extra: z.object({ assetTransferMethod: z.literal('permit2').optional(), quote }).optional(),
  }),
  payload: z.object({ signature, permit2Authorization: permit.extend({ witness: witness.extend({ facilitator: address }) }) }),
})

const hash = hex(/^0x[0-9a-fA-F]{64}$/)
const channelConfig = z.object({
  payer: address,
  payerAuthorizer: address,
  receiver: address,
  receiverAuthorizer: address,
  token: address,
  withdrawDelay: z
    .int()
    .min(0)
    .max(2 ** 40 - 1),
  salt: hash,
})
const voucher = z.object({ channelId: hash, maxClaimableAmount: uint256, signature })
const erc3009Authorization = z.object({ validAfter: uint256, validBefore: uint256, salt: hash, signature })

/** The same, scheme batch-settlement: a voucher, with a deposit by EIP-3009, with the wish to have the rest back, or with neither. */
export const x402Batch = z.object({
  ...x402,
  accepted: z.object({
    ...accepted,
    scheme: z.literal('batch-settlement'),
    extra: z.object({ assetTransferMethod: z.literal('eip3009').optional(), quote }).optional(),
  }),
  payload: z.discriminatedUnion('type', [
    z.object({ type: z.literal('voucher'), channelConfig, voucher }),
    z.object({
      type: z.literal('deposit'),
      channelConfig,
      voucher,
      deposit: z.object({ amount: uint256, authorization: z.object({ erc3009Authorization }) }),
    }),
    z.object({ type: z.literal('refund'), channelConfig, voucher, amount: uint256.refine((units) => units > 0n).optional() }),
  ]),
})

/** A credential of the Payment scheme; `payload` depends on the method. */
export const mppCredential = z.object({
  challenge: z.object({
    id: z.string().max(256),
    realm: z.string().max(256),
    method: z.string().max(64),
    intent: z.string().max(64),
    request: z.string().regex(/^[A-Za-z0-9_-]+$/),
    expires: z.string().max(64).optional(),
    digest: z.string().max(256).optional(),
    opaque: z.string().max(4_096).optional(),
    header: z.string().max(64).optional(),
  }),
  source: z.string().max(256).optional(),
  payload: z.record(z.string(), z.unknown()),
})

/** Payload of an evm charge paid by authorization. */
export const mppAuthorization = transfer.extend({ signature })

const bytes32 = hex(/^0x[0-9a-fA-F]{64}$/)
const sum = { channelId: bytes32, cumulativeAmount: uint256.refine((n) => n <= CUMULATIVE_MAX) }
const ZERO = /^0x0{40}$/
/** Vouchers are signed by the payer alone here. */
const noOther = address.refine((text) => ZERO.test(text), 'names another signer, and vouchers are signed by the payer here').optional()

/** Payloads of an evm session (draft-evm-session-00), by deposits that we submit. */
export const mppSession = z.discriminatedUnion('action', [
  z
    .object({
      action: z.literal('open'),
      type: z.literal('authorization'),
      ...sum,
      authorization: transfer,
      signature,
      voucherSignature: signature,
      authorizedSigner: noOther,
      salt: bytes32.refine((text) => BigInt(text) <= CHANNEL_SALT_MAX, 'has more than 96 bits'),
    })
    .transform(({ channelId, cumulativeAmount: cumulative, authorization, signature: signed, voucherSignature, salt }) => ({
      action: 'open' as const,
      channelId,
      cumulative,
      signature: voucherSignature,
      deposit: { transfer: { ...authorization, signature: signed }, salt },
    })),
  z
    .object({
      action: z.literal('topUp'),
      type: z.literal('authorization'),
      channelId: bytes32,
      authorization: transfer,
      signature,
      additionalDeposit: uint256,
      salt: bytes32,
    })
    .refine(
      ({ additionalDeposit, authorization }) => additionalDeposit === authorization.value,
      'additionalDeposit is not authorization.value',
    )
    .transform(({ channelId, authorization, signature: signed, salt }) => ({
      action: 'topUp' as const,
      channelId,
      deposit: { transfer: { ...authorization, signature: signed }, salt },
    })),
  z
    .object({ action: z.enum(['voucher', 'close']), ...sum, signature })
    .transform(({ action, channelId, cumulativeAmount: cumulative, signature: signed }) => ({
      action,
      channelId,
      cumulative,
      signature: signed,
    })),
])

/** The request of our own session challenge, read back after its HMAC was checked. */
export const sessionRequest = z.object({
  amount: uint256,
  currency: address,
  externalId: z.string(),
  methodDetails: z.object({ chainId: z.number(), escrowContract: address, minVoucherDelta: uint256, maxPerRequest: uint256.optional() }),
})

/** Payload of a lightning charge. */
export const mppPreimage = z.object({ preimage: z.string().regex(/^[0-9a-f]{64}$/) })

/** The request of our own evm challenge, read back after its HMAC was checked. */
export const evmRequest = z.object({
  amount: uint256,
  currency: address,
  externalId: z.string(),
  methodDetails: z.object({ chainId: z.number() }),
  recipient: address,
})

/** The request of our own lightning challenge, read back after its HMAC was checked. */
export const lightningRequest = z.object({
  amount: uint256,
  externalId: z.string(),
  methodDetails: z.object({ paymentHash: z.string() }),
})
