import { z } from 'zod'
import type { GatewayError } from '../../errors/gatewayError.ts'
import type { Json } from '../../ports/books.ts'
import type { AppAnswer, AppErrorCode } from '../../ports/walletApps.ts'

export type Refusal = Extract<AppAnswer, { error: unknown }>

/** What refusals of ours are called in NIP-47. */
const CODES: Readonly<Record<string, AppErrorCode>> = {
  insufficient_balance: 'INSUFFICIENT_BALANCE',
  invalid_request: 'PAYMENT_FAILED',
  invalid_amount: 'OTHER',
  no_rail: 'PAYMENT_FAILED',
  too_busy: 'RATE_LIMITED',
  too_many_open: 'RATE_LIMITED',
  own_account: 'OTHER',
}

/** What is wrong with a destination, as `createPayout` says it. */
const listed = z.array(z.object({ message: z.string() }))

/** A no, with its reason for the app's user. */
export function refuse(code: AppErrorCode, message: string): Refusal {
  return { error: { code, message } }
}

/** An expected refusal of ours as an app is told it. */
export function refusalOf(error: GatewayError): Refusal {
  const errors = listed.safeParse(error.meta.errors)
  const why = errors.success ? errors.data.map(({ message }) => message) : []
  return refuse(CODES[error.code] ?? 'INTERNAL', [error.shortMessage, ...why].join(': '))
}

/** Does the work with parameters of this shape, or says what is wrong with them. */
export async function withParams<T>(shape: z.ZodType<T>, params: Json, work: (wanted: T) => Promise<AppAnswer>): Promise<AppAnswer> {
  const read = shape.safeParse(params)
  if (read.success) return work(read.data)
  const issue = read.error.issues[0]
  return refuse('OTHER', `${issue?.path.join('.') ?? 'params'}: ${issue?.message ?? 'wrong'}`)
}
