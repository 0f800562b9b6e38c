import { createValuer } from '../../costs/valuer.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { FirstDays } from '../../guard/firstDays/firstDays.ts'
import { drive } from '../../ledger/process/drive.ts'
import type { WaitLimits } from '../../ledger/process/ends.ts'
import { min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import { type Asking, createAsking } from '../deciding/asking.ts'
import { type AttemptStats, attemptStats } from '../deciding/attemptStats.ts'
import { laneOf } from '../deciding/candidates.ts'
import { type DecisionView, viewDecision } from '../deciding/decisionView.ts'
import { forecastNow } from '../deciding/forecastNow.ts'
import type { Wanted } from '../deciding/hypotheticalPayout.ts'
import { learnFromTries } from '../deciding/learnFromTries.ts'
import { type CountOfRail, createPerformance, type HourOfRail } from '../deciding/performance.ts'
import { type PayoutsPlan, planPayouts } from '../deciding/planPayouts.ts'
import { type DryRun, dryRun } from '../deciding/policyDryRun.ts'
import { type PayoutQuote, quotePayout } from '../deciding/quotePayout.ts'
import { createSimulations } from '../deciding/simulatePayout.ts'
import { createFeeBudget } from '../fees/feeBudget.ts'
import { ownerOf } from '../fees/purses.ts'
import { createGasWatch } from '../forecast/gasWatch.ts'
import type { ForecastReport } from '../forecast/report.ts'
import { createHealth, type RailHealth } from '../health/health.ts'
import { type LearningReport, reportOf } from '../learning/report.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { Alongside, CreatePayout } from '../payoutState/createPayoutCommand.ts'
import { createLoad, type Load } from '../payoutState/load.ts'
import { openAttempt, type Payout } from '../payoutState/payout.ts'
import { createPayoutRecords } from '../payoutState/payoutRecords.ts'
import { type PayoutView, viewPayout } from '../payoutState/view.ts'
import { createRoutingPolicies, type RoutingPolicies } from '../routingPolicy/policies.ts'
import type { RoutingPolicy } from '../routingPolicy/routingPolicy.ts'
import type { ScheduleRow } from '../schedules/schedule.ts'
import { cancelPayout } from './cancelPayout.ts'
import { watchContradictions } from './contradictions.ts'
import { checkPayout, createPayout } from './createPayout.ts'
import { inFlightOf, type OpenTry } from './inFlight.ts'
import { type Effect, nextEffect } from './nextEffect.ts'
import { limitsOf, payoutSteps } from './payoutSteps.ts'
import { askRail } from './reachRail.ts'
import { findReturned, type SourceOwner } from './returnedPayout.ts'
import { createRulings, type Rulings } from './ruling.ts'

const STATS_MAX = 1_000
const LIST_MAX = 100

type PayoutOptions = Omit<PayoutContext, 'records' | 'stop' | 'feeBudget' | 'load' | 'learned' | 'health' | 'policyOf'> &
  Readonly<{
    /** Told of an error that no step expects; by default it is thrown, which stops the process. */
    onFatal?: (error: unknown) => void
    /** See `createOrderedRecords`. */
    endedKept?: number
    /** Price lists that a simulation may name; none when absent. */
    schedules?: readonly ScheduleRow[]
    /** What a gateway's first days allow; all where it is absent. */
    firstDays?: Pick<FirstDays, 'fitsPayout' | 'admitPayout'>
  }>

type Page = Readonly<{ limit: number; after?: string | undefined }>

export type Payouts = Readonly<{
  /** Resolves when the payout and its hold are durable; it is then driven to its end. */
  create(command: CreatePayout): Promise<PayoutView>
  /** Refuses what could never be paid; holds nothing. */
  check(command: CreatePayout): void
  /** What is under way: for those that join a net and are payouts only together. */
  members: Pick<Load, 'admit' | 'stand' | 'end' | 'fits'>
  /** Bounds what a request asks of rails, as with `quote` and `plan`, which do not by themselves: see `createAsking`. */
  asking: Asking
  /** What it would cost now; holds and sends nothing. */
  quote(wanted: Wanted): Promise<PayoutQuote>
  get(id: string): PayoutView
  /** Undefined where there is none. */
  find(id: string): PayoutView | undefined
  /** Payouts with a try that its rail will not end, the longest open first, after the id `after` when given. */
  stuck(page: Page): PayoutView[]
  /** Asks for a payout not to be paid. Refuses with `payout_sent` one that a rail has been told of, or that has its end. */
  cancel(id: string, o: Readonly<{ by: string; along: (view: PayoutView) => Alongside }>): Promise<void>
  /** Newest first, at most 100, after the id `after` when given. */
  list(page: Page): PayoutView[]
  /** What became of tries on one rail that began at `since` (ms) or later, of the newest thousand payouts. */
  attemptStats(rail: RailName, since: number): AttemptStats
  decision(id: string): DecisionView
  /** What a payout would be decided as now, by rails that are here and by price lists; holds, sends and keeps nothing. */
  simulate: ReturnType<typeof createSimulations>
  /** By which ways many payouts of one source are best paid, planned together; holds, sends and keeps nothing. */
  plan(o: Parameters<typeof planPayouts>[1]): Promise<PayoutsPlan>
  /** What came of each rail in each of the last hours, this one included; at most the last eight days. */
  performance(hours: number): HourOfRail[]
  /** What came of each rail in all. */
  totals(): CountOfRail[]
  /** What a party says of how its payouts are to go. */
  policies: RoutingPolicies
  /** What a source's decisions of the last week would have come to under a policy. */
  dryRun(source: AccountPath, policy: RoutingPolicy): DryRun
  /** What tries have taught of rails, for operators. */
  learning(): LearningReport
  /** What the next hour will cost on each rail whose price moves, and how good such forecasts were; for operators. */
  forecast(): ForecastReport
  /** Which rails answer now, of those that were asked since the start. */
  health(): RailHealth[]
  /** The payout when it has its end, or as it is at the limits. */
  wait(id: string, limits: WaitLimits): Promise<PayoutView>
  inFlight(): OpenTry[]
  /** The payout that made this attempt on a rail. */
  ofAttempt(id: string): PayoutView | undefined
  /** What the rail says now of an attempt that has its end, and what it was to pay; undefined of one that is not known. Moves nothing. */
  lookAgain(attempt: string): Promise<Readonly<{ amount: Money; outcome: Outcome }> | undefined>
  /** The payout of an attempt that a rail says came back: see `findReturned`. */
  returned: ReturnType<typeof findReturned>
  /** Says who has what comes back to accounts that are nobody's balance. */
  addSourceOwner(owner: SourceOwner): void
  /** For operators. */
  byHand: Rulings
  /** What rails say otherwise of attempts that operators have ended. */
  contradictions: ReturnType<typeof watchContradictions>['found']
  /** Settled payouts whose books need a person. */
  exceptions(): PayoutView[]
  /** After the books have started, and before anything is accepted: takes up every open payout, and asks once for each outcome that is missing. */
  resume(): Promise<{ open: number; left: number }>
  /** Starts no more steps; resolves when those under way are recorded. What is open is taken up by `resume` at the next start. */
  close(): Promise<void>
}>

/** An attempt names its sender by both. */
function checkSenders(senders: PayoutOptions['senders']): void {
  const lines = senders.map((sender) => `${sender.rail} ${sender.asset.id}`)
  invariant(new Set(lines).size === lines.length, 'there is one sender for each rail and asset')
}

/** What every step works with: what fees may still cost, and how much is under way for whom. */
function contextOf(options: PayoutOptions, known: Pick<PayoutContext, 'records' | 'learned' | 'policyOf' | 'stop'>): PayoutContext {
  const { records, learned, policyOf, stop } = known
  const { policy, rates, usd } = options
  const feeBudget = createFeeBudget({ ...options, policy: policy.fees })
  const worth = (amount: Money) => createValuer(rates, usd).nano(amount, 'up')
  const load = createLoad({ ...options, records, limits: policy.limits, openMax: policy.openMax, worth })
  const health = createHealth({ ...options, policy: policy.health })
  return { ...options, records, learned, policyOf, feeBudget, load, health, stop }
}

/** Each payout that is open goes from step to step. */
function driveAll({ policy, log, clock, onFatal }: PayoutOptions, context: PayoutContext) {
  return drive<Payout, Effect>({
    name: 'payout',
    records: context.records,
    next: (payout) => nextEffect(payout, clock.now(), limitsOf(policy), partsIn(context.records, payout)),
    placeOf: ({ behalf, destinations }) => ({ lane: laneOf(destinations), owner: ownerOf(behalf) }),
    steps: payoutSteps(context),
    width: policy.lanes,
    retryMs: policy.retryMs,
    // Each step adds a fact, so its steps are bounded by the tries that a payout gets.
    stepsMax: 3 * policy.router.attemptsMax + 3,
    log,
    clock,
    onFatal,
  })
}

/** Drives payouts from the hold to their end. Make it before the books start: it learns what stands from their facts. */
export function createPayouts(options: PayoutOptions): Payouts {
  const { books, log } = options
  checkSenders(options.senders)
  const stopping = new AbortController()
  const records = createPayoutRecords(books, options)
  const policies = createRoutingPolicies(options)
  const performance = createPerformance(books)
  const kept = { records, learned: learnFromTries(books, records), policyOf: policies.of, stop: stopping.signal }
  const context = contextOf(options, kept)
  const watch = watchContradictions(context)
  const owners: SourceOwner[] = []
  const driven = driveAll(options, context)
  const gas = createGasWatch(options)
  const view = (payout: Payout) => viewPayout(payout, partsIn(records, payout))
  const followParts = partsFollowed(records, driven.wake)

  function known(id: string): Payout {
    const payout = records.get(id)
    if (!payout) throw new GatewayError('not_found', `There is no payout ${id.slice(0, 60)}`)
    return payout
  }

  return {
    async create(command) {
      followParts()
      const { payout, made } = await createPayout(context, command, driven.wake)
      if (made) driven.wake(payout.id)
      return view(payout)
    },
    members: context.load,
    check: (command) => checkPayout(context, command),
    get: (id) => view(known(id)),
    find: (id) => viewOf(records, records.get(id)),
    attemptStats: (rail, since) => attemptStats(records.list({ limit: STATS_MAX, after: undefined }), rail, since),
    stuck: (page) => stuckIn(records, page),
    list: (page) => pageOf(records, page),
    decision: (id) => decisionOf(records, id),
    ...routingOf(context, { options, policies, performance, gas }),
    async wait(id, limits) {
      if (known(id).status === 'open') await records.waitForEnd(id, limits)
      return view(known(id))
    },
    cancel: (id, o) => cancelPayout(context, known(id), o).then(() => driven.wake(id)),
    ofAttempt: (id) => viewOf(records, records.byAttempt(id)),
    lookAgain: (id) => lookAgain(context, id),
    returned: findReturned({ records, owners, wake: driven.wake }),
    addSourceOwner: (owner) => void owners.push(owner),
    byHand: createRulings(known, driven.wake),
    contradictions: watch.found,
    inFlight: () => inFlightOf([...records.open(), ...records.exceptions()]),
    exceptions: () => records.exceptions().map(view),
    async resume() {
      const open = records.openCount()
      followParts()
      await driven.resume()
      const left = records.openCount()
      watch.start()
      gas.start((error) => log.warn({ err: error }, 'what chains take could not be looked at; payments go on'))
      log.info({ open, left }, 'payouts taken up')
      return { open, left }
    },
    async close() {
      stopping.abort()
      await gas.close()
      await driven.close()
    },
  }
}

async function lookAgain(context: PayoutContext, id: string): ReturnType<Payouts['lookAgain']> {
  const payout = context.records.byAttempt(id)
  const attempt = payout?.attempts.find((one) => one.id === id)
  return payout && attempt && { amount: attempt.amount, outcome: await askRail(context, payout, attempt) }
}

type Routing = Pick<
  Payouts,
  'asking' | 'quote' | 'plan' | 'learning' | 'health' | 'forecast' | 'simulate' | 'dryRun' | 'policies' | 'performance' | 'totals'
>
type RoutingParts = Readonly<{
  options: PayoutOptions
  policies: RoutingPolicies
  performance: ReturnType<typeof createPerformance>
  gas: ReturnType<typeof createGasWatch>
}>

/** What can be asked of how rails are chosen. */
function routingOf(context: PayoutContext, { options, policies, performance, gas }: RoutingParts): Routing {
  const asking = createAsking()
  return {
    asking,
    quote: (wanted) => quotePayout(context, wanted),
    plan: (o) => planPayouts(context, o),
    learning: () => reportOf(context.learned, options.clock.now()),
    health: context.health.report,
    forecast: () => forecastNow(context, gas),
    simulate: createSimulations(context, { schedules: options.schedules ?? [], asking }),
    dryRun: (source, policy) => dryRun(context, source, policy),
    policies,
    performance: (hours) => performance.hours(hours, options.clock.now()),
    totals: performance.totals,
  }
}

type Records = PayoutContext['records']

function viewOf(records: Records, payout: Payout | undefined): PayoutView | undefined {
  return payout && viewPayout(payout, partsIn(records, payout))
}

/** The payouts that pay a payout in parts. */
function partsIn(records: Records, { id, parts = [] }: Payout): Payout[] {
  return parts.map((part) => {
    const payout = records.get(part.id)
    invariant(payout, `${part.id} was made with ${id}`)
    return payout
  })
}

/** From its first call on, a part that was made is driven, and its end is told to the payout that it is a part of. */
function partsFollowed(records: Records, wake: (id: string) => void): () => void {
  let following = false
  return () => {
    if (following) return
    following = true
    records.onChange((id) => {
      const { partOf, status, decision } = records.get(id) ?? {}
      if (partOf && status !== 'open') wake(partOf)
      else if (partOf && !decision) wake(id)
    })
  }
}

function pageOf(records: PayoutContext['records'], page: Page): PayoutView[] {
  return records
    .list({ limit: min(checkPage(records, page).limit, LIST_MAX), after: page.after })
    .map((payout) => viewPayout(payout, partsIn(records, payout)))
}

/** One that was ended since it was shown has its place still, so that a reader who ends what it reads misses nothing. */
function stuckIn(records: PayoutContext['records'], page: Page): PayoutView[] {
  const { limit, after } = checkPage(records, page)
  const stuck = records.open().filter((payout) => openAttempt(payout)?.stuck)
  const from = stuck.findIndex(({ id }) => id === after)
  const shownAt = after === undefined || from >= 0 ? undefined : records.get(after)?.createdAt
  const rest = shownAt === undefined ? stuck.slice(from + 1) : stuck.filter(({ createdAt }) => createdAt >= shownAt)
  return rest.slice(0, limit).map((payout) => viewPayout(payout))
}

function checkPage(records: PayoutContext['records'], page: Page): Page {
  const { limit, after } = page
  invariant(Number.isInteger(limit) && limit >= 1, 'a page has at least one row')
  if (after !== undefined && !records.get(after)) throw new GatewayError('not_found', `There is no payout ${after.slice(0, 60)}`)
  return page
}

function decisionOf(records: PayoutContext['records'], id: string): DecisionView {
  const fact = records.decision(id)
  if (!fact) throw new GatewayError('not_found', `There is no decision ${id.slice(0, 60)}`)
  return viewDecision(fact, records.get(fact.data.payout))
}
