import { z } from 'zod'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { address, hash32, hexData } from '../node/wire.ts'

// What was asked of this rail, as it is kept in the data file: bigints as decimal strings, hex in lower case.
const units = z
  .string()
  .regex(/^[0-9]{1,78}$/)
  .transform((text) => BigInt(text))
  .refine((value) => value < 2n ** 256n)

const authorization = z.object({
  kind: z.enum(['transfer', 'receive', 'permit2', 'upto']),
  chainId: z.number(),
  token: address,
  from: address,
  to: address,
  value: units,
  validAfter: units,
  validBefore: units,
  nonce: hash32,
  signature: hexData,
  splitId: hash32.optional(),
  ref: hash32.optional(),
  facilitator: address.optional(),
  charge: units.optional(),
})

const channelTerms = z.object({ payer: address, salt: units, splitId: hash32, token: address, closer: address })
const x402Config = z.object({
  payer: address,
  payerAuthorizer: address,
  receiver: address,
  receiverAuthorizer: address,
  token: address,
  withdrawDelay: z.int(),
  salt: hash32,
})

const x402Row = z.object({ config: x402Config, cumulative: units, signature: hexData, charged: units })

const deposit = z.object({ value: units, salt: hash32, validAfter: units, validBefore: units, signature: hexData })

const request = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('collection'), authorization }),
  /** `feeMax` in wei. */
  z.object({ kind: z.literal('payout'), to: address, units, feeMax: units }),
  z.object({ kind: z.literal('sweep'), splitId: hash32 }),
  z.object({
    kind: z.literal('opening'),
    terms: channelTerms,
    deposit,
  }),
  z.object({ kind: z.literal('x402Deposit'), config: x402Config, deposit }),
  z.object({
    kind: z.literal('x402Claim'),
    sender: address,
    receiver: address,
    token: address,
    rows: z.array(x402Row).min(1),
  }),
  z.object({ kind: z.literal('x402Refund'), config: x402Config, units, nonce: units, signature: hexData, claims: z.array(x402Row).max(1) }),
  z.object({ kind: z.literal('closing'), terms: channelTerms, claimedMin: units, signature: hexData }),
  z.object({ kind: z.literal('vouchers'), splitId: hash32, closer: address, rows: hexData }),
  z.object({
    kind: z.literal('claim'),
    share: z.object({ root: hash32, totalShares: units, metadataHash: hash32, account: address, shares: units, proof: z.array(hash32) }),
  }),
])

export type EvmRequest = z.infer<typeof request>
export type RequestOf<K extends EvmRequest['kind']> = Extract<EvmRequest, { kind: K }>

/** Normalises what a caller asks; undefined when a field has not the shape that the chain could take. */
export function readRequest(asked: unknown): EvmRequest | undefined {
  const result = request.safeParse(JSON.parse(writeRequest(asked)))
  return result.success ? result.data : undefined
}

/** The request as text. The same request always gives the same text, so it doubles as its fingerprint. */
export function writeRequest(asked: unknown): string {
  return JSON.stringify(asked, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

/** What a request spends that can be spent once, whatever bytes ask for it: the nonce of an authorization, or the salt of a deposit. */
export function spentBy(request: EvmRequest): string | null {
  if (request.kind === 'collection') {
    const { kind, from, nonce } = request.authorization
    return isPermit(kind) ? permitReference(from, nonce) : authorizationReference(from, nonce)
  }
  if (request.kind === 'x402Deposit') {
    const { config: c, deposit } = request
    return `x402:${c.payer}:${c.payerAuthorizer}:${c.receiver}:${c.receiverAuthorizer}:${c.token}:${c.withdrawDelay}:${c.salt}:${deposit.salt}`
  }
  if (request.kind !== 'opening') return null
  const { payer, salt, splitId, token, closer } = request.terms
  return `deposit:${payer}:${salt}:${splitId}:${token}:${closer}:${request.deposit.salt}`
}

/** Whether Permit2 takes the money. */
export function isPermit(kind: RequestOf<'collection'>['authorization']['kind']): boolean {
  return kind === 'permit2' || kind === 'upto'
}

/** How a settlement names the permit that made it. */
export function permitReference(from: Hex, nonce: Hex): string {
  return `permit2:${from}:${nonce}`
}

/** How a settlement names the authorization that made it. */
export function authorizationReference(from: Hex, nonce: Hex): string {
  return `auth:${from}:${nonce}`
}
