import { GatewayError } from '../../errors/gatewayError.ts'
import { drive, type StepAnswer } from '../../ledger/process/drive.ts'
import { add } from '../../money/money.ts'
import type { WithdrawalProgress } from '../../ports/chainWallet.ts'
import type { InFlight } from '../../ports/statement.ts'
import { type Along, beginWithdrawal, type NewWithdrawal } from './beginWithdrawal.ts'
import type { WithdrawalParts } from './context.ts'
import { endWithdrawal } from './endWithdrawal.ts'
import { viewWithdrawal, type WithdrawalView } from './view.ts'
import type { Withdrawal } from './withdrawal.ts'
import { createWithdrawalRecords } from './withdrawalRecords.ts'

/** Rails are asked one after the other, because each has one node. */
const LANES = 1
const RETRY_MS = 1_000
/** It is asked for, and has its end. */
const STEPS_MAX = 2
const LIST_MAX = 100

export type Withdrawals = Readonly<{
  /** Refuses what can not be, and then resolves when it is durable and held; the rail hears of it after that. */
  create: (wish: NewWithdrawal, along: Along) => Promise<WithdrawalView>
  get: (id: string) => WithdrawalView
  /** Newest first, 100 at most. */
  list: () => readonly WithdrawalView[]
  inFlight: () => InFlight[]
  /** After the books have started: goes on with all that has no end. */
  start: () => void
  close: () => Promise<void>
}>

type Effect = Readonly<{ kind: 'none' | 'ask' }>

/** Takes money out of a rail's wallet. Must be made before the books start. */
export function createWithdrawals(parts: WithdrawalParts): Withdrawals {
  const { books, wallet, log, onFatal } = parts
  const records = createWithdrawalRecords(books, parts.assetOf)
  const progress = new Map<string, WithdrawalProgress>()
  const driven = drive<Withdrawal, Effect>({
    name: 'withdrawal',
    records,
    next: ({ status }) => ({ kind: status === 'begun' && wallet ? 'ask' : 'none' }),
    steps: { none: () => 'wait', ask },
    width: LANES,
    retryMs: RETRY_MS,
    stepsMax: STEPS_MAX,
    log,
    onFatal,
  })
  /** One plan at a time. */
  let planning: Promise<unknown> = Promise.resolve()

  /** Asks the rail, which begins it or says how far it is, and books its end. */
  async function ask(withdrawal: Withdrawal): Promise<StepAnswer> {
    const { id, plan } = withdrawal
    const now = await wallet!.withdraw(id, plan)
    progress.set(id, now)
    if (now.outcome.kind === 'unknown') return now.outcome.checkAfterMs
    await endWithdrawal(parts, withdrawal, now)
    progress.delete(id)
    return undefined
  }

  async function begin(wish: NewWithdrawal, along: Along): Promise<WithdrawalView> {
    // It may be the repeat of one that was begun before, and is none of its own then.
    const begun = (id: string) => void (records.get(id) && driven.wake(id))
    const made = await beginWithdrawal({ ...parts, openCount: records.openCount() }, wish, { along, late: begun })
    begun(made.id)
    return made
  }

  const view = (withdrawal: Withdrawal) => viewWithdrawal(withdrawal, progress.get(withdrawal.id))
  return {
    create(wish, along) {
      const made = planning.then(() => begin(wish, along))
      planning = made.catch(() => undefined)
      return made
    },
    get(id) {
      const withdrawal = records.get(id)
      if (!withdrawal) throw new GatewayError('not_found', `There is no withdrawal ${id.slice(0, 60)}`)
      return view(withdrawal)
    },
    list: () => records.list({ limit: LIST_MAX, after: undefined }).map(view),
    inFlight: () =>
      records.open().map(({ id, rail, place, plan }) => ({ rail, place, what: `withdrawal ${id}`, amount: add(plan.amount, plan.fee) })),
    start: () => void driven.resume(),
    close: driven.close,
  }
}
