import { GatewayError } from '../errors/gatewayError.ts'
import { USD } from '../money/asset.ts'
import { min } from '../money/integers.ts'
import { formatAmount, type Money, parseAmount } from '../money/money.ts'
import type { Flow } from './flow.ts'
import type { AnswerKeeper } from './keepAnswers.ts'
import { createMeter, type RunningMeter } from './meter.ts'
import { type Price, stepOfUpto, type Upto } from './price.ts'
import type { AnswerCall, RunOrder } from './wire.ts'

/** The last word is sent so long before the gateway waits no more, or a tenth of the time before. */
const LAST_WORD_MS = 5_000

/** The meter of a run, up to what its payer has promised. */
export function meterFor(price: Upto, { upto }: RunOrder): RunningMeter {
  const [asked, promised] = [price.upto, upto ?? price.upto].map(({ amount }) => parseAmount(amount, USD).units)
  const most = min(asked!, promised!)
  return createMeter({ most, step: min(stepOfUpto(price), most) })
}

/** As the wire says it. */
export function amountOf(used: Money): Price {
  return { asset: 'USD', amount: formatAmount(used) }
}

type Begun = Readonly<{
  told: AnswerCall
  meter: RunningMeter
  used: Money
  answerBy: number
  keeper: Pick<AnswerKeeper, 'tell'>
  log: (line: string) => void
}>

/** How an answer goes out of which the gateway knows what it has `used` so far: each step is told, and what it used in the end, once, whatever ends it. */
export function flowOf({ told, meter, used, answerBy, keeper, log }: Begun): Flow {
  let isOver = false
  let cut = (_: Error): void => {}
  const leftMs = answerBy - Date.now()
  const timer = setTimeout(atItsTime, leftMs - min(LAST_WORD_MS, leftMs / 10))

  function atItsTime(): void {
    const error = new GatewayError('request_interrupted', 'The time of the work is over, and nothing more is paid')
    end(meter.cut(error))
    cut(error)
  }

  function end(spent: Money, text?: string): void {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    const body = text === undefined ? {} : { body: text }
    void keeper.tell({ ...told, ...body, used: amountOf(spent) }, answerBy).then((kept) => {
      if (kept === 'late') log(`the gateway was told too late what the work of ${told.claim} used in the end: it charged what it knew`)
    })
  }

  meter.tellBy(async (more) => {
    const kept = await keeper.tell({ ...told, used: amountOf(more), open: true }, answerBy)
    if (kept !== 'kept' && !isOver) throw new GatewayError('gateway_unreachable', 'The gateway does not take what the work has used')
  }, used)
  return {
    owes: meter.owes,
    covered: meter.covered,
    end: (text) => end(meter.end(), text),
    onCut: (listener) => {
      cut = listener
    },
  }
}
