import { GatewayError } from '../../errors/gatewayError.ts'
import type { RailName } from '../../ports/railName.ts'

/** The work's result, or `rail_unavailable` when it takes longer than `ms`. */
export async function withDeadline<T>(work: Promise<T>, { rail, ms }: Readonly<{ rail: RailName; ms: number }>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GatewayError('rail_unavailable', `${rail} did not answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
