import { z } from 'zod'

/** What schemas of events share. */
export const text = z.string()
export const count = z.int().nonnegative()
/** RFC 3339, to the millisecond. */
export const time = z.iso.datetime()
/** A decimal string of whole units, and the id of the asset. */
export const amount = z.strictObject({ asset: z.string(), amount: z.string() })

/** A type of event: which version of its data this is, and what it says. */
export function event<S extends z.ZodType>(version: number, summary: string, data: S) {
  return { version, summary, data }
}
