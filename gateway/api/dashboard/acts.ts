import { fieldOf } from './browser.ts'

type Act = Readonly<{
  /** Of the API. */
  path: (id: string) => string
  body: (fields: unknown) => object | undefined
  /** Which page shows what came of it. */
  shown: (id: string) => string
}>

/** What forms of the dashboard may ask for, by the path that they are sent to. Each is a call of the API, with its rules. */
export const ACTS: Readonly<Record<string, Act>> = {
  '/dashboard/do/intents/:id/cancel': {
    path: (id) => `/v1/payment_intents/${id}/cancel`,
    body: () => undefined,
    shown: (id) => `/dashboard/payments/${id}`,
  },
  '/dashboard/do/webhooks/:id/replay': {
    path: (id) => `/v1/webhook_endpoints/${id}/replay`,
    body: (fields) => ({ from: fieldOf(fields, 'event'), until: fieldOf(fields, 'event') }),
    shown: (id) => `/dashboard/webhooks/${id}`,
  },
  '/dashboard/do/keys/:id/revoke': {
    path: (id) => `/v1/keys/${id}/revoke`,
    body: () => undefined,
    shown: () => '/dashboard/keys',
  },
  '/dashboard/do/suspense/assign': {
    path: () => '/v1/suspense/assign',
    body: (fields) => ({
      item: fieldOf(fields, 'item'),
      to: fieldOf(fields, 'to').trim(),
      reason: fieldOf(fields, 'reason'),
      evidence: { text: fieldOf(fields, 'evidence') },
    }),
    shown: () => '/dashboard/health',
  },
}
