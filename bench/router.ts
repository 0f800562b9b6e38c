import { fileURLToPath } from 'node:url'
import { routerPolicy } from '../gateway/costs/policy.ts'
import { createValuer } from '../gateway/costs/valuer.ts'
import { USD } from '../gateway/money/asset.ts'
import { money } from '../gateway/money/money.ts'
import { hypotheticalPayout } from '../gateway/payouts/deciding/hypotheticalPayout.ts'
import { makeDecision } from '../gateway/payouts/deciding/makeDecision.ts'
import { createCells } from '../gateway/payouts/learning/cells.ts'
import { createChain } from '../gateway/payouts/learning/chain.ts'
import { learnCells } from '../gateway/payouts/learning/learnCells.ts'
import { createLearned } from '../gateway/payouts/learning/learned.ts'
import { createOpenTries, type OpenTry } from '../gateway/payouts/learning/openTries.ts'
import { NEW_ROW, type RailRow, withEnd } from '../gateway/payouts/learning/railRow.ts'
import { bandKey, railKey } from '../gateway/payouts/learning/way.ts'
import type { Candidate } from '../gateway/payouts/router/candidate.ts'
import { type DecideInput, decide } from '../gateway/payouts/router/decide.ts'
import { type PlanRow, planTogether, type SharedRail } from '../gateway/payouts/router/planTogether.ts'
import { wouldChangeIf } from '../gateway/payouts/router/wouldChangeIf.ts'

const CANDIDATES = 12
const RELATED = 4
const ROUNDS = 50_000
const DOLLAR_NANO = 1_000_000_000n

/** Possible candidates whose fee, chance and room differ, each with a rail of its own or the last of them with the first one's. */
function inputs(count: number, related: boolean): DecideInput[] {
  const own = ['lightning', 'evm:1', 'bank'] as const
  const railAt = (i: number) => own[related && i === count - 1 ? 0 : i] ?? (`custom:${i}` as const)
  return [DOLLAR_NANO / 100n, DOLLAR_NANO, 100n * DOLLAR_NANO, 1_000n * DOLLAR_NANO].map((amountNano) => ({
    amountNano,
    attemptsMax: routerPolicy.attemptsMax,
    policy: routerPolicy,
    candidates: Array.from({ length: count }, (_, i): Candidate => {
      const step = BigInt(i + 1)
      return {
        kind: 'possible',
        rail: railAt(i),
        destination: i,
        feeNano: (step * 7_919_000n) % 5_000_000n,
        failureFeeNano: step * 1_000n,
        successPpm: 999_000n - step * 12_000n,
        secondsToFunds: step * 3n,
        secondsToFail: step * 10n,
        availableNano: step * 10_000n * DOLLAR_NANO,
        converted: i % 2 === 0,
        beside: { gasNano: step * 700n, volatilityPpb: (step % 3n) * 14_000n, secondsLocked: step * 9n, reversalNano: 3_000_000n },
      }
    }),
  }))
}

/** CPU microseconds per call, mean over the rounds, after as many again to warm up: CPU time, because the machine may be shared. */
function meanCpuUs<Question>(questions: readonly Question[], rounds: number, call: (question: Question) => unknown): number {
  for (let i = 0; i < rounds; i++) call(questions[i % questions.length]!)
  const from = process.cpuUsage()
  for (let i = 0; i < rounds; i++) call(questions[i % questions.length]!)
  const { user, system } = process.cpuUsage(from)
  return (user + system) / rounds
}

/** Microseconds of the clock that half of the calls, and 99 of 100, take at most. */
function quantilesUs<Question>(questions: readonly Question[], rounds: number, call: (question: Question) => unknown): readonly string[] {
  const took = Array.from({ length: rounds }, (_, i) => {
    const from = performance.now()
    call(questions[i % questions.length]!)
    return (performance.now() - from) * 1_000
  }).sort((a, b) => a - b)
  return [0.5, 0.99].map((share) => took[Math.floor(share * rounds)]!.toFixed(1))
}

/** Each question as a payout in dollars that is asked of nobody: its decision with all that is written down of it. */
function recorded({ amountNano, candidates }: DecideInput) {
  const amount = money(USD, amountNano / 1_000n)
  const payout = hypotheticalPayout({ source: 'party:bench', amount, destinations: [] }, 0)
  const quoted = candidates.map((candidate) => {
    if (candidate.kind === 'impossible') throw new Error('each candidate is possible')
    const { rail, destination } = candidate
    return { candidate, quote: { rail, destination, amount, feeMax: money(USD, 10_000n), shares: undefined } }
  })
  return { payout, quoted }
}

