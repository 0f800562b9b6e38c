import type { FastifyReply } from 'fastify'
import type { Answer, PaidRequest } from '../../payins/claim/paidRequest.ts'
import { FAILED_STATUS_MIN } from '../../payins/claim/paidRequests.ts'
import { whenOver } from '../../seller/begunAnswer.ts'
import type { RunningMeter } from '../../seller/meter.ts'
import { meteredStream } from './meteredStream.ts'
import type { Paywall, Run } from './paywall.ts'
import type { Steps } from './sessionSteps.ts'

type Sending = Readonly<{ paywall: Paywall; run: Run; steps: Steps; meter: RunningMeter; answer: Answer; origin: string }>
type Stream = AsyncIterable<unknown>

/** Work that a session pays step by step while its answer goes out: what it has used when that ends, or is broken off, is what it costs. */
export async function sendStepped(
  { paywall, run, steps, meter, answer, origin }: Sending,
  payload: Stream,
  reply: FastifyReply,
): Promise<unknown> {
  const over = new AbortController()
  const ended = async (): Promise<void> => {
    const { request, used } = steps.open(meter.end().units)
    await paywall.finish(request, { ...answer, used })
  }
  const { headers } = await paywall.shown(run, answer, origin)
  for (const [name, value] of headers) reply.header(name, value)
  whenOver(reply, () => over.abort())
  const isEvents = answer.contentType.startsWith('text/event-stream')
  return meteredStream(payload, { meter: meter.meter, steps, isEvents, signal: over.signal, ended })
}

/**
 * What a whole answer is recorded with: all that it used is claimed. Where its session does not cover that, it is withheld and nothing is taken:
 * throws `session_balance_low` or `session_deposit_low`, after `onFailed`.
 */
export async function coveredOf({ steps }: Run, meter: RunningMeter, answer: Answer, onFailed: () => void): Promise<Answer> {
  const used = meter.end()
  if (!steps) return { ...answer, used }
  // Work that failed costs nothing.
  const needed = answer.status < FAILED_STATUS_MIN ? await steps.whole(used.units) : undefined
  if (!needed) return { ...answer, used: steps.open(used.units).used }
  onFailed()
  throw steps.low(needed)
}

/** The request that an answer is recorded for: of work that is paid in steps the last one. */
export function openOf({ request, steps }: Run, meter: RunningMeter | undefined): PaidRequest {
  return steps?.open(meter?.meter.spent().units ?? 0n).request ?? request
}
