import { fileURLToPath } from 'node:url'
import { routerPolicy } from '../gateway/costs/policy.ts'
import type { Candidate } from '../gateway/payouts/router/candidate.ts'
import { type DecideInput, decide } from '../gateway/payouts/router/decide.ts'
import { wouldChangeIf } from '../gateway/payouts/router/wouldChangeIf.ts'

const CANDIDATES = 12
const ROUNDS = 50_000
const DOLLAR_NANO = 1_000_000_000n

/** Twelve possible candidates whose fee, chance and room differ, for payouts from a cent to a thousand dollars. */
function inputs(): DecideInput[] {
  const rails = ['lightning', 'evm:1', 'bank'] as const
  return [DOLLAR_NANO / 100n, DOLLAR_NANO, 100n * DOLLAR_NANO, 1_000n * DOLLAR_NANO].map((amountNano) => ({
    amountNano,
    attemptsMax: routerPolicy.attemptsMax,
    policy: routerPolicy,
    candidates: Array.from({ length: CANDIDATES }, (_, i): Candidate => {
      const step = BigInt(i + 1)
      return {
        kind: 'possible',
        rail: rails[i % rails.length]!,
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
function meanCpuUs(rounds: number, call: (input: DecideInput) => unknown): number {
  const questions = inputs()
  for (let i = 0; i < rounds; i++) call(questions[i % questions.length]!)
  const from = process.cpuUsage()
  for (let i = 0; i < rounds; i++) call(questions[i % questions.length]!)
  const { user, system } = process.cpuUsage(from)
  return (user + system) / rounds
}

/** Prints what a decision over twelve candidates costs, and what its sensitivity costs on top. */
export async function run(): Promise<void> {
  const decideUs = meanCpuUs(ROUNDS, decide)
  const plans = new Map(inputs().map((input) => [input.amountNano, decide(input)]))
  const changeUs = meanCpuUs(ROUNDS / 50, (input) => wouldChangeIf(input, plans.get(input.amountNano)!))
  console.log(`router  decide(), ${CANDIDATES} candidates, ${routerPolicy.attemptsMax} tries   ${decideUs.toFixed(1)} us CPU`)
  console.log(`router  wouldChangeIf(), once for the record of a decision      ${changeUs.toFixed(0)} us CPU`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
