import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { eventWebhooks } from './eventWebhooks.ts'

type Described = Extract<NonNullable<FastifyDynamicSwaggerOptions['openapi']>, { webhooks?: unknown }>

/** How the API is described where it is not by its routes. */
export const OPENAPI: Described = {
  openapi: '3.1.0',
  info: {
    title: 'Switchyard',
    version: '0.1.0',
    description: 'Payments over Lightning, stablecoins, banks and its own books.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/', description: 'This gateway' }],
  components: {
    securitySchemes: {
      apiKey: {
        type: 'http',
        scheme: 'bearer',
        description:
          'authorization: Bearer sk_... with the key of an operator (operatorKey, operators of the configuration) or of a party. A party’s key is in the header switchyard-api-key of the answer that registers it (POST /v1/parties), this once.',
      },
    },
  },
  security: [{ apiKey: [] }],
  webhooks: eventWebhooks() as NonNullable<Described['webhooks']>, // JSON Schema, as OpenAPI 3.1 has it.
}

/** What is good for whoever knows an id, or has a proof or a signature, and so needs no key. */
const KEYLESS = [
  /^\/v1\/rails$/,
  /^\/v1\/receipts\//,
  /^\/v1\/payments\//,
  /^\/v1\/refunds\//,
  /^\/v1\/splits\/:id\/channel_terms$/,
  /^\/v1\/channels/,
  /^\/v1\/audit\//,
]
/** What a key is needed for outside /v1. */
const KEYED = /^\/x402\/(?:verify|settle|account|listings)$/

/** A route as OpenAPI describes it. Outside /v1 are pages, wallets' calls and routes with a price, which take no key, or not only one. */
export const describeRoute: typeof jsonSchemaTransform = (route) => {
  const described = jsonSchemaTransform(route)
  const keyless = route.url.startsWith('/v1/') ? KEYLESS.some((path) => path.test(route.url)) : !KEYED.test(route.url)
  if (!keyless) return described
  const schema = { ...described.schema, security: [] }
  return { schema, url: described.url }
}
