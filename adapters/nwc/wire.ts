import { z } from 'zod'

/** An event of NIP-01. Its id and signature are checked by the library. */
const nostrEvent = z.object({
  id: z.string().length(64),
  pubkey: z.string().length(64),
  created_at: z.int().nonnegative(),
  kind: z.int().nonnegative(),
  tags: z.array(z.array(z.string().max(1_024)).max(32)).max(64),
  content: z.string(),
  sig: z.string().length(128),
})
export type WireEvent = z.infer<typeof nostrEvent>

/** What a relay says. Other messages are passed over. */
export const relayMessage = z.union([
  z.tuple([z.literal('EVENT'), z.string(), nostrEvent]),
  z.tuple([z.literal('OK'), z.string(), z.boolean(), z.string()]),
  z.tuple([z.literal('EOSE'), z.string()]),
  z.tuple([z.literal('CLOSED'), z.string(), z.string()]),
])

/** What an app asks, inside the encryption. */
export const appRequest = z.object({ method: z.string().max(60), params: z.json().default({}) })

/** What a wallet answers, inside the encryption. */
export const walletAnswer = z.object({
  result_type: z.string().optional(),
  error: z.object({ code: z.string(), message: z.string().default('') }).nullish(),
  result: z.record(z.string(), z.json()).nullish(),
})

/** Kinds of NIP-47. */
export const KIND = { info: 13_194, request: 23_194, response: 23_195, notification: 23_197 } as const
/** The one thing that apps are told without asking. */
export const NOTIFICATION = 'payment_received'
export const ENCRYPTION = 'nip44_v2'
