import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { curvesOf } from '../test/lab/curvesOf.ts'
import { type Learning, OURS, POLICIES } from '../test/lab/labPolicies.ts'
import { HONEST, type LabWorld, LYING, ONE_TRY } from '../test/lab/labRails.ts'
import { type LabFigures, runLab } from '../test/lab/runLab.ts'

const PAYMENTS = 5_000
const WORLDS: readonly Readonly<{ world: LabWorld; seed: number; picture?: string }>[] = [
  { world: ONE_TRY, seed: 1 },
  // In which the best rail fails.
  { world: ONE_TRY, seed: 2, picture: 'routing-regret.svg' },
  { world: LYING, seed: 1, picture: 'routing-regret-lies.svg' },
  { world: HONEST, seed: 1 },
]
const NAMES: Readonly<Record<Learning, string>> = { none: 'the words of rails', means: 'what was learned' }

/** Prints what each policy comes to in each world, through the payout service, with what a payment takes of the CPU, and draws the regret over time. */
export async function run(): Promise<void> {
  for (const { world, seed, picture } of WORLDS) {
    console.log(`routing lab  ${world.name}: ${PAYMENTS} payments through the payout service, seed ${seed}`)
    const curves: { name: string; curve: readonly number[] }[] = []
    for (const policy of POLICIES)
      for (const learning of ['none', 'means'] as const) {
        const before = process.cpuUsage()
        const figures = await runLab(world, policy, { learning, seed, payments: PAYMENTS })
        const { user, system } = process.cpuUsage(before)
        const cpu = `${((user + system) / PAYMENTS).toFixed(0)} us CPU each`
        console.log(`routing lab    ${policy.name.padEnd(26)} ${NAMES[learning].padEnd(18)} ${line(figures)}, ${cpu}`)
        if (learning === 'means') curves.push({ name: policy.name, curve: figures.curve })
        else if (policy === OURS) curves.push({ name: 'ours, nothing learned', curve: figures.curve })
      }
    const title = `Regret so far, percentage points: ${world.name}`
    if (picture) writeFileSync(join(import.meta.dirname, '../docs/images', picture), curvesOf(curves, { title, payments: PAYMENTS }))
  }
}

function line({ success, regret, costPer1000Usd, oraclePer1000Usd, p99FundsS, tries, unsaidUsd, missingUsd }: LabFigures): string {
  const of = (share: number) => (100 * share).toFixed(2)
  const cost = `${costPer1000Usd.toFixed(2)} USD per 1,000 (${(costPer1000Usd - oraclePer1000Usd).toFixed(2)} more than the oracle)`
  const lies = unsaidUsd > 0 ? `, of ${unsaidUsd.toFixed(2)} USD moved unsaid the comparison shows ${missingUsd.toFixed(2)}` : ''
  return `paid ${of(success)} % in ${tries.toFixed(2)} tries, regret ${of(regret)} pp, ${cost}, p99 ${Math.round(p99FundsS)} s${lies}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
