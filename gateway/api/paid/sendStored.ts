import type { FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { KeptAnswers } from '../../ports/keptAnswers.ts'
import { sendProblem } from '../http/problem.ts'
import { type ByteRange, byteRange } from './byteRange.ts'
import { eventAfter } from './eventAfter.ts'
import type { Stored } from './paywall.ts'

/** On what is left of an answer whose work broke off, that it is a part, and how long. */
const CUT_HEADER = 'switchyard-cut'

type Asked = Readonly<{ request: FastifyRequest; answers: Pick<KeptAnswers, 'read'> }>

/**
 * Gives an answer that is kept beside the journal: all that there is of it, the range that is asked for, or the events after the last one that the payer has
 * seen.
 */
export async function sendStored(reply: FastifyReply, entry: Stored, asked: Asked): Promise<FastifyReply> {
  const { answer, headers, stored, receipt } = entry
  const etag = `"${stored.digest}"`
  for (const [name, value] of headers) reply.header(name, value)
  reply.header('accept-ranges', 'bytes').header('etag', etag)
  if (stored.isCut) reply.header(CUT_HEADER, `bytes=${stored.bytes}`)
  const events = await eventsAfter(entry, asked)
  if (events === stored.bytes) return reply.code(204).send()
  const range = events === undefined ? rangeOf(asked.request, { etag, bytes: stored.bytes }) : { from: events, end: stored.bytes }
  if (range === 'none') {
    reply.header('content-range', `bytes */${stored.bytes}`)
    const meta = { bytes: stored.bytes }
    return sendProblem(
      reply,
      new GatewayError('range_not_satisfiable', `The answer has ${stored.bytes} bytes, none of them in that range`, {
        meta,
      }),
    )
  }
  const { from, end } = range === 'whole' ? { from: 0, end: stored.bytes } : range
  const body = from === end ? '' : await asked.answers.read(receipt, { from, end })
  if (body === undefined)
    return sendProblem(
      reply,
      new GatewayError('answer_not_kept', 'What was kept of the answer is gone', { meta: { receipt, status: 200 } }),
    )
  const isPart = range !== 'whole' && events === undefined
  // How long it would have been nobody knows (RFC 9110 section 14.4).
  if (isPart) reply.header('content-range', `bytes ${from}-${end - 1}/${stored.isCut ? '*' : stored.bytes}`)
  return reply
    .code(isPart ? 206 : answer.status)
    .type(answer.contentType)
    .header('content-length', end - from)
    .send(body)
}

/** A part of another answer than the payer has begun would spoil what it has (RFC 9110 section 13.1.5). */
function rangeOf({ headers }: FastifyRequest, { etag, bytes }: Readonly<{ etag: string; bytes: number }>): ByteRange | 'whole' | 'none' {
  const condition = headers['if-range']
  return condition === undefined || condition === etag ? byteRange(headers.range, bytes) : 'whole'
}

/** Where the events begin that come after the one which the payer has seen last; 0 for one that is not among them, undefined where none is named. */
async function eventsAfter({ answer, stored, receipt }: Stored, { request, answers }: Asked): Promise<number | undefined> {
  const id = request.headers['last-event-id']
  if (typeof id !== 'string' || id === '' || !/^text\/event-stream\b/i.test(answer.contentType)) return undefined
  const all = await answers.read(receipt, { from: 0, end: stored.bytes })
  // Header fields are read as Latin-1, and ids are sent as UTF-8.
  return all === undefined ? 0 : ((await eventAfter(all, Buffer.from(id, 'latin1'))) ?? 0)
}
