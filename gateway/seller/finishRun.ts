import { GatewayError } from '../errors/gatewayError.ts'
import type { Flow } from './flow.ts'
import type { AnswerKeeper } from './keepAnswers.ts'
import type { RunningMeter } from './meter.ts'
import { amountOf, flowOf } from './meteredAnswer.ts'
import { problemReply } from './problem.ts'
import type { AnswerCall, Reply, RunOrder } from './wire.ts'

/** From this status on the work was not delivered, and the money goes back. */
const FAILED_STATUS_MIN = 400
const NOT_GIVEN_STATUS = 503

/** What the work answered. `body` is undefined where it is streamed, too long to keep, or no text. `open`: it has not ended. */
type Answer = Readonly<{ status: number; contentType: string; body: string | undefined; open: boolean }>

export type Finish = (answer: Answer) => Promise<Finished>

/** The answer may be given with these headers, as its flow lets it go where it has one, or another is given in its place. */
export type Finished =
  | Readonly<{ kind: 'give'; headers: readonly (readonly [string, string])[]; flow?: Flow }>
  | Readonly<{ kind: 'reply'; reply: Reply }>

type Run = Readonly<{
  order: RunOrder
  attempt: string
  meter: RunningMeter | undefined
  keeper: AnswerKeeper
  log: (line: string) => void
}>

/** Has the answer kept, or that it goes out, with what its work has used where that is metered. */
export async function finishRun(run: Run, { status, contentType, body, open }: Answer): Promise<Finished> {
  const { order, attempt, meter, keeper } = run
  const { claim, receipt, headers, answer_by: answerBy } = order
  const told = { claim, attempt, status, content_type: contentType }
  const isFailed = status >= FAILED_STATUS_MIN
  if (meter && open && !isFailed) return beginAnswer({ ...run, meter }, told)
  const whole = { ...told, ...(body === undefined ? {} : { body }), ...(meter ? { used: amountOf(meter.end()) } : {}) }
  const kept = await keeper.keep(whole, answerBy)
  if (kept !== 'kept') return notGiven(kept, receipt)
  return { kind: 'give', headers: isFailed ? headers.failed : headers.served }
}

/** Tells that the answer of metered work goes out. */
async function beginAnswer({ order, meter, keeper, log }: Run & Readonly<{ meter: RunningMeter }>, told: AnswerCall): Promise<Finished> {
  const { receipt, headers, answer_by: answerBy } = order
  const used = meter.meter.spent()
  const kept = await keeper.keep({ ...told, used: amountOf(used), open: true }, answerBy)
  if (kept === 'kept') return { kind: 'give', headers: headers.served, flow: flowOf({ told, meter, used, answerBy, keeper, log }) }
  meter.end()
  // Nothing of it goes out, whatever the gateway hears first.
  if (kept === 'unknown') void keeper.tell({ ...told, status: NOT_GIVEN_STATUS }, answerBy)
  return notGiven(kept, receipt)
}

function notGiven(kept: 'late' | 'refused' | 'unknown', receipt: string): Finished {
  const error =
    kept === 'unknown'
      ? new GatewayError('outcome_unknown', 'The work is done, and the gateway does not answer')
      : new GatewayError('request_interrupted', 'The answer came after its time', { meta: { receipt } })
  return { kind: 'reply', reply: problemReply(error) }
}
