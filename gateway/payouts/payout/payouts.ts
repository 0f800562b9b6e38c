import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant, unreachable } from '../../errors/invariant.ts'
import type { WaitLimits } from '../../ledger/process/ends.ts'
import { createRounds } from '../../ledger/process/rounds.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import type { DecisionId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import { type AttemptStats, attemptStats } from './attemptStats.ts'
import { createAttempts } from './attempts.ts'
import { quoteCandidates } from './candidates.ts'
import { failPayout } from './closeAttempt.ts'
import type { PayoutContext } from './context.ts'
import { type CreatePayout, checkPayout, createPayout } from './createPayout.ts'
import { type DecisionView, viewDecision } from './decisionView.ts'
import { evolve } from './evolve.ts'
import { type PayoutFact, toFact } from './facts.ts'
import { inFlightOf, type OpenTry } from './inFlight.ts'
import { makeDecision } from './makeDecision.ts'
import { type EffectLimits, nextEffect } from './nextEffect.ts'
import type { Payout } from './payout.ts'
import { createPayoutRecords } from './payoutRecords.ts'
import { type PayoutQuote, quotePayout } from './quotePayout.ts'
import { createValuer } from './valuer.ts'
import { type PayoutView, viewPayout } from './view.ts'

const STATS_MAX = 1_000
const LIST_MAX = 100

export type PayoutOptions = Omit<PayoutContext, 'store' | 'stop'> &
  Readonly<{
    /** Told of an error that no step expects; by default it is thrown, which stops the process. */
    onFatal?: (error: unknown) => void
    /** See `createOrderedRecords`. */
    endedKept?: number
  }>

export type Payouts = Readonly<{
  /** Resolves when the payout and its hold are durable; it is then driven to its end. */
  create(command: CreatePayout): Promise<PayoutView>
  /** Refuses what could never be paid; holds nothing. */
  check(command: CreatePayout): void
  /** What it would cost now; holds and sends nothing. */
  quote(wanted: Pick<CreatePayout, 'source' | 'amount' | 'destinations'>): Promise<PayoutQuote>
  get(id: string): PayoutView
  /** Newest first, at most 100, after the id `after` when given. */
  list(o: { limit: number; after?: string | undefined }): PayoutView[]
  /** What became of tries on one rail that began at `since` (ms) or later, of the newest thousand payouts. */
  attemptStats(rail: RailName, since: number): AttemptStats
  decision(id: string): DecisionView
  /** The payout when it has its end, or as it is at the limits. */
  wait(id: string, limits: WaitLimits): Promise<PayoutView>
  inFlight(): OpenTry[]
  /** Settled payouts whose books need a person. */
  exceptions(): PayoutView[]
  /** After the books have started, and before anything is accepted: takes up every open payout, and asks once for each outcome that is missing. */
  resume(): Promise<{ open: number; left: number }>
  /** Starts no more steps; resolves when those under way are recorded. What is open is taken up by `resume` at the next start. */
  close(): Promise<void>
}>

