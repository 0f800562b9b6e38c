import { z } from 'zod'
import { readEuros, writeEuros } from './euroCents.ts'
import type { FaultRule } from './faults.ts'

const DAYS_MAX = 60
const TIMES_MAX = 1_000

const cents = z.string().transform((text, context) => {
  const read = readEuros(text)
  if (read !== undefined && read > 0n) return read
  context.addIssue(`"${text}" is not an amount such as "1.00"`)
  return z.NEVER
})
const days = z.int().min(1).max(DAYS_MAX)
const day = z.iso.date()
const code = z.string().regex(/^[A-Z0-9]{3,4}$/)

const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reject'), code }),
  z.strictObject({ kind: z.literal('return'), code, days }),
  z.strictObject({ kind: z.enum(['never', 'twice', 'other_side']) }),
  z.strictObject({ kind: z.enum(['late', 'future']), days }),
  z.strictObject({ kind: z.literal('amount'), amount: cents }),
  z.strictObject({ kind: z.enum(['fee_deducted', 'fee_line']), amount: cents }),
  z.strictObject({ kind: z.literal('line'), side: z.enum(['credit', 'debit']), amount: cents, text: z.string().min(1).max(140) }),
  z.strictObject({ kind: z.enum(['statement_twice', 'statement_after_next', 'statement_currency', 'statement_cut']) }),
  z.strictObject({ kind: z.literal('statement_late'), days }),
])

const shape = z.strictObject({
  match: z.strictObject({
    amount: cents.optional(),
    account: z.string().max(34).optional(),
    reference: z.string().min(1).max(140).optional(),
    day: day.optional(),
  }),
  fault,
  times: z.int().min(1).max(TIMES_MAX).optional(),
})

/** A rule as a developer writes it, amounts as "12.57"; or what is wrong with it. */
export function readFaultRule(body: string): Readonly<{ rule: FaultRule } | { wrong: string }> {
  const parsed = shape.safeParse(JSON.parse(body))
  if (!parsed.success) return { wrong: z.prettifyError(parsed.error) }
  const { match, fault: read, times } = parsed.data
  const given = Object.fromEntries(Object.entries({ ...match, amount: undefined, cents: match.amount }).filter(([, value]) => value))
  const { amount, ...rest } = { amount: undefined, ...read }
  const whole = amount === undefined ? rest : { ...rest, cents: amount }
  // Only the name of the amount is another than in the shape.
  return { rule: { match: given, fault: whole as FaultRule['fault'], ...(times === undefined ? {} : { times }) } }
}

/** The same rule as text, with how often it is left. */
export function showFaultRule({ rule, left }: Readonly<{ rule: FaultRule; left: number }>): object {
  const named = (of: FaultRule['match'] | FaultRule['fault']) => {
    const { cents: units, ...rest } = { cents: undefined, ...of }
    return units === undefined ? rest : { ...rest, amount: writeEuros(units) }
  }
  return { match: named(rule.match), fault: named(rule.fault), left }
}