const noRates = {
  rate(): never {
    throw new Error('all is in dollars')
  },
}

const ROWS = 10_000
/** After the first plans of a process, which its machine code is made by. */
const PLANS = 12

/** Wages of 10 to 210 dollars by six rails: two of them charge a file, and where `scarce` four have room for a part alone. A tenth of all ways is shut. */
function wages(scarce: boolean): Readonly<{ rails: readonly SharedRail[]; rows: readonly PlanRow[] }> {
  const cap = (dollars: bigint) => (scarce ? dollars * DOLLAR_NANO : undefined)
  const rail = (room: bigint | undefined, file = 0n, rowsPerFixed = 1): SharedRail => {
    return { fixedNano: file * DOLLAR_NANO, rowsPerFixed, capNano: room === undefined ? undefined : cap(room) }
  }
  const rails = [rail(200_000n), rail(150_000n), rail(100_000n), rail(undefined, 25n, 5_000), rail(250_000n, 5n, 1_000), rail(undefined)]
  let seed = 16
  const below = (most: number): bigint => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return BigInt(seed % most)
  }
  const rows = Array.from({ length: ROWS }, (): PlanRow => {
    const amount = (10n + below(200)) * DOLLAR_NANO
    const costs = [
      20_000_000n + amount / 20_000n,
      12_000_000n,
      1_000_000n + amount / 1_000n,
      30_000_000n,
      60_000_000n,
      400_000_000n + amount / 50n,
    ]
    const ways = costs.map((cost) => (below(10) === 0n ? undefined : { costNano: cost + below(3_000_000), takesNano: amount + cost }))
    return { lostNano: 20n * DOLLAR_NANO + amount / 20n, ways }
  })
  return { rails, rows }
}

/** The least and the middle of the CPU milliseconds of a plan, and how far it may be from the best, in millionths of what it costs. */
function planCpu(scarce: boolean): Readonly<{ least: number; middle: number; first: number; gapPpm: bigint }> {
  const { rails, rows } = wages(scarce)
  const times: number[] = []
  let gapPpm = 0n
  for (let i = 0; i < PLANS; i++) {
    const from = process.cpuUsage()
    const { costNano, leastNano } = planTogether(rails, rows)
    const { user, system } = process.cpuUsage(from)
    times.push((user + system) / 1_000)
    gapPpm = ((costNano - leastNano) * 1_000_000n) / costNano
  }
  const sorted = times.toSorted((a, b) => a - b)
  return { least: sorted[0]!, middle: sorted[PLANS / 2]!, first: times[0]!, gapPpm }
}

/** The least and the middle of some runs, in microseconds of CPU for each of so many calls. The first runs are of machine code that is still made better. */
function cpuUsOf(run: (calls: number) => void): Readonly<{ least: number; middle: number }> {
  run(LEARNING_TRIES)
  const times = Array.from({ length: LEARNING_RUNS }, () => {
    const from = process.cpuUsage()
    run(LEARNING_TRIES)
    const { user, system } = process.cpuUsage(from)
    return (user + system) / LEARNING_TRIES
  }).sort((a, b) => a - b)
  return { least: times[0]!, middle: times[LEARNING_RUNS >> 1]! }
}
const LEARNING_TRIES = 100_000
const LEARNING_RUNS = 7

/** Fifty tries a second of five parties over four rails, one in thirty of them refused. */
const WAYS = (['lightning', 'evm:1', 'evm:8453', 'bank'] as const).map((rail) => ({ rail, from: 'USDC', to: 'USDC' }))
const tryAt = (n: number) => ({ owner: `party:${n % 5}`, at: 1_800_000_000_000 + n * 20, chance: 0.97, word: 0.99 })
const isPaid = (n: number) => n % 30 !== 0

