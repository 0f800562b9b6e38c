import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Books, Claim, Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import { actOf } from './actOf.ts'
import { type Caller, callerId } from './authenticate.ts'
import { type AnsweredFact, readAnsweredFact, toAnsweredFact } from './facts.ts'

const KEY = /^[\x21-\x7e]{8,128}$/
/** Answers kept in memory for a repeat; older ones are read back from the block that their key's claim names. */
const ANSWERS_KEPT = 1_000

/** What an operation makes durable with itself: the key's claim and the answer, so that a repeat gets the same bytes, and who did it. */
type Recorded = Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
/** Turns what was made into the answer, and that into what is recorded along with it. */
export type RecordAlong = (status: number, body: unknown) => Recorded

type Answer = AnsweredFact['data']

export type Idempotency = ReturnType<typeof createIdempotency>

/** Idempotency-Key as in draft-ietf-httpapi-idempotency-key-header-07: missing 400, another request 422, still running 409, else the same answer. */
export function createIdempotency(o: {
  books: Books
  clock: Clock
  ids: Pick<IdSource, 'next'>
  factsAt: (seq: number) => Promise<readonly Fact[]>
  answersKept?: number
}) {
  const { answersKept = ANSWERS_KEPT } = o
  const answers = new Map<string, Answer>()
  const running = new Map<string, string>()

  o.books.remember({
    name: 'http.idempotency',
    form: 2,
    tables: { answers },
    apply(fact) {
      const answered = readAnsweredFact(fact)
      if (!answered) return
      answers.set(answered.id, answered.data)
      if (answers.size > answersKept) answers.delete(answers.keys().next().value!)
    },
  })

  /** Undefined while the first request runs, or is judged and not durable yet. */
  async function answerTo(claimKey: string): Promise<Answer | undefined> {
    const kept = answers.get(claimKey)
    const seq = o.books.claim(claimKey)?.seq
    if (kept || seq === undefined) return kept
    const facts = await o.factsAt(seq)
    return facts.map(readAnsweredFact).find((answered) => answered?.id === claimKey)?.data
  }

  async function replay(reply: FastifyReply, claimKey: string): Promise<FastifyReply> {
    const answer = await answerTo(claimKey)
    if (!answer) throw new GatewayError('request_in_progress', 'The first request with this Idempotency-Key is still running')
    return reply.code(answer.status).header('idempotent-replayed', 'true').type('application/json; charset=utf-8').send(answer.body)
  }

  /** Runs `work` once per (caller, method, path, key). `work` must submit what `record` gives it together with what it makes. */
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    work: (record: RecordAlong) => Promise<void>,
  ): Promise<FastifyReply> => {
    const claimKey = claimKeyOf(request, callerId(caller))
    const fingerprint = fingerprintOf(request)
    const taken = o.books.claim(claimKey)?.fingerprint ?? running.get(claimKey)
    if (taken !== undefined) {
      if (taken !== fingerprint) throw new GatewayError('idempotency_key_reused', 'This Idempotency-Key stands for another request')
      return replay(reply, claimKey)
    }
    running.set(claimKey, fingerprint)
    try {
      await work((status, body) => recordedAlong(o, { request, caller, claimKey, fingerprint, status, body }))
    } finally {
      running.delete(claimKey)
    }
    const answer = await answerTo(claimKey)
    if (!answer) throw new GatewayError('outcome_unknown', 'The answer was not recorded')
    return reply.code(answer.status).type('application/json; charset=utf-8').send(answer.body)
  }
}

type Answered = Readonly<{ request: FastifyRequest; caller: Caller; claimKey: string; fingerprint: string; status: number; body: unknown }>

/** The key's claim, the answer that is kept for a repeat, and who did it. */
function recordedAlong({ clock, ids }: Readonly<{ clock: Clock; ids: Pick<IdSource, 'next'> }>, a: Answered): Recorded {
  const { request, caller, claimKey, fingerprint, status, body } = a
  const at = clock.now()
  const answered = toAnsweredFact({ type: 'idempotency.answered', id: claimKey, at, data: { status, body: JSON.stringify(body) } })
  return {
    claims: [{ key: claimKey, fingerprint }],
    facts: [answered, ...actOf(request, caller, { id: ids.next('act_'), at, status, body })],
  }
}

/** The request's Idempotency-Key, or a refusal. */
export function keyOf(request: Pick<FastifyRequest, 'headers'>): string {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key.length === 0) throw new GatewayError('idempotency_key_missing', 'The request has no Idempotency-Key')
  if (!KEY.test(key)) throw new GatewayError('idempotency_key_missing', 'The Idempotency-Key is not 8 to 128 visible ASCII characters')
  return key
}

/** One key stands for one operation of one caller: the same key on another path or method is another. */
function claimKeyOf(request: FastifyRequest, caller: string): string {
  const key = keyOf(request)
  const path = request.url.split('?')[0]!
  return `idem:${caller}:${request.method}:${path}:${key}`
}

function fingerprintOf({ body }: FastifyRequest): string {
  return hash('sha256', JSON.stringify(body ?? null))
}
