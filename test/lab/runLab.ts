import { railRows } from '../../gateway/audit/reconcile/railRows.ts'
import { costOfNotPaying, routerPolicy } from '../../gateway/costs/policy.ts'
import { costOfWaiting } from '../../gateway/costs/waiting.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { railPlace } from '../../gateway/payouts/payoutState/entries.ts'
import type { Candidate, Possible } from '../../gateway/payouts/router/candidate.ts'
import { decide } from '../../gateway/payouts/router/decide.ts'
import { costOfFailure, costOfSuccess, priceTerms } from '../../gateway/payouts/router/terms.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import { USDC } from '../payout/payoutWorld.ts'
import { installVirtualTime, type VirtualTime } from '../payout/virtualTime.ts'
import { type Causes, createCauses } from './causes.ts'
import { decideBy, type LabPolicy, type Learning } from './labPolicies.ts'
import { createTruth, type LabWorld, type Truth, uniformOf } from './labRails.ts'
import { createLabSender, feeOf, fundsAfter, HOLDS, type LabSender, type Order } from './labSender.ts'
import { type LabService, labAmount, PARTIES, startService } from './labService.ts'

/** A Monday, 08:00 UTC. */
const START_MS = 1_800_000_000_000
const SECOND_MS = 1_000
const PPM = 1_000_000
const NANO_PER_UNIT = 1_000n
/** Longer than any rail takes, over a weekend and a holiday. */
const ENDED_MS = 30 * 86_400_000
/** Points of a curve of regret. */
export const POINTS = 100

export type LabFigures = Readonly<{
  payments: number
  /** Shares of one. `regret`: how much more often the best way would have paid than the one that was tried first. */
  success: number
  regret: number
  costPer1000Usd: number
  /** The same payments by an oracle that knows each chance. */
  oraclePer1000Usd: number
  p99FundsS: number
  tries: number
  /** What moved that a rail did not say, in USD: of payments that it denied, and paid twice. */
  unsaidUsd: number
  /** What the comparison of the books with the rails shows as missing. */
  missingUsd: number
  /** What the regret comes from; it sums to it. */
  causes: Causes
  /** The regret so far at each of the points. */
  curve: readonly number[]
}>

/** A payment: what it is worth, what is true as it is sent, what the oracle would have paid for it, and what became of it. */
type Sent = {
  at: number
  amountNano: bigint
  best: number
  bestChance: number
  down: readonly boolean[]
  regret: number
  oracle: bigint
  orders: Order[]
  endedAt: number
  paid: boolean
}

/** Sends so many payments through the payout service, and says what became of them. The same seed is the same truth for every policy. */
export async function runLab(
  world: LabWorld,
  policy: LabPolicy,
  o: Readonly<{ learning: Learning; seed: number; payments: number }>,
): Promise<LabFigures> {
  const time = installVirtualTime(START_MS)
  try {
    const truth = createTruth(world, o.seed)
    const sent: Sent[] = []
    const heard = (order: Order) => hear(sent[order.n]!, order, truth.chance(order.place))
    const labRails = world.rails.map((rail, place) =>
      createLabSender(rail, { place, at: railPlace(rail.rail), truth, now: time.now, heard }),
    )
    const ends = new Map<string, number>()
    const onFact = ({ type, id, at }: Fact) => {
      const n = type === 'payout.settled' || type === 'payout.failed' ? ends.get(id) : undefined
      if (n === undefined) return
      ends.delete(id)
      sent[n]!.endedAt = at
      sent[n]!.paid = type === 'payout.settled'
    }
    const senders = labRails.map(({ sender }) => sender)
    const service = await inTurns(
      time,
      startService(world, {
        senders,
        decide: decideBy(policy, { learning: o.learning, rails: senders.length }),
        now: time.now,
        onFact,
      }),
    )
    await sendAll(service, { world, truth, time, sent, ends, seed: o.seed, payments: o.payments })
    const missing = await inTurns(time, missingUnits(service, world, labRails))
    await inTurns(time, service.payouts.close())
    return figuresOf(sent, { world, labRails, missing })
  } finally {
    time.uninstall()
  }
}

