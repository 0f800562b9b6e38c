import { z } from 'zod'
import type { Hex } from '../../../gateway/ports/ids.ts'

// What a node answers, checked before it is believed (Ethereum JSON-RPC). Hex is made lower-case here, once, so that it compares as text.
const hex = (bytes?: number) =>
  z
    .string()
    .regex(bytes === undefined ? /^0x(?:[0-9a-fA-F]{2})*$/ : new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`))
    .transform((text) => text.toLowerCase() as Hex)

export const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((text) => BigInt(text))
export const hexData = hex()
export const hash32 = hex(32)
export const address = hex(20)

/** The first blocks of old chains have no base fee; some rollups make no bloom. */
export const header = z.object({
  number: quantity,
  hash: hash32,
  timestamp: quantity,
  gasLimit: quantity.optional(),
  baseFeePerGas: quantity.optional(),
  logsBloom: hex(256).optional(),
})
export type Header = z.infer<typeof header>

export const log = z.object({
  address,
  topics: z.array(hash32).max(4),
  data: hexData,
  blockNumber: quantity,
  blockHash: hash32,
  transactionHash: hash32,
  logIndex: quantity,
})
export type Log = z.infer<typeof log>

export const receipt = z.object({
  transactionHash: hash32,
  blockHash: hash32,
  blockNumber: quantity,
  transactionIndex: quantity,
  status: z.enum(['0x0', '0x1']),
  gasUsed: quantity,
  effectiveGasPrice: quantity,
  /** OP stack: what the transaction paid for its bytes, beside gas. */
  l1Fee: quantity.nullish(),
  logs: z.array(log),
})
export type Receipt = z.infer<typeof receipt>

/** What a transaction calls, and with what. One that creates a contract has no `to`; one that is not mined no block. */
export const call = z.object({ to: address.nullish(), input: hexData, blockHash: hash32.nullish() })
export type Call = z.infer<typeof call>

export const feeHistory = z.object({
  baseFeePerGas: z.array(quantity).min(1),
  reward: z.array(z.array(quantity)).nullish(),
})

export const blockTransactions = z.object({ hash: hash32, transactions: z.array(hash32) })

/** What of a transaction shows whose it is, and of one with a tip (EIP-1559) how it was signed; chains have other kinds beside it. */
const taken = z.object({
  hash: hash32,
  from: address,
  nonce: quantity,
  maxFeePerGas: quantity.nullish(),
  maxPriorityFeePerGas: quantity.nullish(),
  r: quantity.nullish(),
  s: quantity.nullish(),
  /** Whether the curve point's y is odd; the same where it is called `v`. */
  yParity: quantity.nullish(),
  v: quantity.nullish(),
})
export type Taken = z.infer<typeof taken>

/** A block with its transactions in full. */
export const blockWithSenders = z.object({ transactions: z.array(taken) })

const id = z.number().nullable()
export const rpcEnvelope = z.union([
  // Most nodes leave `data` out unless a contract reverted.
  z.object({ id, error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }) }),
  z.object({ id, result: z.unknown() }).refine((answer) => 'result' in answer),
])
export type Envelope = z.infer<typeof rpcEnvelope>
