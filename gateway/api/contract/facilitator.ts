import { z } from 'zod'
import { terms as askedTerms } from '../../facilitator/wire.ts'
import { answers, hex, money } from './shapes.ts'

/** The names are those of x402 v2, which its clients look for. */
const asked = z
  .object({ x402Version: z.literal(2), paymentPayload: z.record(z.string(), z.unknown()), paymentRequirements: askedTerms })
  .meta({ id: 'FacilitatorRequest', description: 'What a client of a facilitator sends (x402 v2): the payment, and the terms it is for.' })
const verified = z
  .strictObject({
    isValid: z.boolean(),
    payer: z.string().optional(),
    invalidReason: z.string().optional(),
    invalidMessage: z.string().optional(),
  })
  .meta({ id: 'FacilitatorVerification' })
const settlement = z
  .strictObject({
    success: z.boolean(),
    transaction: z.string(),
    network: z.string(),
    payer: z.string().optional(),
    amount: z.string().optional(),
    errorReason: z.string().optional().meta({ description: 'settlement_pending: ask again with the same payment.' }),
    errorMessage: z.string().optional(),
  })
  .meta({ id: 'FacilitatorSettlement' })
const supported = z
  .strictObject({
    kinds: z.array(z.strictObject({ x402Version: z.literal(2), scheme: z.literal('exact'), network: z.string() })),
    extensions: z.array(z.string()),
    signers: z.record(z.string(), z.array(hex)),
  })
  .meta({ id: 'FacilitatorKinds' })

const usage = z.strictObject({ used: z.int(), most: z.int() })
const account = z
  .strictObject({
    object: z.literal('facilitator_account'),
    in_flight: usage,
    today: z.strictObject({ taken: usage, failed: usage }),
    assets: z.array(
      z.strictObject({ network: z.string(), token: hex, extra: z.strictObject({ name: z.string(), version: z.string() }), fee: money }),
    ),
  })
  .meta({ id: 'FacilitatorAccount' })

const terms = z.strictObject({
  scheme: z.string(),
  network: z.string(),
  asset: hex,
  payTo: hex,
  amount: z.string(),
  maxTimeoutSeconds: z.int(),
  extra: z.record(z.string(), z.string()),
})
const resource = z
  .strictObject({
    resource: z.string(),
    type: z.literal('http'),
    x402Version: z.literal(2),
    accepts: z.array(terms),
    description: z.string().optional(),
    mimeType: z.string().optional(),
    serviceName: z.string().optional(),
    tags: z.array(z.string()).optional(),
    lastUpdated: z.iso.datetime(),
  })
  .meta({ id: 'ListedResource' })
const resources = z.strictObject({
  x402Version: z.literal(2),
  items: z.array(resource),
  pagination: z.strictObject({ limit: z.int(), offset: z.int(), total: z.int() }),
})

export const facilitatorOperations = {
  'POST /x402/verify': answers('verifyFacilitatedPayment', { 200: verified }, { body: asked }),
  'POST /x402/settle': answers('settleFacilitatedPayment', { 200: settlement }, { body: asked }),
  'GET /x402/supported': answers('getFacilitatorKinds', { 200: supported }),
  'GET /x402/account': answers('getFacilitatorAccount', { 200: account }),
  'GET /x402/discovery/resources': answers('listFacilitatedResources', { 200: resources }),
  'POST /x402/listings': answers('publishFacilitatedResource', { 201: resource }),
  'DELETE /x402/listings': answers('withdrawFacilitatedResource', { 204: z.null() }),
}
