import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { PLANTS } from './plants.ts'
import { type FortnightResult, type Planted, runFortnight } from './run.ts'

const KINDS_MIN = 25
/** Before the first day, by a clock that stands still but when the fortnight puts it forward. */
const BEFORE = '2026-12-21T07:00:00Z'

/** Runs a fortnight, prints what became of each fault, and asks of it what a fortnight must end with. */
export async function judgeFortnight(o: Readonly<{ payments: number; faults: number; seed: number }>): Promise<FortnightResult> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-fortnight-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(BEFORE) })
  onTestFinished(() => void vi.useRealTimers())
  const begun = performance.now()
  const result = await runFortnight(folder, o)
  const seconds = Math.round((performance.now() - begun) / 1_000)
  const head = `${result.payments} payments and ${result.planted.length} faults in ${seconds} s`
  process.stdout.write(`${[head, ...result.planted.map(lineOf)].join('\n')}\n`)
  expect(result.planted.length).toBe(o.faults)
  expect(new Set(result.planted.map(nameOf)).size).toBeGreaterThanOrEqual(KINDS_MIN)
  expect(result.planted.filter(({ ended }) => /not found|open|unknown|processing/.test(ended)).map(lineOf)).toEqual([])
  expect(result.strange.map(({ text }) => text)).toEqual([])
  expect(result.unsettled).toEqual([])
  expect(result.wrongDays).toEqual([])
  expect(result.last).toMatchObject({ signed: true, disagreements: [] })
  const rails = result.last.proof?.rails ?? []
  expect(rails.map(({ account }) => account).sort()).toEqual([
    'rail:bank:account',
    'rail:bank:us:account',
    'rail:custom:chain:account',
    'rail:custom:lightning:account',
  ])
  // To the unit, also where a payment that is under way would explain a difference.
  expect(rails.filter(({ rail, ledger }) => rail !== ledger)).toEqual([])
  return result
}

const nameOf = ({ plant }: Planted) => `${plant.rail} ${plant.kind}`

function lineOf({ plant, day, found, ended }: Planted): string {
  const first = found.find(({ where, type }) => where === plant.finding?.[0] && type === plant.finding[1])
  const others = first ? [] : found.map(({ where, type, text }) => `${where}: ${type}: ${text.slice(0, 300)}`)
  return [plant.rail, plant.kind, day, first?.day ?? '-', foundAs(plant.finding), ended, ...others].join(' | ')
}

function foundAs(finding: Planted['plant']['finding']): string {
  return finding ? `${finding[0]}: ${finding[1]}` : 'nothing is to be done'
}

/** What becomes of each kind of fault, as docs/reconciliation.md has it. */
export function faultTable(planted: readonly Planted[]): string {
  const rows = [['where', 'fault', 'found as', 'and then']]
  for (const plant of PLANTS) {
    const ends = [...new Set(planted.filter((one) => one.plant === plant).map(({ ended }) => ended))].sort().join('; ')
    rows.push([plant.rail.replace('custom:', ''), plant.kind, foundAs(plant.finding), ends])
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(rows[0]!), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)].join('\n')
}