/** Drives payouts from the hold to their end. Make it before the books start: it learns what stands from their facts. */
export function createPayouts(options: PayoutOptions): Payouts {
  const { books, policy, log, onFatal = throwLater } = options
  const lines = options.senders.map((sender) => `${sender.rail} ${sender.asset.id}`)
  invariant(new Set(lines).size === lines.length, 'there is one sender for each rail and asset, so that an attempt names its own')
  const stopping = new AbortController()
  const store = createPayoutRecords(books, options)
  const context: PayoutContext = { ...options, store, stop: stopping.signal }
  const attempts = createAttempts(context)
  const rounds = createRounds({ width: policy.lanes, run, onError })

  /** Steps until the payout ends or must wait; answers how long. Each step adds a fact, so the loop is bounded by the tries a payout gets. */
  async function run(id: string): Promise<number | undefined> {
    const stepsMax = 3 * policy.router.attemptsMax + 3
    for (let step = 0; step < stepsMax; step++) {
      if (stopping.signal.aborted) return undefined
      const againMs = await busyAsWait(() => advance(store.get(id)!))
      if (againMs !== undefined) return againMs === 'end' ? undefined : againMs
    }
    return policy.lookupMinMs
  }

  async function advance(payout: Payout): Promise<number | 'end' | undefined> {
    const limits = { attemptsMax: policy.router.attemptsMax, planFreshMs: policy.planFreshMs }
    const effect = nextEffect(payout, options.clock.now(), limits)
    switch (effect.kind) {
      case 'none':
        return 'end'
      case 'decide':
        return decideFor(payout, limits)
      case 'attempt':
        return attempts.make(payout, effect.quote)
      case 'lookup':
        return attempts.lookup(payout, effect.attempt)
      case 'fail':
        await failPayout(context, payout, effect.code)
        return 'end'
      default:
        return unreachable(effect)
    }
  }

  /** Makes a plan, and its first try: one commit makes both durable, because the try follows from the plan alone. */
  async function decideFor(payout: Payout, limits: EffectLimits): Promise<number | undefined> {
    const valuer = createValuer(options.rates, options.usd)
    const quoted = await quoteCandidates(payout, { ...context, valuer, estimateDeadlineMs: policy.estimateDeadlineMs })
    const data = makeDecision(payout, quoted, { valuer, policy })
    const id = options.ids.next('dec_') as DecisionId // The prefix makes it one.
    // Estimates take their time; who closes meanwhile begins nothing.
    if (stopping.signal.aborted) return undefined
    const made: PayoutFact = { type: 'decision.made', id, at: options.clock.now(), data }
    const decided = evolve(payout, made)
    const next = nextEffect(decided, made.at, limits)
    if (next.kind === 'attempt') return attempts.make(decided, next.quote, [toFact(made)])
    await submitSurely(books, { facts: [toFact(made)] })
    return undefined
  }

  /** A full queue took nothing, so the step is taken again later, from the facts as they stand then. */
  async function busyAsWait(step: () => Promise<number | 'end' | undefined>): Promise<number | 'end' | undefined> {
    try {
      return await step()
    } catch (error) {
      if (isGatewayError(error, 'too_busy')) return policy.retryMs
      throw error
    }
  }

  function onError(id: string, error: unknown): void {
    log.error({ payout: id, error: String(error) }, 'a payout cannot go on; it is taken up again at the next start')
    // Books that have stopped say so to their owner, who ends the process.
    if (!isGatewayError(error)) onFatal(error)
  }

  function known(id: string): Payout {
    const payout = store.get(id)
    if (!payout) throw new GatewayError('not_found', `There is no payout ${id.slice(0, 60)}`)
    return payout
  }

  return {
    async create(command) {
      const { payout, made } = await createPayout(context, command)
      if (made) rounds.wake(payout.id)
      return viewPayout(payout)
    },
    check: (command) => checkPayout(context, command),
    quote: (wanted) => quotePayout(context, wanted),
    get: (id) => viewPayout(known(id)),
    attemptStats: (rail, since) => attemptStats(store.list({ limit: STATS_MAX, after: undefined }), rail, since),
    list({ limit, after }) {
      invariant(Number.isInteger(limit) && limit >= 1, 'a page has at least one row')
      if (after !== undefined) known(after)
      return store.list({ limit: limit < LIST_MAX ? limit : LIST_MAX, after }).map(viewPayout)
    },
    decision(id) {
      const fact = store.decision(id)
      if (!fact) throw new GatewayError('not_found', `There is no decision ${id.slice(0, 60)}`)
      return viewDecision(fact)
    },
    async wait(id, limits) {
      const payout = known(id)
      if (payout.status === 'open') await store.waitForEnd(payout.id, limits)
      return viewPayout(known(id))
    },
    inFlight: () => inFlightOf([...store.open(), ...store.exceptions()]),
    exceptions: () => store.exceptions().map(viewPayout),
    async resume() {
      const open = store.open()
      for (const { id } of open) rounds.wake(id)
      await rounds.settled()
      const left = store.openCount()
      log.info({ open: open.length, left }, 'payouts taken up')
      return { open: open.length, left }
    },
    async close() {
      stopping.abort()
      await rounds.close()
    },
  }
}

function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}
