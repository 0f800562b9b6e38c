import { setTimeout as sleep } from 'node:timers/promises'
import { isGatewayError } from '../errors/gatewayError.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import type { PayinsFace } from '../payins/openPayins.ts'
import type { Refunds } from './openRefunds.ts'

type Deposits = PayinsFace['passes']['deposits']
type Session = ReturnType<Deposits['owing']>[number]

const SWEEP_EVERY_MS = 5_000
/** Begun in one sweep, so that many that end at once do not fill the queue of the books. */
const SWEEP_MAX = 200
/** So long whoever closes a session is kept waiting for the end of the payment. */
const WAIT_MS = 10_000
const LOOK_EVERY_MS = 50
/** What says that this invoice will never be paid; anything else is tried again. */
const NEVER = ['invalid_request', 'invalid_amount', 'refund_not_due', 'not_found', 'own_account', 'no_rail'] as const

/** What became of what was left. `pending`: it is on its way, or not known yet, and never paid a second time. */
type ReturnStatus = 'succeeded' | 'failed' | 'pending' | 'skipped'

export type SessionReturns = ReturnType<typeof openSessionReturns>

/**
 * Pays what is left of closed sessions to their return invoices: by one payout each, which is begun once over any restart. What could not be paid waits behind
 * the refund's link, as after work that failed.
 */
export function openSessionReturns({ deposits, refunds, log, sweepEveryMs = SWEEP_EVERY_MS }: Parts) {
  const inTurn = createInTurn()
  let timer: NodeJS.Timeout | undefined
  let sweeping = Promise.resolve()
  let isClosed = false

  async function begin(session: Session): Promise<void> {
    if (!deposits.isOwing(session)) return
    try {
      await deposits.returned(session, { payout: await refunds.payReturn(session.receipt, session.returnInvoice) })
    } catch (error) {
      const code = NEVER.find((one) => isGatewayError(error, one))
      if (!code) throw error
      await deposits.returned(session, { reason: code })
    }
  }

  const begun = (session: Session): Promise<void> => inTurn(session.id, () => begin(session))

  async function sweep(): Promise<void> {
    for (const session of deposits.owing().slice(0, SWEEP_MAX)) {
      if (isClosed) return
      await begun(session).catch((error: unknown) => {
        log(`what is left of the session ${session.id} is not on its way yet: ${error instanceof Error ? error.message : 'unknown error'}`)
      })
    }
  }

  return {
    /** Pays what is left of a session that has ended, and says what became of it within ten seconds. */
    async payBack(session: Session): Promise<ReturnStatus> {
      const ended = deposits.stateOf(session).pass
      if (deposits.backSat(ended) === 0n) return 'skipped'
      try {
        await begun(ended)
      } catch (error) {
        if (isGatewayError(error)) return 'pending'
        throw error
      }
      for (let waited = 0; ; waited += LOOK_EVERY_MS) {
        const { state } = await refunds.ofReceipt(session.receipt)
        if (state === 'refunded') return 'succeeded'
        if (state === 'due' || state === 'none') return 'failed'
        if (waited >= WAIT_MS || isClosed) return 'pending'
        await sleep(LOOK_EVERY_MS)
      }
    },
    start(): void {
      let busy = false
      timer = setInterval(() => {
        if (busy) return
        busy = true
        sweeping = sweep().finally(() => {
          busy = false
        })
      }, sweepEveryMs)
      timer.unref()
    },
    async close(): Promise<void> {
      isClosed = true
      clearInterval(timer)
      await sweeping
    },
  }
}

type Parts = Readonly<{
  deposits: Deposits
  refunds: Pick<Refunds, 'payReturn' | 'ofReceipt'>
  log: (line: string) => void
  sweepEveryMs?: number
}>
