import { pathOf, queryOf } from './address.ts'
import { readAnswer, refusalOf } from './answer.ts'
import { API_VERSION } from './generated/operations.ts'
import type { KeyedOptions, Operation, Query } from './operation.ts'
import { waitBeforeRepeat } from './repeats.ts'
import { slept } from './slept.ts'
import { type Known, SwitchyardError } from './switchyardError.ts'

/** For a call with all its repeats. */
const DEADLINE_MS = 60_000
const JSON_TYPE = 'application/json'
const SERVER_ERROR = 500
const TOO_MANY = 429

/** Where the gateway is, and how it is asked. */
export type Connection = Readonly<{ url: string; key?: string | undefined; fetch: typeof fetch; deadlineMs?: number | undefined }>

/** What is asked of an operation. */
type Asked = Readonly<{
  id: string
  operation: Operation
  params: readonly string[]
  body?: unknown
  query?: Query | undefined
  options: KeyedOptions
}>

/**
 * The answer of an operation. It is sent again, under the same Idempotency-Key, where that does nothing twice, a bounded number of times and within the
 * deadline; what may have been done all the same is said by `outcome` of the error.
 */
export async function call(connection: Connection, asked: Asked): Promise<unknown> {
  const { id, operation, options } = asked
  const idempotencyKey = operation.keyed ? (options.idempotencyKey ?? crypto.randomUUID()) : undefined
  const known: Known = { operation: id, idempotencyKey, outcome: operation.verb === 'GET' ? 'failed' : 'unknown' }
  const harmless = operation.verb === 'GET' || operation.keyed === true
  const endsAt = performance.now() + (options.deadlineMs ?? connection.deadlineMs ?? DEADLINE_MS)
  const leftMs = () => Math.ceil(Math.max(0, endsAt - performance.now())) // not money: a time
  const request = requestOf(connection, asked, idempotencyKey)
  if (options.signal?.aborted)
    throw new SwitchyardError('aborted', 'not sent', { ...known, outcome: 'failed', cause: options.signal.reason })
  let mayStand = false
  for (let tries = 1; ; tries++) {
    const said = await oneTry(connection, { request, asked, known, leftMs: leftMs() })
    if (!(said instanceof SwitchyardError)) return said
    mayStand ||= said.outcome === 'unknown'
    const waitMs = waitBeforeRepeat({ error: said, tries, harmless, leftMs: leftMs(), chance: Math.random() }) // not money: a chance
    if (waitMs === undefined) throw mayStand && !isFinal(said) ? said.as('unknown') : said
    if (!(await slept(waitMs, options.signal)))
      throw new SwitchyardError('aborted', 'given up', {
        ...known,
        outcome: mayStand ? 'unknown' : 'failed',
        cause: options.signal?.reason,
      })
  }
}

/** A refusal that says what became of the operation: to be told to come later says nothing of a try before. */
function isFinal({ outcome, status }: SwitchyardError): boolean {
  return outcome === 'failed' && status !== undefined && status < SERVER_ERROR && status !== TOO_MANY
}

/** What every request says of who asks, and in which spelling of the API. */
export function headersOf({ key }: Connection, more: Readonly<Record<string, string>>): Record<string, string> {
  return { 'switchyard-version': API_VERSION, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...more }
}

type Request = Readonly<{ url: string; init: RequestInit }>

function requestOf(connection: Connection, { operation, params, body, query }: Asked, idempotencyKey: string | undefined): Request {
  const headers = headersOf(connection, {
    accept: operation.text ? '*/*' : JSON_TYPE,
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(body === undefined ? {} : { 'content-type': JSON_TYPE }),
  })
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  // A redirect is no answer of the API, and a key must not follow one elsewhere.
  const init = { method: operation.verb, headers, redirect: 'manual', ...sent } as const
  return { url: `${connection.url}${pathOf(operation.path, params)}${queryOf(query)}`, init }
}

type Try = Readonly<{ request: Request; asked: Asked; known: Known; leftMs: number }>

/** One try: what it answered, or what is known of it. */
async function oneTry({ fetch }: Connection, { request, asked: { operation, options }, known, leftMs }: Try): Promise<unknown> {
  const late = AbortSignal.timeout(leftMs)
  const signal = options.signal ? AbortSignal.any([late, options.signal]) : late
  try {
    const response = await fetch(request.url, { ...request.init, signal })
    const value = await readAnswer(response, operation.text)
    return response.ok && value !== undefined ? withGiven(value, response, operation) : refusalOf(response, value, known)
  } catch (cause) {
    if (options.signal?.aborted) return new SwitchyardError('aborted', 'given up', { ...known, cause })
    if (late.aborted) return new SwitchyardError('deadline_exceeded', 'no answer in time', { ...known, cause })
    return new SwitchyardError('not_reached', 'no answer', { ...known, cause })
  }
}

/** What an answer says in headers, as fields of it; null where a repeated answer has it no more. */
function withGiven(value: unknown, response: Response, { given }: Operation): unknown {
  if (!given) return value
  const fields = Object.entries(given).map(([header, field]) => [field, response.headers.get(header)])
  return Object.assign({}, value, Object.fromEntries(fields))
}
