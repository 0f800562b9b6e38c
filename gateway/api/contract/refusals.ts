import { z } from 'zod'
import { opened } from './describe.ts'
import { problem } from './shapes.ts'

/** What each kind of operation can refuse. */
const REFUSALS = {
  400: ['BadRequest', 'The request cannot be read, or a field is wrong: errors names each.'],
  401: ['NoKey', 'No key, or none that is known.'],
  402: ['NotPaid', 'There is not so much there, or what was sent to pay with was not taken; nothing was moved.'],
  403: ['NotAllowed', 'The key is not for that.'],
  404: ['NotFound', 'There is nothing of yours under this id.'],
  409: ['Conflict', 'It stands otherwise meanwhile, or the first request under this Idempotency-Key still runs.'],
  410: ['Gone', 'It was there, and has ended.'],
  413: ['TooLarge', 'The body is larger than this operation reads.'],
  415: ['NotJson', 'The body is not JSON.'],
  421: ['OtherHost', 'The request was meant for another host.'],
  422: ['NotPossible', 'The Idempotency-Key stands for another request, or what was asked cannot be done.'],
  429: ['TooMany', 'Too much was asked from there: Retry-After says when to come again.'],
  500: ['Unexpected', 'Something nobody expected: the outcome is unknown, so repeat the same request.'],
  502: ['PeerFailed', 'A server elsewhere that was needed did not answer as it should.'],
  503: ['Away', 'A rail or the books are away: Retry-After says when to come again.'],
} as const
type Status = keyof typeof REFUSALS

const ALWAYS: readonly Status[] = [400, 421, 429, 500, 503]
const KEYED: readonly Status[] = [401, 403]
const WRITES: readonly Status[] = [402, 409, 422]
const WITH_BODY: readonly Status[] = [413, 415]
const RETRIED: ReadonlySet<number> = new Set([409, 429, 503])

/** `namesThings`: by ids in its path, its query or its body, behind which there may be nothing. */
type Asked = Readonly<{ method: string; isKeyless: boolean; hasBody: boolean; namesThings: boolean; also: readonly number[] }>

/** The refusals of one operation, by their status, as references to what stands once in the description. */
export function refusalsOf({ method, isKeyless, hasBody, namesThings, also }: Asked): Record<string, { $ref: string }> {
  const statuses = new Set<number>([
    ...ALWAYS,
    ...(isKeyless ? [] : KEYED),
    ...(namesThings ? [404] : []),
    ...(method === 'get' ? [] : WRITES),
    ...(hasBody ? WITH_BODY : []),
    ...also,
  ])
  const rows = [...statuses].toSorted((a, b) => a - b).map((status) => [status, { $ref: nameOf(status as Status) }])
  return Object.fromEntries(rows)
}

function nameOf(status: Status): string {
  return `#/components/responses/${REFUSALS[status][0]}`
}

/** What `refusalsOf` refers to in some operation: each is the same problem (RFC 9457). */
export function refusalComponents(used: ReadonlySet<string>): Record<string, object> {
  const there = Object.entries(REFUSALS).filter(([, [name]]) => used.has(name))
  const rows = there.map(([status, [name, description]]) => {
    const headers = RETRIED.has(Number.parseInt(status, 10))
      ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }
      : {}
    const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
    return [name, { description, ...headers, content }]
  })
  return Object.fromEntries(rows)
}

export function problemSchema(): unknown {
  const { $defs } = z.toJSONSchema(problem)
  return opened($defs!.Problem) // Under its name, which it has by its meta.
}
