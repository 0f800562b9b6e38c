import { z } from 'zod'
import { answers, decimal, idOf } from './shapes.ts'

const pair = z
  .array(z.string())
  .length(2)
  .meta({ examples: [['cache-control', 'no-store']] })
const headers = z.array(pair).meta({ description: 'Names and values, in their order.' })
const said = { status: z.int(), headers, body: z.string() }
const admission = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('run'),
      claim: z.string(),
      receipt: idOf('rc'),
      answer_by: z.int().meta({ description: 'When the answer must be told at the latest, in ms since 1970.' }),
      upto: z.strictObject({ asset: z.string(), amount: decimal }).optional(),
      headers: z
        .strictObject({ served: headers, failed: headers })
        .meta({ description: 'What the answer has besides: where the work was done, and where it failed.' }),
    }),
    z.strictObject({ kind: z.literal('open'), headers }),
    z.strictObject({ kind: z.literal('replayed'), status: said.status, headers: said.headers, body: z.string().optional() }),
    z.strictObject({ kind: z.literal('unpaid'), status: said.status, headers: said.headers, body: said.body }),
    z.strictObject({ kind: z.literal('refused'), status: said.status, headers: said.headers, body: said.body }),
  ])
  .meta({
    id: 'Admission',
    description:
      'run: do the work, and tell the answer before the payer sees it. open: a free request, which is answered with these headers besides. Else: answer so.',
  })
const keptAnswer = z.strictObject({ object: z.literal('answer'), receipt: idOf('rc'), status: z.int() }).meta({ id: 'KeptAnswer' })
const lines = z
  .string()
  .meta({ description: 'A line of JSON for each call, as soon as its word is there: {"n", "status", "body"}; n counts from 0.' })

const document = z.strictObject({ path: z.string(), content_type: z.string(), etag: z.string(), body: z.string() })
const listing = z
  .strictObject({ object: z.literal('listing'), fresh_s: z.int(), documents: z.array(document) })
  .meta({ id: 'Listing', description: 'Documents to serve under these paths; make them anew after fresh_s seconds.' })

export const sellerOperations = {
  'POST /v1/admissions': answers('admitRequest', { 200: admission }),
  'POST /v1/admissions/answers': answers('keepAnswer', { 200: keptAnswer }),
  'POST /v1/admissions/batches': answers('admitBatch', { 200: lines }, { media: ['application/x-ndjson'] }),
  'POST /v1/listings': answers('makeListing', { 200: listing }),
}
