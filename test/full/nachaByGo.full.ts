// Needs the program go (Debian's package golang-go, or go.dev): moov-io/ach reads our NACHA files, and we read what it writes.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Addendum, Batch, Entry, NachaFile } from '../../adapters/bank/nacha/fileParts.ts'
import { readNacha } from '../../adapters/bank/nacha/readNacha.ts'
import { writeNacha } from '../../adapters/bank/nacha/writeNacha.ts'
import { createUsBank } from '../../world/bank/us/usBank.ts'

const DEADLINE_MS = 600_000
const ODFI = '12104288'
const OWN = '121042882'

type Answer = Readonly<{ error: string; entries: number; debits: number; credits: number; written: string }>

function byGo(texts: readonly string[]): Answer[] {
  const cwd = join(import.meta.dirname, 'nachaCheck')
  const run = spawnSync('go', ['run', '.'], { cwd, input: JSON.stringify(texts), timeout: DEADLINE_MS, maxBuffer: 64 * 1024 * 1024 })
  if (run.error) throw new Error(`these tests need the program go (Debian's package golang-go): ${run.error.message}`)
  if (run.status !== 0) throw new Error(`${run.stderr}`)
  return JSON.parse(`${run.stdout}`) as Answer[] // The program in nachaCheck writes this.
}

let serial = 0
function entryOf(over: Partial<Entry> = {}): Entry {
  serial += 1
  const about = { routing: '021000021', account: '123456789', cents: 12_345n, id: 'A1B2C3D4E5F6G7H', name: 'MIA WEBER', discretionary: '' }
  return { code: '22', ...about, trace: `${ODFI}${String(serial).padStart(7, '0')}`, addenda: [], ...over }
}

function batchOf(over: Partial<Batch>): Batch {
  const company = { companyName: 'SWITCHYARD', companyData: 'F1-1', companyId: '1123456789', description: 'PAYOUT', descriptiveDate: '' }
  return { entryClass: 'PPD', ...company, effectiveOn: '2026-11-27', settledOn: '', odfi: ODFI, number: 1, entries: [entryOf()], ...over }
}

function fileOf(...batches: readonly Partial<Batch>[]): NachaFile {
  const names = { destinationName: 'A BANK', originName: 'SWITCHYARD', reference: '' }
  const numbered = batches.map((batch, i) => batchOf({ ...batch, number: i + 1 }))
  // The module keeps nine digits of an origin; our own writer has ten columns for it.
  return { destination: OWN, origin: '123456789', createdAt: '2026-11-25T09:30', modifier: 'A', ...names, batches: numbered }
}

const payment = (text: string): Addendum => ({ kind: 'payment', text })
const about = { originalTrace: `${ODFI}0000009`, originalRdfi: '02100002' }

const FILES: Readonly<Record<string, NachaFile>> = {
  'a person by PPD': fileOf({ entries: [entryOf(), entryOf({ code: '32', addenda: [payment('INVOICE 7')] })] }),
  'wages of the same day': fileOf({ description: 'PAYROLL', descriptiveDate: 'SD1300' }),
  'a company by CCD': fileOf({ entryClass: 'CCD', entries: [entryOf({ addenda: [payment('INV 1 *2~')] })] }),
  'CTX with three addenda': fileOf({ entryClass: 'CTX', entries: [entryOf({ name: 'ACME', addenda: ['A', 'B', 'C'].map(payment) })] }),
  'a purchase by WEB': fileOf({ entryClass: 'WEB', description: 'PURCHASE', entries: [entryOf({ code: '27', discretionary: 'S' })] }),
  'a debit by TEL': fileOf({ entryClass: 'TEL', entries: [entryOf({ code: '37', discretionary: 'S' })] }),
  prenotes: fileOf({ entries: [entryOf({ code: '23', cents: 0n }), entryOf({ code: '38', cents: 0n })] }),
  'a balanced batch': fileOf({ entries: [entryOf(), entryOf({ code: '27', routing: OWN, account: '1000000001', name: 'SWITCHYARD' })] }),
  'a reversal': fileOf({ description: 'REVERSAL', entries: [entryOf({ code: '27' })] }),
  'two batches': fileOf({ entries: [entryOf()] }, { entryClass: 'CCD', entries: [entryOf({ cents: 9_999_999_999n })] }),
  'a return': fileOf({ entries: [entryOf({ code: '21', addenda: [{ kind: 'return', code: 'R03', ...about, diedOn: '', text: '' }] })] }),
  'a change': fileOf({
    entryClass: 'COR',
    entries: [entryOf({ code: '21', cents: 0n, addenda: [{ kind: 'change', code: 'C01', ...about, corrected: '777000777' }] })],
  }),
}

test(
  'moov-io/ach takes every file that we write, and we read what it writes of it as the same file',
  () => {
    const names = Object.keys(FILES)
    const answers = byGo(Object.values(FILES).map(writeNacha))
    expect(answers.map(({ error }, i) => [names[i], error])).toEqual(names.map((name) => [name, '']))
    for (const [i, file] of Object.values(FILES).entries()) expect([names[i], readNacha(answers[i]!.written)]).toEqual([names[i], file])
  },
  DEADLINE_MS,
)

test(
  'it refuses what we refuse: a hash, a total, a check digit; and it takes what the simulated bank sends back',
  () => {
    const good = writeNacha(FILES['a person by PPD']!)
    const put = (line: number, at: number, text: string) => {
      const lines = good.split('\n')
      lines[line - 1] = lines[line - 1]!.slice(0, at - 1) + text + lines[line - 1]!.slice(at - 1 + text.length)
      return lines.join('\n')
    }
    const bad = [put(6, 11, '0000000001'), put(7, 44, '000000000001'), put(3, 12, '2')]
    for (const text of bad) expect(() => readNacha(text)).toThrow('line ')
    for (const { error } of byGo(bad)) expect(error).not.toBe('')
    const setup = { routing: OWN, account: '1000000001', openingCents: 100_000n, chargeCents: 0n, startDate: '2026-11-27' }
    const bank = createUsBank(setup)
    bank.take(writeNacha(fileOf({ entries: [entryOf({ account: 'R0355501' }), entryOf({ account: 'C0155501' })] })))
    const reports = [1, 2, 3].flatMap(() => bank.dayEnd()).filter(({ kind }) => kind === 'ach')
    expect(reports.length).toBe(1)
    expect(byGo(reports.map(({ text }) => text))).toMatchObject([{ error: '', entries: 2, credits: 12_345 }])
    expect(readNacha(reports[0]!.text).batches.map(({ entryClass }) => entryClass)).toEqual(['PPD', 'COR'])
  },
  DEADLINE_MS,
)
