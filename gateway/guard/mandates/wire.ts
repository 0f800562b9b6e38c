import { z } from 'zod'

/** What AP2 0.2 writes (`vct` ends with the version of each kind). Strict: what is not known here might be a limit. */
const LIST_MAX = 32
const text = z.string().max(2_048)
const currency = z.literal('USD', 'is not USD')
/** The end of the year 9999: a later time has no text of four digits, and soon none at all. */
const SECONDS_MAX = 253_402_300_799
const seconds = z.int().nonnegative().max(SECONDS_MAX)
/** 32 bytes in base64url, in its one spelling: a key has one thumbprint. */
export const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
const coordinate = z.string().regex(COORDINATE)

/** Of a list that an agent may show in part: what it does not show is not allowed. */
const hidden = z.strictObject({ '...': text })
const merchant = z.strictObject({ id: text, name: text, website: text.optional() })
const item = z.strictObject({ id: text, title: text })
const agentKey = z.strictObject({ jwk: z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }) })

/** Amounts in cents. */
const amountRange = z.strictObject({
  type: z.literal('payment.amount_range'),
  currency,
  max: z.int().positive(),
  min: z.literal(0).optional(),
})
/** In dollars, as its text says. */
const budget = z.strictObject({ type: z.literal('payment.budget'), currency, max: z.number().positive().max(1e9) })
const recurrence = z.strictObject({
  type: z.literal('payment.agent_recurrence'),
  frequency: z.literal('ON_DEMAND', 'is not ON_DEMAND'),
  max_occurrences: z.int().positive().max(1e9).optional(),
})
const allowedPayees = z.strictObject({
  type: z.literal('payment.allowed_payees'),
  allowed: z.array(z.union([merchant, hidden])).max(LIST_MAX),
})
const time = z.iso.datetime({ offset: true })
const executionDate = z.strictObject({
  type: z.literal('payment.execution_date'),
  not_before: time.optional(),
  not_after: time.optional(),
})
const reference = z.strictObject({ type: z.literal('payment.reference'), conditional_transaction_id: text })

const allowedMerchants = z.strictObject({
  type: z.literal('checkout.allowed_merchants'),
  allowed: z.array(z.union([merchant, hidden])).max(LIST_MAX),
})
/** A request buys one thing. So a list of several, or of several of one, is never bought with one. */
const lineItems = z.strictObject({
  type: z.literal('checkout.line_items'),
  items: z
    .array(z.strictObject({ id: text, quantity: z.literal(1), acceptable_items: z.array(z.union([item, hidden])).max(LIST_MAX) }))
    .length(1),
})

const ofBoth = { cnf: agentKey, iat: seconds.optional(), exp: seconds.optional() }
/** `risk_data` says how the person was asked: no limit. */
export const openPaymentMandate = z.strictObject({
  vct: z.literal('mandate.payment.open.1'),
  constraints: z
    .array(z.discriminatedUnion('type', [amountRange, budget, recurrence, allowedPayees, executionDate, reference]))
    .max(LIST_MAX),
  payee: merchant.optional(),
  risk_data: z.unknown().optional(),
  ...ofBoth,
})
export const openCheckoutMandate = z.strictObject({
  vct: z.literal('mandate.checkout.open.1'),
  constraints: z.array(z.discriminatedUnion('type', [allowedMerchants, lineItems])).max(LIST_MAX),
  ...ofBoth,
})
/** What is signed: one mandate, and who says so. */
export const signedMandate = z.strictObject({
  delegate_payload: z.array(z.unknown()).length(1),
  iss: text.optional(),
  vct: text.optional(),
  iat: seconds.optional(),
  exp: seconds.optional(),
})
