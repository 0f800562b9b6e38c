import { z } from 'zod'

/** Shapes of answers. Strict here, so that a test sees what is not promised; clients are told to expect more (`describe.ts`). */
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/

export const decimal = z.string().regex(DECIMAL).meta({ description: 'A decimal number of whole units, never a float.' })
export const integerText = z
  .string()
  .regex(/^-?\d+$/)
  .meta({ description: 'A whole number as text, because it may be larger than a double holds.' })
export const time = z.iso.datetime().meta({ description: 'RFC 3339, in UTC.' })
export const hex = z.string().regex(/^0x[0-9a-fA-F]*$/)

export const money = z.strictObject({ asset: z.string(), amount: decimal }).meta({
  id: 'Money',
  description: 'An amount of an asset, by the id that GET /v1/rails lists.',
  examples: [{ asset: 'USD', amount: '4.2' }],
})
/** As payouts and exchanges say it. */
export const codedMoney = z
  .strictObject({ asset: z.string(), code: z.string(), amount: decimal })
  .meta({ id: 'CodedMoney', description: 'The same with the code that people know.' })

/** What the maker of a resource has written on it for itself. */
export const metadata = z.record(z.string(), z.string())

/** An id of a kind: its prefix, and 32 hex digits that sort by time. */
export function idOf(prefix: string) {
  return z.string().regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`))
}

/** A page: `next` is what `after` of the next one says, where there is one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item), has_more: z.boolean(), next: z.string().optional() })
}

/** A list that is answered whole. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item) })
}

const wrongField = z.strictObject({ path: z.string(), message: z.string() })

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stays; test for it. Every code has a section in /errors.' }),
    hint: z.string(),
    outcome: z.enum(['failed', 'unknown']).meta({ description: 'unknown: repeat the same request, never a new one.' }),
    request_id: z.string(),
    errors: z.array(wrongField).optional(),
    refund: z.string().optional(),
    meta: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', description: 'A refusal (RFC 9457).' })

type Answers = Readonly<Record<number, z.ZodType>>

/** What a few operations have besides. */
type Beside = Readonly<{
  /** What the answers are, where they are not JSON, or not only: the first one has the schema. */
  media?: readonly string[]
  /** What is sent or asked, where the route reads it by itself and its refusals are not ours to write. */
  body?: z.ZodType
  query?: z.ZodType
  params?: z.ZodType
  /** Refusals by their status, besides those of its kind. */
  refuses?: readonly number[]
  /** What stands in a header of its answer, this once. */
  secret?: 'key' | 'webhook' | 'refund'
  /** How a wallet is refused: as an answer of its own protocol, with status 200 or 404. */
  wallet?: z.ZodType
}>

/** What an operation promises. `idempotent`: it takes an Idempotency-Key, and refuses to run without one, or does so for some of its bodies. */
export type Operation = Readonly<{ id: string; answers: Answers; idempotent?: true | 'for_some' }> & Beside

export function answers(id: string, byStatus: Answers, beside: Beside = {}): Operation {
  const { wallet } = beside
  if (!wallet) return { id, answers: byStatus, ...beside }
  const orRefused = Object.entries(byStatus).map(([status, schema]) => [status, z.union([schema, wallet])])
  return { id, answers: { ...Object.fromEntries(orRefused), 404: wallet }, ...beside }
}
export function idempotent(id: string, byStatus: Answers, beside: Beside = {}): Operation {
  return { id, answers: byStatus, idempotent: true, ...beside }
}
/** The same where only some bodies need a key, and the others are harmless by what they hold. */
export function idempotentForSome(id: string, byStatus: Answers): Operation {
  return { id, answers: byStatus, idempotent: 'for_some' }
}