/** Lets the loop turn until it is there. */
async function inTurns<T>(time: VirtualTime, work: Promise<T>): Promise<T> {
  let over = false
  const end = () => {
    over = true
  }
  void work.then(end, end)
  while (!over) await time.turn()
  return work
}

type Run = Readonly<{
  world: LabWorld
  truth: Truth
  time: VirtualTime
  sent: Sent[]
  ends: Map<string, number>
  seed: number
  payments: number
}>

async function sendAll({ payouts }: LabService, { world, truth, time, sent, ends, seed, payments }: Run): Promise<void> {
  const uniform = uniformOf(seed + 7_919)
  const funds = world.rails.map(fundsAfter)
  const destinations = world.rails.map(({ destination }) => destination)
  for (let n = 0; n < payments; n++) {
    const at = START_MS + n * world.everyMs
    while (await time.step(at)) {}
    time.jump(at)
    truth.step(n)
    const source = PARTIES[Math.floor(uniform() * PARTIES.length)]!
    const amount = labAmount(BigInt(Math.round(10 ** (uniform() * 4 - 1) * 1e6))) // From ten cents to a thousand dollars.
    const amountNano = amount.units * NANO_PER_UNIT
    const known = world.rails.map((_, place) => trueWay(world, place, { amount, truth, fundsMs: funds[place]!(at) }))
    const chances = known.map((way) => (way.kind === 'possible' ? Number(way.successPpm) / PPM : 0))
    const bestChance = Math.max(0, ...chances)
    sent.push({
      at,
      amountNano,
      best: chances.indexOf(bestChance),
      bestChance,
      down: world.rails.map((_, place) => truth.isDown(place)),
      regret: 0,
      oracle: oracleCost(known, { n, amountNano, world, truth }),
      orders: [],
      endedAt: 0,
      paid: false,
    })
    const id = `po_${n.toString(16).padStart(32, '0')}` as const
    ends.set(id, n)
    void payouts.create({ id, source, amount, destinations, reference: `${n}`, createdBy: 'lab' })
    await time.turn()
  }
  const until = time.now() + ENDED_MS
  while (ends.size > 0 && (await time.step(until))) {}
  if (ends.size > 0) throw new Error(`${ends.size} payments have no end`)
}

/** A rail as it is, which only the oracle knows. */
function trueWay(
  { rails }: LabWorld,
  place: number,
  { amount, truth, fundsMs }: Readonly<{ amount: ReturnType<typeof labAmount>; truth: Truth; fundsMs: number }>,
): Candidate {
  const rail = rails[place]!
  if (amount.units > BigInt(rail.maxUsd) * 1_000_000n)
    return { kind: 'impossible', rail: rail.rail, destination: place, reason: 'insufficient_liquidity', detail: '' }
  return {
    kind: 'possible',
    rail: rail.rail,
    destination: place,
    feeNano: feeOf(rail, amount).units * NANO_PER_UNIT,
    failureFeeNano: 0n,
    successPpm: BigInt(Math.round(truth.chance(place) * PPM)), // not money: a chance
    secondsToFunds: BigInt(Math.ceil(fundsMs / SECOND_MS)), // not money: a time
    secondsToFail: BigInt(rail.secondsToFail),
    availableNano: HOLDS * NANO_PER_UNIT,
    converted: false,
  }
}

/** What the oracle's plan costs with the luck of this payment, by the chances of the moment at which it is sent. */
function oracleCost(
  known: readonly Candidate[],
  { n, amountNano, world, truth }: Readonly<{ n: number; amountNano: bigint; world: LabWorld; truth: Truth }>,
): bigint {
  const { order } = decide({ amountNano, candidates: known, policy: routerPolicy, attemptsMax: world.attemptsMax })
  let cost = 0n
  for (const place of order) {
    const terms = priceTerms(known[place] as Possible, amountNano, routerPolicy) // What is ordered is possible.
    if (truth.luck(n, place, 'paid') < truth.chance(place)) return cost + costOfSuccess(terms)
    cost += costOfFailure(terms)
  }
  return cost + costOfNotPaying(amountNano, routerPolicy)
}

