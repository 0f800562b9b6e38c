import type { Example } from './price.ts'

type Headers = readonly (readonly [string, string])[]

/** An answer to the payer that the seller hands on as it is. */
export type Reply = Readonly<{ status: number; headers: Headers; body: string }>

type Amount = Readonly<{ asset: string; amount: string }>

/** A call of a batch (`POST /v1/admissions/batches`), as `POST /v1/admissions` takes it. */
export type AdmissionCall = Readonly<{
  attempt: string
  request: Readonly<{
    method: string
    url: string
    route: string
    headers: Readonly<Record<string, string>>
    body_digest?: string
    from?: string
  }>
  price: Amount & Readonly<{ upto?: true }>
  price_of: 'route' | 'request'
  pass?: Readonly<{ uses?: number; budget?: Amount; for_ms?: number; price?: Amount }>
  split?: string
  payee?: string
  description?: string
  listed?: Readonly<{ example?: Example }>
  agents?: 'required' | readonly string[]
  answer_within_s?: number
}>

/**
 * `answer_by`: until when (ms) the gateway waits for the answer. `upto`: what the payer has promised at most, where the work says what it used. `headers`:
 * those that the payer's answer gets once it is kept.
 */
export type RunOrder = Readonly<{
  kind: 'run'
  claim: string
  receipt: string
  answer_by: number
  upto?: Amount
  headers: Readonly<{ served: Headers; failed: Headers }>
}>

/** Under a pass for a time the work may run, and the gateway is not told of its answer. */
type OpenOrder = Readonly<{ kind: 'open'; headers: Headers }>

/** What the gateway says to it. */
export type AdmissionReply = RunOrder | OpenOrder | (Reply & Readonly<{ kind: 'replayed' | 'unpaid' | 'refused' }>)

/**
 * The other, as `POST /v1/admissions/answers` takes it. `used`: all that the work has used of a maximum so far. `open`: its answer goes out, and more may
 * follow.
 */
export type AnswerCall = Readonly<{
  claim: string
  attempt: string
  status: number
  content_type: string
  body?: string
  used?: Amount
  open?: true
}>

const KINDS = ['run', 'open', 'replayed', 'unpaid', 'refused']

/** The reply as it was sent; undefined for anything else, such as the page of a proxy in between. */
export function readAdmission(value: unknown): AdmissionReply | undefined {
  const reply = objectOf(value) as AdmissionReply | undefined // Its kind is looked at, and the gateway is trusted with the rest.
  return reply && KINDS.includes(reply.kind) ? reply : undefined
}

/** The code and the words of a refusal, as far as they can be read. */
export function readProblem(value: unknown): Readonly<{ code?: string; detail?: string }> {
  return objectOf(value) ?? {}
}

function objectOf(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined
}
