import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { PublicAnswer } from '../../ports/publicHttp.ts'
import { errorAnswer } from './wire.ts'

const REASON_MAX = 200

/** An LNURL answer of this shape; what the server says against it, and everything else, is `destination_unreachable`. */
export function readAnswer<T>({ status, url, body }: PublicAnswer, shape: z.ZodType<T>, what: string): T {
  const json = parsed(body)
  const refused = errorAnswer.safeParse(json)
  if (refused.success) {
    throw new GatewayError('destination_unreachable', `${url.host} says no: ${printable(refused.data.reason)}`)
  }
  const read = shape.safeParse(json)
  if (read.success && status < 400) return read.data
  const why = read.success || json === undefined ? `status ${status}` : (read.error.issues[0]?.path.join('.') ?? '')
  throw new GatewayError('destination_unreachable', `${url.host} does not answer with ${what} (${why})`)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Words of a stranger for our own log and answers: one line, bounded. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, ' ').slice(0, REASON_MAX)
}
