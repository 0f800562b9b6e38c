import type { Logger } from 'pino'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { createRounds } from '../../ledger/process/rounds.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { add, type Money, showMoney } from '../../money/money.ts'
import type { Books, Claim, Fact, Leg } from '../../ports/books.ts'
import type { ChainWallet, WithdrawalPlan, WithdrawalProgress, WithdrawalWish } from '../../ports/chainWallet.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId, WithdrawalId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { InFlight } from '../../ports/statement.ts'
import { toFact, type WithdrawalFact } from './facts.ts'
import type { Withdrawal } from './withdrawal.ts'
import { createWithdrawalRecords } from './withdrawalRecords.ts'

/** Withdrawals without an end at once: each is a transaction that an operator has asked for by hand. */
const OPEN_MAX = 100
/** Rails are asked one after the other, because each has one node. */
const LANES = 1
const RETRY_MS = 1_000
const LIST_MAX = 100

/** A wallet on chain and the rail it belongs to. */
export type RailWallet = ChainWallet & Readonly<{ rail: RailName }>

export type WithdrawalParts = Readonly<{
  books: Books
  wallet: RailWallet | undefined
  clock: Clock
  ids: IdSource
  assetOf: (id: string) => Asset
  /** The asset of balances: the rail's own is the operator's as liquidity to convert with it. */
  bookAsset: Asset
  log: Pick<Logger, 'warn' | 'error'>
  /** Told of an error that no step expects. */
  onFatal: (error: unknown) => void
}>

/** What is made durable along with the beginning, such as an idempotency key's answer. */
export type Along = (made: WithdrawalView) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/** A withdrawal with the rail's newest word on it, which is not kept. */
export type WithdrawalView = Withdrawal & Readonly<{ confirmations: number; said: string | undefined }>

export type Withdrawals = Readonly<{
  /** Refuses what can not be, and then resolves when it is durable and held; the rail hears of it after that. */
  create: (wish: WithdrawalWish, along: Along) => Promise<WithdrawalView>
  get: (id: string) => WithdrawalView
  /** Newest first, 100 at most. */
  list: () => readonly WithdrawalView[]
  inFlight: () => InFlight[]
  /** After the books have started: goes on with all that has no end. */
  start: () => void
  close: () => Promise<void>
}>