function hear(payment: Sent, order: Order, chance: number): void {
  if (payment.orders.length === 0) payment.regret = payment.bestChance - chance
  payment.orders.push(order)
}

/** What the comparison of the books with the rails shows as missing there. */
async function missingUnits({ books, payouts }: LabService, { rails }: LabWorld, labRails: readonly LabSender[]): Promise<bigint> {
  const statements = labRails.map(({ balances }, i) => ({ rail: rails[i]!.rail, statement: { balances } }))
  const rows = await railRows({ books, statements, inFlight: payouts.inFlight })
  return rows.reduce((sum, { difference, verdict }) => {
    if (verdict === 'equal') return sum
    const isLess = difference.startsWith('-')
    const { units } = parseAmount(difference.slice(isLess ? 1 : 0), USDC)
    return isLess ? sum + units : sum - units
  }, 0n)
}

/** In nano-USD, by the router's own terms with what was: each try that failed, the one that paid or not paying, and the waiting between them. */
function costOf({ at, amountNano, orders, paid }: Sent, { rails }: LabWorld): bigint {
  let cost = 0n
  let free = at
  for (const [i, order] of orders.entries()) {
    const idle = BigInt(Math.max(0, Math.floor((order.sentAt - free) / SECOND_MS))) // not money: a time
    cost += costOfWaiting({ seconds: idle, amountSeconds: amountNano * idle }, routerPolicy)
    const took = BigInt(Math.ceil((order.endsAt - order.sentAt) / SECOND_MS)) // not money: a time
    free = order.endsAt
    const way: Possible = {
      kind: 'possible',
      rail: rails[order.place]!.rail,
      destination: order.place,
      feeNano: order.fee.units * NANO_PER_UNIT,
      failureFeeNano: 0n,
      successPpm: 0n,
      secondsToFunds: took,
      secondsToFail: took,
      availableNano: HOLDS * NANO_PER_UNIT,
      converted: false,
    }
    const terms = priceTerms(way, amountNano, routerPolicy)
    if (paid && i === orders.length - 1) return cost + costOfSuccess(terms)
    cost += costOfFailure(terms)
  }
  return cost + costOfNotPaying(amountNano, routerPolicy)
}

function figuresOf(
  sent: readonly Sent[],
  { world, labRails, missing }: Readonly<{ world: LabWorld; labRails: readonly LabSender[]; missing: bigint }>,
): LabFigures {
  let [cost, oracle, regret, paid, tries] = [0n, 0n, 0, 0, 0]
  const funds: number[] = []
  const curve: number[] = []
  const firstEnd = Math.min(...world.rails.map(({ secondsToFail }) => secondsToFail))
  const causes = createCauses(world.rails.length, { unheardFor: (firstEnd * SECOND_MS) / world.everyMs })
  for (const [n, payment] of sent.entries()) {
    cost += costOf(payment, world)
    oracle += payment.oracle
    const missed = payment.orders.length > 0 ? payment.regret : payment.bestChance
    regret += missed
    causes.add({ n, best: payment.best, place: payment.orders[0]?.place, down: payment.down, regret: missed })
    tries += payment.orders.length
    if (payment.paid) {
      paid++
      funds.push((payment.endedAt - payment.at) / SECOND_MS)
    }
    if ((n + 1) % Math.ceil(sent.length / POINTS) === 0) curve.push(regret / (n + 1))
  }
  funds.sort((a, b) => a - b)
  const usd = (units: bigint) => Number(units) / 1e6 // not money: a figure of the table
  const per1000 = (nano: bigint) => usd(nano / NANO_PER_UNIT) / (sent.length / 1_000)
  return {
    payments: sent.length,
    success: paid / sent.length,
    regret: regret / sent.length,
    costPer1000Usd: per1000(cost),
    oraclePer1000Usd: per1000(oracle),
    p99FundsS: funds[Math.floor(funds.length * 0.99)] ?? 0,
    tries: tries / sent.length,
    unsaidUsd: usd(labRails.reduce((sum, { unsaid }) => sum + unsaid(), 0n)),
    missingUsd: usd(missing),
    causes: causes.shares(sent.length),
    curve,
  }
}
