import type { AttemptId } from '../../ports/ids.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { AttemptState, Payout } from '../payoutState/payout.ts'
import { askRail } from './reachRail.ts'
import { isWord } from './ruling.ts'

const LOOK_MS = 600_000

/** As the operator is shown problems. */
type Contradiction = Readonly<{ rail: string; what: string; detail: string }>

/**
 * Goes on asking rails for the attempts that persons have ended. What a rail says otherwise changes nothing, because the money has been given back or counted
 * as gone: it is logged and shown, and the difference in the rail's account is for a person.
 */
export function watchContradictions(context: PayoutContext) {
  const found = new Map<AttemptId, Contradiction>()
  let timer: NodeJS.Timeout | undefined

  async function ask(payout: Payout, attempt: AttemptState): Promise<void> {
    const told = await askRail(context, payout, attempt)
    if (!isWord(told) || told.kind === attempt.status) return
    const said = `${attempt.rail} says that ${attempt.id} of ${payout.id} ${told.kind}; ${attempt.ruling?.action} has ended it as ${attempt.status}`
    found.set(attempt.id, { rail: attempt.rail, what: 'a rail contradicts what operators say of an attempt', detail: said })
    context.log.error({ payout: payout.id, attempt: attempt.id, rail: attempt.rail }, said)
  }

  async function look(): Promise<void> {
    for (const payout of context.records.ruled()) {
      for (const attempt of payout.attempts) {
        if (isRuled(attempt) && isServed(context, attempt) && !found.has(attempt.id) && !context.stop.aborted) await ask(payout, attempt)
      }
    }
  }

  return {
    found: (): readonly Contradiction[] => [...found.values()],
    /** Looks now and from time to time, until `stop`. */
    start(): void {
      void look()
      timer ??= setInterval(() => void look(), LOOK_MS).unref()
      context.stop.addEventListener('abort', () => clearInterval(timer), { once: true })
    },
  }
}

function isRuled({ ruling, status }: AttemptState): boolean {
  return ruling?.outcome === status
}

/** A rail that is configured no more cannot be asked. */
function isServed({ senders }: PayoutContext, { rail, amount }: AttemptState): boolean {
  return senders.some((sender) => sender.rail === rail && sender.asset.id === amount.asset.id)
}
