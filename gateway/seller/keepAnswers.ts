import { type GatewayCalls, pause } from './gatewayCalls.ts'
import type { AnswerCall } from './wire.ts'

/** A payer waits this long for the gateway to keep its answer. */
const PAYER_WAIT_MS = 15_000
/** The gateway waits longer for answers when it was away itself. */
const GIVE_UP_AFTER_MS = 300_000
const PAUSE_MS = 100
const PAUSE_MS_MAX = 5_000
/** Answers that wait for a gateway that is away: 64 MB at most. */
const WAITING_MAX = 1_000

export type AnswerKeeper = ReturnType<typeof createAnswerKeeper>

/** `unknown`: it is still being told; the payer asks again for it. */
type Kept = 'kept' | 'late' | 'refused' | 'unknown'

/**
 * Tells the gateway what was answered, until it says that it has it: work that was done is not lost because the gateway is away for a while.
 * `answerBy` (ms) is until when the gateway expects it.
 */
export function createAnswerKeeper({
  calls,
  log,
  payerWaitMs = PAYER_WAIT_MS,
}: {
  calls: Pick<GatewayCalls, 'answer'>
  log: (line: string) => void
  payerWaitMs?: number
}) {
  const waiting = new Set<Promise<Kept>>()

  function begin(call: AnswerCall, answerBy: number): Promise<Kept> {
    const told = tell(call, answerBy)
    waiting.add(told)
    void told.finally(() => waiting.delete(told))
    return told
  }

  async function tell(call: AnswerCall, answerBy: number): Promise<Kept> {
    const end = answerBy + GIVE_UP_AFTER_MS
    for (let ms = PAUSE_MS; ; ms = ms * 2 > PAUSE_MS_MAX ? PAUSE_MS_MAX : ms * 2) {
      const outcome = await calls.answer(call)
      if (outcome === 'refused') log(`the gateway does not take the answer of ${call.claim}: its payer gets the money back`)
      if (outcome !== 'away') return outcome
      if (Date.now() > end) {
        log(`the gateway was away too long for the answer of ${call.claim}: its payer gets the money back`)
        return 'late'
      }
      await pause(ms)
    }
  }

  return {
    /** True while so many answers wait that no more work should be done. */
    isFull: (): boolean => waiting.size >= WAITING_MAX,
    /** Answers when the gateway has it, at most as long as a payer waits; then it goes on by itself. */
    async keep(call: AnswerCall, answerBy: number): Promise<Kept> {
      const told = begin(call, answerBy)
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<Kept>((resolve) => {
        timer = setTimeout(() => resolve('unknown'), payerWaitMs)
      })
      try {
        return await Promise.race([told, late])
      } finally {
        clearTimeout(timer)
      }
    },
    /** Answers when it is known what became of it, however long that takes. */
    tell: begin,
    /** Resolves when no answer waits any more. */
    async settled(): Promise<void> {
      await Promise.all(waiting)
    },
  }
}
