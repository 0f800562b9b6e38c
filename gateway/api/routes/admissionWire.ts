import { z } from 'zod'
import { routeExample } from '../discovery/exampleWire.ts'
import { lineOfText } from '../http/wire.ts'
import { KEPT_BODY_BYTES_MAX } from '../paid/paywall.ts'

/** The longest proof is a header of 16 kB. */
const HEADER_CHARS_MAX = 16_384
/** Of those that one route names. */
const AGENTS_MAX = 50
const ANSWER_S_MAX = 600
const ANSWER_S = 120

/** A word that a seller uses for one request and no other; it makes both calls harmless when they are sent again. */
const attempt = z.string().regex(/^[\w-]{16,64}$/, 'is not 16 to 64 letters, digits, "-" or "_"')
const header = z.string().max(HEADER_CHARS_MAX)

const amount = z.strictObject({ amount: z.string().max(60), asset: z.literal('USD').default('USD') })

/** A request that a payer has sent to a seller, and what the seller asks for it. */
export const admissionRequest = z.strictObject({
  attempt,
  request: z.strictObject({
    method: z.string().regex(/^[A-Z]{3,10}$/, 'is not a method of HTTP in capital letters'),
    url: z
      .string()
      .max(2_048)
      .regex(/^https?:\/\/[0-9A-Za-z.:[\]_-]{1,255}(?:[/?][!-~]*)?$/, 'is not an absolute http or https URL without blanks')
      .refine((text) => URL.canParse(text), { message: 'is not a URL' })
      .meta({ description: 'The request as the payer knows it.' }),
    route: z.string().min(1).max(512).meta({ description: 'Its route, such as /books/:id: the same for all requests with one price.' }),
    headers: z.strictObject({
      authorization: header.optional(),
      'payment-signature': header.optional(),
      'idempotency-key': header.optional(),
      'accept-payment': header.optional(),
      'switchyard-version': header.optional().meta({ description: 'In which spelling the payer reads the body of a 402.' }),
      accept: header.optional().meta({ description: 'Of a browser: it gets the 402 as a page.' }),
      'accept-language': header.optional(),
      signature: header.optional(),
      'signature-input': header.optional(),
      'signature-agent': header.optional(),
    }),
    body_digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex')
      .optional()
      .meta({ description: 'Of the body, so that a proof does not pay for two requests with unlike bodies.' }),
    from: z.union([z.ipv4(), z.ipv6()]).optional().meta({ description: 'Where the payer asks from, so that payers have fair shares.' }),
  }),
  price: amount.extend({
    upto: z
      .boolean()
      .default(false)
      .meta({ description: 'The amount is the most that is taken: the answer says in `used` how much it is.' }),
  }),
  price_of: z.enum(['route', 'request']).default('route').meta({
    description: '"request" where the price depends on more than the route: a challenge is then good for this very request only.',
  }),
  pass: z
    .strictObject({
      uses: z.int().min(1).max(1_000_000).optional(),
      budget: amount.optional(),
      for_ms: z.int().min(60_000).max(31_536_000_000).optional(),
      price: amount.optional(),
    })
    .optional()
    .meta({ description: 'What a Lightning invoice buys by L402, where that is more than one request.' }),
  split: z.string().max(80).optional(),
  payee: z.string().max(80).optional(),
  description: lineOfText(200).default(''),
  listed: z
    .strictObject({ example: routeExample.optional() })
    .optional()
    .meta({ description: 'That indexers may show the route, and how it is called: each 402 says so.' }),
  agents: z
    .union([z.literal('required'), z.array(z.string().max(300)).min(1).max(AGENTS_MAX)])
    .optional()
    .meta({ description: 'That the route is for agents that sign their requests: any that the gateway knows, or those that are named.' }),
  answer_within_s: z.int().min(1).max(ANSWER_S_MAX).default(ANSWER_S),
})
export type AdmissionRequest = z.infer<typeof admissionRequest>

/** What the seller answered, before its payer sees it. */
export const admissionAnswer = z.strictObject({
  used: z
    .strictObject({ amount: z.string().max(60), asset: z.literal('USD').default('USD') })
    .optional()
    .meta({ description: 'What the work has used of a price with `upto`, all in all: not above it, and not less than was said before.' }),
  open: z.boolean().default(false).meta({
    description: 'The answer has begun to go out and its work still uses: the word at its end follows. Only of a price with `upto`.',
  }),
  claim: z.string().min(1).max(300),
  attempt,
  status: z.int().min(200).max(599),
  content_type: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7e]*$/, 'is one line of ASCII')
    .default('text/plain; charset=utf-8'),
  body: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= KEPT_BODY_BYTES_MAX, {
      message: `has more than ${KEPT_BODY_BYTES_MAX} bytes: leave it out`,
    })
    .optional()
    .meta({ description: 'Text that a repeat of the request is answered with. Absent where it is longer, streamed, or no text.' }),
})
export type AdmissionAnswer = z.infer<typeof admissionAnswer>

const BATCH_CALLS_MAX = 64

/** Many calls in one. A call is read for itself, so that one of a wrong shape does not spoil the others. */
export const admissionBatch = z.strictObject({
  calls: z
    .array(
      z.union([
        z.strictObject({ admit: z.unknown().meta({ description: 'As the body of POST /v1/admissions.' }) }),
        z.strictObject({ answer: z.unknown().meta({ description: 'As the body of POST /v1/admissions/answers.' }) }),
      ]),
    )
    .min(1)
    .max(BATCH_CALLS_MAX),
})
export type AdmissionBatch = z.infer<typeof admissionBatch>