/** Tries from their sending to their end, with times and fees; where they are to blame nobody they teach nothing, and are only found again. */
function wholeTries(teaches: boolean): (calls: number) => void {
  const learned = createLearned()
  let n = 0
  return (calls) => {
    for (const until = n + calls; n < until; n++) {
      const [id, sent] = [`at_${n}`, tryAt(n)]
      const way = { ...WAYS[n % WAYS.length]!, country: '', band: 3, payee: undefined }
      const amount = { asset: 'usdc', units: 1_000 + (n % 1_000) }
      learned.sent(id, { ...sent, way, seconds: 3, amount })
      const [at, paid] = [sent.at + 500, teaches && isPaid(n)]
      learned.ended(id, { at, endedAt: at, paid, blame: teaches ? 'rail' : 'nobody', fee: { asset: 'usdc', units: 3 } })
    }
  }
}

/** The update of the chances alone: what the end of a try changes in the cells of its rail and its amount. */
function updatesOfChances(): (calls: number) => void {
  const [cells, rails] = [createCells(), new Map<string, RailRow>()]
  const { railOf } = createChain({ cells, rails, open: createOpenTries() })
  const tries = Array.from({ length: 20 }, (_, n): OpenTry => {
    const way = { ...WAYS[n % WAYS.length]!, country: '', band: 3, payee: undefined }
    return { ...tryAt(n), rail: railKey(way), band: bandKey(way), payee: undefined, seconds: undefined, amount: undefined }
  })
  for (const tried of tries) {
    const { rail, at } = tried
    rails.set(rail, withEnd(rails.get(rail) ?? NEW_ROW, tried, { paid: true, at, endedAt: at + 500 }))
  }
  const rows = tries.map(({ rail }) => rails.get(rail)!)
  let n = 0
  return (calls) => {
    for (const until = n + calls; n < until; n++) {
      const place = n % tries.length
      learnCells({ cells, railOf }, tries[place]!, { row: rows[place]!, end: { at: tryAt(n).at, paid: isPaid(n), blame: 'rail' } })
    }
  }
}

function printLearning(): void {
  const [chances, whole, found] = [cpuUsOf(updatesOfChances()), cpuUsOf(wholeTries(true)), cpuUsOf(wholeTries(false))]
  const line = (what: string, least: number, middle: number) =>
    console.log(
      `router  ${what.padEnd(62)}  ${least.toFixed(2)} us CPU at least, ${middle.toFixed(2)} in the middle of ${LEARNING_RUNS} runs`,
    )
  line('learning update: the chances, by the end of one try', chances.least, chances.middle)
  line('all that the end teaches: words, times, fees and price too', whole.least - found.least, whole.middle - found.middle)
  line('the whole of a try: told of, found again, and learned from', whole.least, whole.middle)
}

/** Prints what a decision over twelve candidates costs, with its sensitivity and with its whole record, and what learning from a try costs. */
export async function run(): Promise<void> {
  const questions = inputs(CANDIDATES, false)
  const decideUs = meanCpuUs(questions, ROUNDS, decide)
  const [half, most] = quantilesUs(questions, ROUNDS, decide)
  const planned = questions.map((input) => ({ input, plan: decide(input) }))
  const changeUs = meanCpuUs(planned, ROUNDS / 10, ({ input, plan }) => wouldChangeIf(input, plan))
  const record = (one: ReturnType<typeof recorded>) =>
    makeDecision(one.payout, one.quoted, { valuer: createValuer(noRates, USD), decide, router: routerPolicy })
  const recordUs = meanCpuUs(questions.map(recorded), ROUNDS / 5, record)
  const name = `router  decide(), ${CANDIDATES} candidates, ${routerPolicy.attemptsMax} tries`
  console.log(`${name}   ${decideUs.toFixed(1)} us CPU, p50 ${half} us and p99 ${most} us of the clock`)
  const relatedUs = meanCpuUs(inputs(RELATED, true), ROUNDS / 10, decide)
  console.log(`router  decide(), ${RELATED} candidates, two of them by one rail          ${relatedUs.toFixed(1)} us CPU`)
  for (const scarce of [false, true]) {
    const { least, middle, first, gapPpm } = planCpu(scarce)
    const of = `planTogether(), 10,000 rows over 6 rails${scarce ? ', 4 of them scarce' : ''}`
    const ms = `${middle.toFixed(0)} ms CPU (least ${least.toFixed(0)}, first ${first.toFixed(0)})`
    console.log(`router  ${of}   ${ms}, at most ${gapPpm} ppm above the best`)
  }
  console.log(`router  wouldChangeIf(), once for the record of a decision      ${changeUs.toFixed(0)} us CPU`)
  console.log(`router  the decision with its whole record                      ${recordUs.toFixed(0)} us CPU`)
  printLearning()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