/** Takes money out of a rail's wallet. Must be made before the books start. */
export function createWithdrawals(parts: WithdrawalParts): Withdrawals {
  const { books, wallet, clock, ids } = parts
  const store = createWithdrawalRecords(books, parts.assetOf)
  const progress = new Map<string, WithdrawalProgress>()
  const rounds = createRounds({ width: LANES, run: (id) => advance(id), onError: (_, error) => parts.onFatal(error) })
  /** One plan at a time, so that two never choose the same coins. */
  let planning: Promise<unknown> = Promise.resolve()

  async function begin(wish: WithdrawalWish, along: Along): Promise<WithdrawalView> {
    if (!wallet)
      throw new GatewayError('not_found', 'This Lightning node has no wallet that the gateway spends from', {
        hint: 'The wallet of an LND is yours: `lncli sendcoins`. See docs/lightning.md.',
      })
    if (store.open().length >= OPEN_MAX) throw new GatewayError('too_busy', `${OPEN_MAX} withdrawals have no end yet`)
    const plan = await wallet.planWithdrawal(wish)
    // The prefixes make them ids of their kinds.
    const [id, entry] = [ids.next('wd_') as WithdrawalId, ids.next('en_') as EntryId]
    const about = { id, rail: wallet.rail, place: wallet.place, plan, entry, createdAt: clock.now() }
    const made = viewOf({ ...about, status: 'begun', transaction: undefined, detail: undefined, endedAt: undefined }, undefined)
    const { claims, facts } = along(made)
    const coins = plan.inputs.map((coin) => ({ key: `withdrawal:${wallet.rail}:${coin}`, fingerprint: id }))
    const legs = holdLegs(about, parts.bookAsset)
    const outcome = await submitSurely(books, {
      claims: [...claims, ...coins],
      facts: [begunFact(about), ...facts],
      entry: { id: entry, payment: id, legs },
    })
    if (outcome.kind === 'declined') throw notOurs(plan, outcome.leg)
    if (outcome.kind === 'conflict') throw new GatewayError('request_in_progress', 'Another withdrawal takes the same coins')
    rounds.wake(id)
    return made
  }

  /** Asks the rail, which begins it or says how far it is, and books its end. */
  async function advance(id: string): Promise<number | undefined> {
    const withdrawal = store.get(id)
    invariant(withdrawal, `${id} is in the journal`)
    if (withdrawal.status !== 'begun') return undefined
    if (!wallet) return undefined
    try {
      const now = await wallet.withdraw(id, withdrawal.plan)
      progress.set(id, now)
      if (now.outcome.kind === 'unknown') return now.outcome.checkAfterMs
      await end(withdrawal, now)
      return undefined
    } catch (error) {
      if (!isGatewayError(error)) throw error
      parts.log.warn({ withdrawal: id, code: error.code, detail: error.shortMessage }, 'a withdrawal is looked up again')
      return RETRY_MS
    }
  }

  async function end(withdrawal: Withdrawal, { outcome, transaction }: WithdrawalProgress): Promise<void> {
    const { id, entry, plan } = withdrawal
    invariant(outcome.kind !== 'unknown', 'an end is known')
    const settled = outcome.kind === 'settled'
    // The rail signs exactly what was planned.
    if (settled) invariant(sameMoney(outcome.fee, plan.fee), `${id} costs what was planned`)
    const at = clock.now()
    const ended: WithdrawalFact = settled
      ? { type: 'withdrawal.settled', id, at, data: { transaction: transaction ?? outcome.evidence.id } }
      : { type: 'withdrawal.failed', id, at, data: { detail: outcome.detail ?? outcome.reason } }
    const legs = [plan.amount, plan.fee].map((amount, leg): Leg => {
      const pending = { entry, leg }
      return settled ? { kind: 'post', pending, ...amount } : { kind: 'void', pending, asset: amount.asset }
    })
    const done = await submitSurely(books, {
      claims: [{ key: `withdrawal:${id}:ended`, fingerprint: outcome.kind }],
      facts: [toFact(ended)],
      entry: { id: ids.next('en_') as EntryId, payment: id, legs }, // The prefix makes it one.
    })
    invariant(done.kind === 'applied' || done.kind === 'replayed', `the end of ${id} can be booked: ${done.kind}`)
    progress.delete(id)
  }

  const view = (withdrawal: Withdrawal) => viewOf(withdrawal, progress.get(withdrawal.id))
  return {
    create: (wish, along) => {
      const made = planning.then(() => begin(wish, along))
      planning = made.catch(() => undefined)
      return made
    },
    get: (id) => {
      const withdrawal = store.get(id)
      if (!withdrawal) throw new GatewayError('not_found', `There is no withdrawal ${id.slice(0, 60)}`)
      return view(withdrawal)
    },
    list: () => store.newest(LIST_MAX).map(view),
    inFlight: () =>
      store.open().map(({ id, rail, place, plan }) => ({ rail, place, what: `withdrawal ${id}`, amount: add(plan.amount, plan.fee) })),
    start: () => {
      for (const { id } of store.open()) rounds.wake(id)
    },
    close: () => rounds.close(),
  }
}

function begunFact({ id, rail, place, plan, entry, createdAt }: Omit<Withdrawal, 'status' | 'transaction' | 'detail' | 'endedAt'>): Fact {
  const { address, amount, fee, inputs } = plan
  const sums = { asset: amount.asset.id, units: amount.units.toString(), fee: fee.units.toString() }
  return toFact({ type: 'withdrawal.begun', id, at: createdAt, data: { rail, place, entry, address, ...sums, inputs } })
}

/** The amount comes out of the operator's own liquidity, as it was booked when it came, and the fee is a cost. Held until the outcome. */
function holdLegs({ rail, place, plan }: Pick<Withdrawal, 'rail' | 'place' | 'plan'>, bookAsset: Asset): Leg[] {
  const { asset } = plan.amount
  const from = accounts.rail(rail, place)
  return [
    { kind: 'hold', debit: accounts.operator(asset, bookAsset), credit: from, ...plan.amount, timeoutS: 0 },
    { kind: 'hold', debit: accounts.feePaid(rail), credit: from, ...plan.fee, timeoutS: 0 },
  ]
}

function notOurs({ amount, fee }: WithdrawalPlan, leg: number): GatewayError {
  const whole = showMoney(add(amount, fee))
  const why =
    leg === 0 ? `${showMoney(amount)} is more than the operator owns of what lies there` : `${whole} is more than the books have there`
  return new GatewayError('insufficient_balance', `${why}; the rest is owed to others or on its way`, {
    hint: 'Withdraw less. What parties and payers are owed in bitcoin stays, and what is converted is the liquidity of the pair.',
    meta: { amount: amount.units, fee: fee.units },
  })
}

function viewOf(withdrawal: Withdrawal, now: WithdrawalProgress | undefined): WithdrawalView {
  const said = now?.outcome.kind === 'unknown' ? now.outcome.detail : undefined
  const transaction = withdrawal.transaction ?? now?.transaction
  return { ...withdrawal, transaction, confirmations: now?.confirmations ?? 0, said }
}

function sameMoney(a: Money, b: Money): boolean {
  return sameAsset(a.asset, b.asset) && a.units === b.units
}
