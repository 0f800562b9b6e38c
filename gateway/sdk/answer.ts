import { boundedText } from '../client/offers/boundedText.ts'
import type { Problem } from './generated/types.ts'
import { codeOf, type Known, SwitchyardError } from './switchyardError.ts'

/** The longest page of a list is far below. */
const ANSWER_BYTES_MAX = 16_777_216
const MS_PER_S = 1000
const SERVER_ERROR = 500
const NO_CONTENT = 204

/** What an answer has, null where it has nothing; undefined where it is no JSON though it should be, or too long. Throws where it breaks off. */
export async function readAnswer(response: Response, isText = false): Promise<unknown> {
  if (response.status === NO_CONTENT) return null
  const text = await boundedText(response, ANSWER_BYTES_MAX)
  if (isText && response.ok) return text
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a refusal says. Without the gateway's own words nothing is known of what was done, unless somebody before it refused. */
export function refusalOf(response: Response, value: unknown, known: Known): SwitchyardError {
  const { status } = response
  const waitMs = retryAfterMs(response)
  const said = { ...known, status, retryAfterMs: waitMs }
  if (isProblem(value))
    return new SwitchyardError(codeOf(value), value.title, {
      ...said,
      outcome: known.outcome === 'failed' ? 'failed' : value.outcome,
      problem: value,
    })
  const refusedBefore = status >= 300 && status < SERVER_ERROR
  return new SwitchyardError('unreadable_answer', `${status} without JSON of the API`, {
    ...said,
    outcome: refusedBefore ? 'failed' : known.outcome,
  })
}

function isProblem(value: unknown): value is Problem {
  const { code, outcome } = (value ?? {}) as Partial<Problem>
  return typeof code === 'string' && (outcome === 'failed' || outcome === 'unknown')
}

/** `Retry-After` in seconds; a date, which no gateway of ours says, counts as none. */
function retryAfterMs(response: Response): number | undefined {
  const seconds = response.headers.get('retry-after')
  return seconds !== null && /^\d{1,6}$/.test(seconds) ? Number.parseInt(seconds, 10) * MS_PER_S : undefined // not money: a time
}
