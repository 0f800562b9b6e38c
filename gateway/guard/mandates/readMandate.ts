import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { USD } from '../../money/asset.ts'
import { type Money, money, parseAmount } from '../../money/money.ts'
import { digestOf, type IssuerKey, invalid, openSdJwt, thumbprintOf } from './sdJwt.ts'
import { openCheckoutMandate, openPaymentMandate, signedMandate } from './wire.ts'

/** A mandate as somebody hands it in: SD-JWTs of the open payment and, where it refers to one, of the open checkout. */
type GivenMandate = Readonly<{ payment: string; checkout?: string | undefined; issuerKey: IssuerKey }>
/**
 * All that it limits. Amounts in USD, times in ms. `usesMax`: payments in all; undefined: any number. `payees` are the ids of merchants, `items` of what may be
 * bought, as it names them.
 */
export type MandateLimits = Readonly<{
  requestMax: Money | undefined
  budgetMax: Money | undefined
  usesMax: number | undefined
  payees: readonly string[] | undefined
  items: readonly string[] | undefined
  endsAt: number | undefined
}>

/**
 * By what a mandate is known: SHA-256 of the tokens as they stand, in hex, and of what was signed of the payment: its signature and what it discloses can be
 * written in other ways, and that is still the same mandate.
 */
type MandateDigests = Readonly<{ payment: string; checkout: string | undefined; signed: string; issuer: string }>

/** How far its clock may be before ours. */
const SKEW_MS = 300_000
const MS_PER_S = 1_000
const CENT = 10n ** BigInt(USD.scale - 2)

type PaymentMandate = z.output<typeof openPaymentMandate>
type CheckoutMandate = z.output<typeof openCheckoutMandate>
type Constraint = Readonly<{ type: string }>

/** What a mandate of AP2 lets an agent spend. Throws `mandate_invalid` for one that does not hold, is over, or has a limit that could not be held here. */
export function readMandate({ payment, checkout, issuerKey }: GivenMandate, now: number): MandateLimits {
  const paid = contentOf(payment, { key: issuerKey, shape: openPaymentMandate, now })
  const bought = checkout === undefined ? undefined : contentOf(checkout, { key: issuerKey, shape: openCheckoutMandate, now })
  requireReference(paid.content, checkout)
  const [range, budget] = [only(paid.content, 'payment.amount_range'), only(paid.content, 'payment.budget')]
  const recurrence = only(paid.content, 'payment.agent_recurrence')
  if (recurrence && !(range && budget)) throw invalid('one that is used again needs payment.amount_range and payment.budget')
  const dates = only(paid.content, 'payment.execution_date')
  if (dates?.not_before !== undefined && Date.parse(dates.not_before) > now) throw invalid(`it begins at ${dates.not_before}`)
  const endsAt = least([paid.endsAt, bought?.endsAt, dates?.not_after === undefined ? undefined : Date.parse(dates.not_after)])
  if (endsAt !== undefined && endsAt <= now) throw invalid('its time is over')
  return {
    requestMax: range && money(USD, BigInt(range.max) * CENT),
    budgetMax: budget && dollars(budget.max),
    // Without a word on it, it is for one payment.
    usesMax: recurrence ? recurrence.max_occurrences : 1,
    payees: payeesOf(paid.content, bought?.content),
    items: bought && itemsOf(bought.content),
    endsAt,
  }
}

/** Of one that was read. */
export function digestsOf({ payment, checkout, issuerKey }: GivenMandate): MandateDigests {
  const [head = '', body = ''] = payment.split('.')
  return {
    payment: hexOf(payment),
    checkout: checkout === undefined ? undefined : hexOf(checkout),
    signed: hexOf(`${head}.${body}`),
    issuer: thumbprintOf(issuerKey),
  }
}

const hexOf = (text: string): string => createHash('sha256').update(text).digest('hex')

type Reading<S extends z.ZodType> = Readonly<{ key: IssuerKey; shape: S; now: number }>

/** The one mandate in an SD-JWT, and until when both count. */
function contentOf<S extends z.ZodType<PaymentMandate | CheckoutMandate>>(token: string, { key, shape, now }: Reading<S>) {
  const outer = parsed(signedMandate, openSdJwt(token, key))
  const content = parsed(shape, outer.delegate_payload[0])
  for (const { iat } of [outer, content])
    if (iat !== undefined && iat * MS_PER_S > now + SKEW_MS) throw invalid('it was made in the future')
  const ends = [outer.exp, content.exp].map((exp) => (exp === undefined ? undefined : exp * MS_PER_S))
  return { content, endsAt: least(ends) }
}

function parsed<S extends z.ZodType>(shape: S, value: unknown): z.output<S> {
  const read = shape.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw invalid(`${issue?.path.join('.') || 'it'} cannot be held here (${issue?.message ?? 'unknown'})`)
}

/** Its words are for one checkout mandate, which alone says what may be bought. */
function requireReference(content: PaymentMandate, checkout: string | undefined): void {
  const reference = only(content, 'payment.reference')
  if (!reference && checkout === undefined) return
  if (!reference) throw invalid('its payment does not refer to the checkout')
  if (checkout === undefined) throw invalid('it refers to a checkout mandate, which was not given')
  if (reference.conditional_transaction_id !== digestOf(checkout)) throw invalid('it refers to another checkout mandate')
}

/** A constraint of a type; two of one type would need a rule which of them counts. */
function only<C extends Constraint, T extends C['type']>(
  { constraints }: Readonly<{ constraints: readonly C[] }>,
  type: T,
): Extract<C, { type: T }> | undefined {
  const found = constraints.filter((one): one is Extract<C, { type: T }> => one.type === type)
  if (found.length > 1) throw invalid(`it has two constraints of type ${type}`)
  return found[0]
}

function payeesOf(paid: PaymentMandate, bought: CheckoutMandate | undefined): readonly string[] | undefined {
  const lists = [
    paid.payee && [paid.payee.id],
    shown(only(paid, 'payment.allowed_payees')?.allowed),
    bought && shown(only(bought, 'checkout.allowed_merchants')?.allowed),
  ].filter((list) => list !== undefined)
  return lists.length === 0 ? undefined : lists.reduce((all, list) => all.filter((id) => list.includes(id)))
}

function itemsOf(bought: CheckoutMandate): readonly string[] {
  const lines = only(bought, 'checkout.line_items')
  // The schema of a checkout mandate asks for it: without, nobody has said what may be bought.
  if (!lines) throw invalid('its checkout has no checkout.line_items')
  return lines.items.flatMap(({ acceptable_items: acceptable }) => shown(acceptable) ?? [])
}

const shown = (list: readonly (Readonly<{ id: string }> | Readonly<{ '...': string }>)[] | undefined): string[] | undefined =>
  list?.flatMap((one) => ('id' in one ? [one.id] : []))

function least(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known) // not money: times
}

/** JSON has it as a number; its shortest text is what was written, of so few digits. */
function dollars(max: number): Money {
  const text = String(max)
  if (!/^\d+(\.\d{1,2})?$/.test(text)) throw invalid('its payment.budget is not in whole cents')
  return parseAmount(text, USD)
}
