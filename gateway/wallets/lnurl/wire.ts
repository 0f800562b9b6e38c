import { z } from 'zod'

/** Millisatoshi as LNURL writes them: a JSON number that is an integer. */
const msat = z.int().nonnegative().transform(BigInt)
const url = z.string().refine((text) => URL.canParse(text), 'is not a URL')
/** What LUD-10 allows, and no more. */
const CIPHERTEXT_MAX = 4_096

/** Any service may say no to anything (LUD-01). */
export const errorAnswer = z.object({ status: z.literal('ERROR'), reason: z.string().default('no reason given') })

const wish = z.object({ mandatory: z.boolean() })
/** What the payee would like to know of the payer (LUD-18). Fields that we do not know are kept, because one may be mandatory. */
const payerDataWishes = z.record(z.string().max(60), wish.loose())

export const payRequest = z.object({
  tag: z.literal('payRequest'),
  callback: url,
  minSendable: msat,
  maxSendable: msat,
  metadata: z.string(),
  commentAllowed: z.int().nonnegative().optional(),
  payerData: payerDataWishes.optional(),
})

const successAction = z.discriminatedUnion('tag', [
  z.object({ tag: z.literal('message'), message: z.string().max(1_000) }),
  z.object({ tag: z.literal('url'), description: z.string().max(1_000), url }),
  z.object({
    tag: z.literal('aes'),
    description: z.string().max(1_000),
    ciphertext: z.string().max(CIPHERTEXT_MAX),
    iv: z.string().length(24),
  }),
])

export const payAnswer = z.object({
  pr: z.string().min(1),
  /** An action of a kind that we do not know is passed over, as LUD-09 asks. */
  successAction: successAction.nullish().catch(null),
  verify: url.nullish().catch(null),
  disposable: z.boolean().nullish().catch(null),
})

export const withdrawRequest = z.object({
  tag: z.literal('withdrawRequest'),
  callback: url,
  k1: z.string().min(1).max(1_000),
  defaultDescription: z.string().default(''),
  minWithdrawable: msat,
  maxWithdrawable: msat,
})

export const okAnswer = z.object({ status: z.literal('OK') })
