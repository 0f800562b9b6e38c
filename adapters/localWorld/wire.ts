import { z } from 'zod'

/** What a node answers to a call of JSON-RPC 2.0. */
export const rpcAnswer = z.object({ result: z.unknown().optional(), error: z.object({ message: z.string() }).optional() })
/** Of a block: when it was made, in seconds since 1970. */
export const blockAnswer = z.object({ timestamp: z.string().regex(/^0x[0-9a-f]+$/) })
/** Who has an account at the bank: the gateway and its customers. */
export const accountsAnswer = z.object({ accounts: z.array(z.object({ id: z.string(), iban: z.string().optional() })) })
