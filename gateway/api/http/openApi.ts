import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { eventWebhooks } from './eventWebhooks.ts'

type Described = Extract<NonNullable<FastifyDynamicSwaggerOptions['openapi']>, { webhooks?: unknown }>

/** How the API is described where it is not by its routes. `publicUrl`: how it is reached, where the configuration says so. */
export const describedAt = (publicUrl: string | undefined): Described => ({
  openapi: '3.1.0',
  info: {
    title: 'Switchyard',
    version: '0.1.0',
    description: 'Payments over Lightning, stablecoins, banks and its own books.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: publicUrl ?? '/', description: 'This gateway' }],
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
  tags: TAGS,
  security: [{ apiKey: [] }],
  webhooks: eventWebhooks() as NonNullable<Described['webhooks']>, // JSON Schema, as OpenAPI 3.1 has it.
})

/** The order in which operations are shown, and what each group is for. */
const TAGS = [
  { name: 'payment intents', description: 'What a seller wants paid, once: offers over every rail, one page.' },
  { name: 'invoices', description: 'What an intent is for, on paper: numbered, as a PDF and as an e-invoice.' },
  { name: 'payment links', description: 'Links by which many may pay, each an intent of his own.' },
  { name: 'subscriptions', description: 'Plans, and who pays by them: an intent each period.' },
  { name: 'payments', description: 'What became of a paid request.' },
  { name: 'reconciliation', description: 'Where a rail’s statement and the ledger differ, and how that ends.' },
  { name: 'refunds', description: 'Money back to the payer.' },
  { name: 'disputes', description: 'What a payer contests: in reserve, heard, decided.' },
  { name: 'search', description: 'Whatever has a reference, of any kind.' },
  { name: 'payouts', description: 'Money out, on the rail that costs least, with the reasons.' },
  { name: 'standing orders', description: 'A balance that is paid out by a calendar.' },
  { name: 'exchanges', description: 'In over one rail for out over another.' },
  { name: 'parties', description: 'Who has a balance here.' },
  { name: 'keys', description: 'API keys: restricted, bound, rotated, revoked.' },
  { name: 'people', description: 'Who acts for a party or the operator, what each has done, and what waits for another.' },
  { name: 'splits', description: 'Tables of shares, and what they hold on chain.' },
  { name: 'channels', description: 'Voucher channels: a deposit that is spent by signatures.' },
  { name: 'sellers', description: 'The paywall, for apps elsewhere.' },
  { name: 'facilitator', description: 'x402 v2’s verify and settle, for sellers elsewhere; names are x402’s.' },
  { name: 'events', description: 'What happened, in order.' },
  { name: 'webhooks', description: 'Events, brought to a receiver.' },
  { name: 'agents', description: 'Programs that spend a balance within a policy.' },
  { name: 'lightning addresses', description: 'Names under which parties are paid over Lightning.' },
  { name: 'withdrawal links', description: 'Links that let their holder withdraw.' },
  { name: 'wallet apps', description: 'Apps that use a balance as their wallet (NIP-47).' },
  { name: 'logins', description: 'Logins by a wallet’s key (LUD-04).' },
  { name: 'lnurl', description: 'What wallets call; names and refusals are the LUDs’.' },
  { name: 'operations', description: 'What an operator looks at and does.' },
  { name: 'ledger', description: 'The books, now and at any past time.' },
  { name: 'test mode', description: 'On a local network alone: a clock that is put forward.' },
  { name: 'audit', description: 'The signed log of receipts.' },
]

/** A route as OpenAPI describes it. Outside /v1 are pages and routes with a price, which take no key, or not only one; what is promised says it of itself. */
export const describeRoute: typeof jsonSchemaTransform = (route) => {
  const described = jsonSchemaTransform(route)
  if (route.url.startsWith('/v1/') || route.url.startsWith('/x402/')) return described
  const schema = { ...described.schema, security: [] }
  return { schema, url: described.url }
}
