import type { FastifyReply } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Answer, PaidRequest } from '../../payins/claim/paidRequest.ts'
import { FAILED_STATUS_MIN } from '../../payins/claim/paidRequests.ts'
import { whenOver } from '../../seller/begunAnswer.ts'
import type { Meter } from './meter.ts'
import { meteredStream } from './meteredStream.ts'
import type { Paywall, Run } from './paywall.ts'

type Sending = Readonly<{ paywall: Paywall; run: Run; meter: Meter; answer: Answer; origin: string }>
type Stream = AsyncIterable<unknown>

/** Work that says what it uses while its answer goes out: what it has used when that ends, or is broken off, is what it costs. */
export async function sendMetered(
  { paywall, run, meter, answer, origin }: Sending,
  payload: Stream,
  reply: FastifyReply,
): Promise<unknown> {
  const { steps } = run
  const over = new AbortController()
  const finish = async (): Promise<void> => {
    const open = steps?.open(meter.spent().units) ?? { request: run.request, used: meter.spent() }
    await paywall.finish(open.request, { ...answer, used: open.used })
  }
  // Made while it is looked at, because the answer is told before it is given.
  const { headers } = await paywall.shown(run, answer, origin)
  for (const [name, value] of headers) reply.header(name, value)
  if (!steps) {
    whenOver(reply, () => void finish().catch((error: unknown) => reply.log.error(error)))
    return payload
  }
  whenOver(reply, () => over.abort())
  const isEvents = answer.contentType.startsWith('text/event-stream')
  return meteredStream(payload, { meter, steps, isEvents, signal: over.signal, ended: finish })
}

/**
 * What a whole answer is recorded with: all that it used is claimed. Where its session's vouchers do not cover that, it is withheld and nothing is taken: throws
 * `session_balance_low`, after `onFailed`.
 */
export async function coveredOf({ steps }: Run, meter: Meter, answer: Answer, onFailed: () => void): Promise<Answer> {
  if (!steps) return { ...answer, used: meter.spent() }
  // Work that failed costs nothing.
  const needed = answer.status < FAILED_STATUS_MIN ? await steps.whole(meter.spent().units) : undefined
  if (!needed) return { ...answer, used: steps.open(meter.spent().units).used }
  onFailed()
  throw new GatewayError('session_balance_low', 'The answer uses more than the vouchers of this session cover', { meta: needed })
}

/** The request that an answer is recorded for: of work that is paid in steps the last one. */
export function openOf({ request, steps }: Run, meter: Meter | undefined): PaidRequest {
  return steps?.open(meter?.spent().units ?? 0n).request ?? request
}

export function isStream(payload: unknown): payload is Stream {
  return payload instanceof ReadableStream || (typeof payload === 'object' && payload !== null && 'pipe' in payload)
}
