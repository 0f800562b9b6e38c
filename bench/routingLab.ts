import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { curvesOf } from '../test/lab/curvesOf.ts'
import { OURS, POLICIES } from '../test/lab/labPolicies.ts'
import { HONEST, ONE_TRY, PRICED } from '../test/lab/labRails.ts'
import { type LabFigures, type Learning, POINTS, runLab } from '../test/lab/runLab.ts'

const PAYMENTS = 20_000
const SEEDS = [1, 2, 3]
const MANY = 1_000_000
const PICTURE = join(import.meta.dirname, '../docs/images/routing-regret.svg')

const NAMES: Readonly<Record<Learning, string>> = { none: 'the words of rails', means: 'what was learned', draws: 'draws of it' }

/** Prints what each policy comes to in each world, draws the regret over time, and then sends a million payments. */
export async function run(): Promise<void> {
  const curves: { name: string; curve: readonly number[] }[] = []
  for (const world of [ONE_TRY, PRICED, HONEST]) {
    console.log(`routing lab  ${world.name}: ${PAYMENTS} payments, the mean of ${SEEDS.length} seeds`)
    for (const policy of POLICIES)
      for (const learning of ['none', 'means', 'draws'] as const) {
        const figures = meanOf(SEEDS.map((seed) => runLab(world, policy, { learning, seed, payments: PAYMENTS })))
        console.log(`routing lab    ${policy.name.padEnd(26)} ${NAMES[learning].padEnd(18)} ${line(figures)}`)
        if (world === ONE_TRY && (policy === OURS || (policy.name === 'discounted UCB' && learning === 'means')))
          curves.push({ name: `${policy.name}, ${NAMES[learning]}`, curve: figures.curve })
      }
  }
  writeFileSync(PICTURE, curvesOf(curves, { title: 'Regret so far, percentage points', payments: PAYMENTS }))
  const from = performance.now()
  const many = runLab(PRICED, OURS, { learning: 'means', seed: 1, payments: MANY })
  console.log(`routing lab  ${MANY} payments, ours, in ${((performance.now() - from) / 1_000).toFixed(0)} s: ${line(many)}`)
}

function line({ success, regret, costPer1000Usd, oraclePer1000Usd, p99FundsS }: LabFigures): string {
  const of = (share: number) => (100 * share).toFixed(2)
  const cost = `${costPer1000Usd.toFixed(2)} USD per 1,000 (oracle ${oraclePer1000Usd.toFixed(2)})`
  return `paid ${of(success)} %, regret ${of(regret)} pp, ${cost}, p99 ${Math.round(p99FundsS)} s`
}

function meanOf(all: readonly LabFigures[]): LabFigures {
  const mean = (read: (one: LabFigures) => number) => all.reduce((sum, one) => sum + read(one), 0) / all.length
  return {
    payments: all[0]!.payments,
    success: mean((one) => one.success),
    regret: mean((one) => one.regret),
    costPer1000Usd: mean((one) => one.costPer1000Usd),
    oraclePer1000Usd: mean((one) => one.oraclePer1000Usd),
    p99FundsS: mean((one) => one.p99FundsS),
    curve: Array.from({ length: POINTS }, (_, i) => mean((one) => one.curve[i]!)),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
