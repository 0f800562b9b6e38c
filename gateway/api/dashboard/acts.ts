import { fieldOf } from './browser.ts'

type Act = Readonly<{
  /** Of the API. */
  path: (id: string) => string
  body: (fields: unknown) => object | undefined
  /** Which page shows what came of it. */
  shown: (id: string) => string
}>

const agentAct = (word: string): Act => ({
  path: (id) => `/v1/agents/${encodeURIComponent(id)}/${word}`,
  body: () => undefined,
  shown: () => '/dashboard/agents',
})

const orderAct = (word: string): Act => ({
  path: (id) => `/v1/standing_orders/${encodeURIComponent(id)}/${word}`,
  body: () => undefined,
  shown: (id) => `/dashboard/orders/${encodeURIComponent(id)}`,
})

const disputeAct = (word: string, body: Act['body']): Act => ({
  path: (id) => `/v1/disputes/${encodeURIComponent(id)}/${word}`,
  body,
  shown: (id) => `/dashboard/payments/${encodeURIComponent(id)}`,
})

/** Text, and what of it lies elsewhere, by its kind. */
function evidenceOf(fields: unknown): object {
  const named = (['receipt', 'delivery', 'log'] as const).map((kind) => ({ kind, value: fieldOf(fields, kind).trim() }))
  return { text: fieldOf(fields, 'text').trim(), references: named.filter(({ value }) => value !== '') }
}

/** An agent's limits. What is left empty is not said. */
function agentOf(fields: unknown): object {
  const said = (name: string) => fieldOf(fields, name).trim()
  const payees = said('payees')
    .split(/[\s,]+/)
    .filter((one) => one !== '')
  return {
    name: fieldOf(fields, 'name'),
    request_usd_max: said('request_usd_max'),
    day_usd_max: said('day_usd_max'),
    party: said('party') || undefined,
    approval_above_usd: said('approval_above_usd') || undefined,
    payees: payees.length > 0 ? payees : undefined,
  }
}

/** What forms of the dashboard may ask for, by the path that they are sent to. Each is a call of the API, with its rules. */
export const ACTS: Readonly<Record<string, Act>> = {
  '/dashboard/do/intents/:id/cancel': {
    path: (id) => `/v1/payment_intents/${encodeURIComponent(id)}/cancel`,
    body: () => undefined,
    shown: (id) => `/dashboard/payments/${encodeURIComponent(id)}`,
  },
  '/dashboard/do/webhooks/:id/replay': {
    path: (id) => `/v1/webhook_endpoints/${encodeURIComponent(id)}/replay`,
    body: (fields) => ({ from: fieldOf(fields, 'event'), until: fieldOf(fields, 'event') }),
    shown: (id) => `/dashboard/webhooks/${encodeURIComponent(id)}`,
  },
  '/dashboard/do/keys/:id/revoke': {
    path: (id) => `/v1/keys/${encodeURIComponent(id)}/revoke`,
    body: () => undefined,
    shown: () => '/dashboard/keys',
  },
  '/dashboard/do/device/:id/grant': {
    path: (id) => `/v1/device_codes/${encodeURIComponent(id)}/grant`,
    body: agentOf,
    shown: () => '/dashboard/agents',
  },
  '/dashboard/do/device/:id/deny': {
    path: (id) => `/v1/device_codes/${encodeURIComponent(id)}/deny`,
    body: () => undefined,
    shown: () => '/dashboard/agents',
  },
  '/dashboard/do/agents/:id/pause': agentAct('pause'),
  '/dashboard/do/agents/:id/resume': agentAct('resume'),
  '/dashboard/do/agents/:id/revoke': agentAct('revoke'),
  '/dashboard/do/disputes/:id/evidence': disputeAct('evidence', evidenceOf),
  '/dashboard/do/disputes/:id/accept': disputeAct('accept', () => undefined),
  '/dashboard/do/disputes/:id/decide': disputeAct('decide', (fields) => ({ outcome: fieldOf(fields, 'outcome') })),
  '/dashboard/do/batches/:id/cancel': {
    path: (id) => `/v1/payout_batches/${encodeURIComponent(id)}/cancel`,
    body: () => undefined,
    shown: (id) => `/dashboard/batches/${encodeURIComponent(id)}`,
  },
  '/dashboard/do/orders/:id/pause': orderAct('pause'),
  '/dashboard/do/orders/:id/resume': orderAct('resume'),
  '/dashboard/do/orders/:id/end': orderAct('end'),
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
