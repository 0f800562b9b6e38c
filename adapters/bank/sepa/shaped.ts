import type { ZodType } from 'zod'
import { BankFileRefused } from '../files/bankFileRefused.ts'

const OFFSET = /(Z|[+-][0-9]{2}:[0-9]{2})$/

/** A time without an offset is taken as UTC: the date, which is what counts, is the same. */
export function timeOf(dateTime: string): number {
  const at = Date.parse(OFFSET.test(dateTime) ? dateTime : `${dateTime}Z`)
  if (Number.isNaN(at)) throw new BankFileRefused(`"${dateTime}" is not a time`)
  return at
}

/** The content in its shape, else a refusal that names the element which has not its form. */
export function shaped<T>(shape: ZodType<T>, content: unknown, within = ''): T {
  const parsed = shape.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = [...(within ? [within] : []), ...(issue?.path ?? [])].join('/')
  throw new BankFileRefused(`${path || 'Document'}: ${issue?.message ?? 'not of the expected form'}`)
}
