import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { curvesOf } from '../test/lab/curvesOf.ts'
import { type LabPolicy, type Learning, OURS, POLICIES } from '../test/lab/labPolicies.ts'
import { HONEST, type LabWorld, LYING, ONE_TRY } from '../test/lab/labRails.ts'
import { type LabFigures, runLab } from '../test/lab/runLab.ts'

const PAYMENTS = 5_000
type Case = Readonly<{ world: LabWorld; seed: number; picture?: string }>
const WORLDS: readonly Case[] = [
  { world: ONE_TRY, seed: 1 },
  // In which the best rail fails.
  { world: ONE_TRY, seed: 2, picture: 'routing-regret.svg' },
  { world: LYING, seed: 1, picture: 'routing-regret-lies.svg' },
  { world: HONEST, seed: 1 },
]
/** Of these the regret of ours is put down to its causes. */
const SPLIT_SEEDS = [1, 2, 3, 4, 5]
const LEARNINGS: readonly Learning[] = ['none', 'means']
const NAMES: Readonly<Record<Learning, string>> = { none: 'words of rails', means: 'what was learned' }

type Row = Readonly<{ policy: LabPolicy; learning: Learning; figures: LabFigures; cpuUs: number }>

/**
 * Prints what each policy comes to in each world, through the payout service, with what a payment takes of the CPU. Of the usual number of payments it also
 * draws the regret over time.
 */
export async function run(payments = PAYMENTS): Promise<void> {
  for (const { world, seed, picture } of WORLDS) {
    console.log(`routing lab  ${world.name}: ${payments} payments through the payout service, seed ${seed}`)
    const rows: Row[] = []
    for (const policy of POLICIES)
      for (const learning of LEARNINGS) {
        progress(`${rows.length + 1} of ${POLICIES.length * LEARNINGS.length}: ${policy.name}, ${NAMES[learning]}`)
        const before = process.cpuUsage()
        const figures = await runLab(world, policy, { learning, seed, payments })
        const { user, system } = process.cpuUsage(before)
        rows.push({ policy, learning, figures, cpuUs: (user + system) / payments })
      }
    progress('')
    console.log(tableOf(rows))
    if (picture && payments === PAYMENTS) draw(picture, world, rows)
  }
  await printCauses(payments)
}

/** What the regret of ours comes from where it has one try, in percentage points, seed by seed. */
async function printCauses(payments: number): Promise<void> {
  console.log(`routing lab  ${ONE_TRY.name}: what the regret of ours comes from, percentage points of ${payments} payments`)
  const rows: (readonly string[])[] = []
  for (const seed of SPLIT_SEEDS) {
    progress(`seed ${seed}`)
    const { regret, causes } = await runLab(ONE_TRY, OURS, { learning: 'means', seed, payments })
    if (rows.length === 0) rows.push(['seed', 'regret', ...Object.keys(causes)])
    rows.push([`${seed}`, ...[regret, ...Object.values(causes)].map((share) => (100 * share).toFixed(2))])
  }
  progress('')
  console.log(linedUp(rows, 1))
}

/** On a terminal alone, in one line that the next one replaces. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

const HEAD = ['policy', 'by', 'paid %', 'tries', 'regret pp', 'USD/1,000', 'oracle', 'p99 s', 'unsaid', 'missing', 'CPU us']

/** A row for each policy by each word: costs are USD for 1,000 payments, `unsaid` is what rails moved and denied, `missing` what the books show of it. */
function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ policy, learning, figures, cpuUs }) => {
    const { success, tries, regret, costPer1000Usd, oraclePer1000Usd, p99FundsS, unsaidUsd, missingUsd } = figures
    const numbers = [100 * success, tries, 100 * regret, costPer1000Usd, oraclePer1000Usd].map((figure) => figure.toFixed(2))
    return [policy.name, NAMES[learning], ...numbers, p99FundsS.toFixed(0), unsaidUsd.toFixed(2), missingUsd.toFixed(2), cpuUs.toFixed(0)]
  })
  return linedUp([HEAD, ...cells], 2)
}

/** Rows in columns, of which the first `words` begin at the left. */
function linedUp(rows: readonly (readonly string[])[], words: number): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column < words ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')
  return rows.map((row) => `  ${line(row)}`).join('\n')
}

function draw(picture: string, world: LabWorld, rows: readonly Row[]): void {
  const curves = rows.flatMap(({ policy, learning, figures: { curve } }) => {
    if (learning === 'means') return [{ name: policy.name, curve }]
    return policy === OURS ? [{ name: 'ours, nothing learned', curve }] : []
  })
  const title = `Regret so far, percentage points: ${world.name}`
  writeFileSync(join(import.meta.dirname, '../docs/images', picture), curvesOf(curves, { title, payments: PAYMENTS }))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const payments = Number(process.argv[2] ?? PAYMENTS)
  if (!Number.isInteger(payments) || payments < 100) throw new Error('say how many payments, 100 or more: bench/routingLab.ts 1000')
  await run(payments)
}
