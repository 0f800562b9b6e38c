import { finished, type Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import { chargeBy } from '../../payins/claim/chargeBy.ts'
import type { Answer } from '../../payins/claim/paidRequest.ts'
import type { Clock } from '../../ports/clock.ts'
import type { KeptAnswers } from '../../ports/keptAnswers.ts'
import { flowing } from '../../seller/flow.ts'
import type { RunningMeter } from '../../seller/meter.ts'
import { type Keeping, keepLong, readableOf } from './keepAnswer.ts'
import type { Paywall, Run } from './paywall.ts'

type Parts = Readonly<{
  paywall: Pick<Paywall, 'told' | 'finish'>
  answers: KeptAnswers | undefined
  clock: Clock
  log: { error: (error: unknown) => void }
}>
type Metered = Readonly<{ payload: Readable | ReadableStream; run: Run; meter: RunningMeter; keeping: Keeping; answer: Answer }>

/**
 * The stream of work that is paid by its use, as its payer gets it: its beginning is durable, and so is each step that it uses, before more of it is given. It
 * is charged what it has used when nothing more is read of it: where it is kept it is read on for a payer who has gone, else it ends with its reader. One that
 * is paid by a signature is cut off while that can still be collected.
 */
export async function giveMetered(
  { paywall, answers, clock, log }: Parts,
  reply: Pick<FastifyReply, 'statusCode' | 'getHeader'>,
  { payload, run, meter, keeping, answer }: Metered,
): Promise<ReadableStream<Uint8Array>> {
  const { request, proof } = run
  const source = readableOf(payload)
  const told = ({ status, contentType }: Answer, used: Money) => paywall.told(request, { status, contentType, used })
  const used = meter.meter.spent()
  await told(answer, used)
  meter.tellBy((more) => told(answer, more), used)

  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const over = (): void => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    paywall.finish(request, { ...answer, used: meter.end() }).catch((error: unknown) => log.error(error))
  }
  if (proof?.kind === 'authorization') {
    const leftMs = max(chargeBy(proof.authorization.validBefore) - clock.now(), 0)
    timer = setTimeout(() => {
      const late = new GatewayError('request_interrupted', 'The signature that pays for it ends')
      meter.cut(late)
      source.destroy(late)
    }, leftMs)
  }
  const long = await keepLong(answers, reply, { payload: source, request, keeping, onOver: over })
  if (!long) finished(source, over)
  const { owes, covered } = meter
  return flowing(long ? (long.give() as Readable) : source, { owes, covered, end: () => {}, onCut: () => {} }) // A stream is given as one.
}
