import { movedClock } from '../movedClock.ts'
import type { WorldRecord } from '../record.ts'
import { type Bank, type BankReport, type BankSetup, createBank } from './bank.ts'
import { readFaultRule } from './faultShape.ts'

/** What the bank was told and when (ISO 8601); amounts in cents, as decimal text. */
type Told =
  | Readonly<{ kind: 'take'; text: string }>
  | Readonly<{ kind: 'fault'; text: string }>
  | Readonly<{ kind: 'order'; customer: string; cents: string; remittance: string; to?: string | undefined }>
  | Readonly<{ kind: 'correct'; text: string; cents: string }>
  | Readonly<{ kind: 'opening' | 'cycle' | 'dayEnd' }>
export type BankRow = Told & Readonly<{ at: string }>

/** What an earlier process left: how many reports it had surely written, those of its last step, and the last file of orders that it took. */
type Left = Readonly<{ written: number; last: readonly BankReport[]; lastTaken: string | undefined }>

/** A fault is told as it was written: JSON. */
type ToldBank = Omit<Bank, 'addFault'> & Readonly<{ addFault: (body: string) => string | undefined; moveTo: (at: number) => void }>

/** A bank that is again what it was told on record, and records what it is told before it does it. */
export function recordedBank(setup: Omit<BankSetup, 'now'>, record: WorldRecord<BankRow>): Readonly<{ bank: ToldBank; left: Left }> {
  const clock = movedClock(Date.parse(record.rows.at(-1)?.at ?? '1970-01-01'))
  let now = new Date()
  // A cycle that finds nothing to do, after one that left nothing, changes nothing.
  let quiet = false
  const plain = createBank({ ...setup, now: () => now })

  function run(row: BankRow): { reports: BankReport[]; refused?: string | undefined } {
    now = new Date(row.at)
    quiet = false
    if (row.kind === 'opening') return { reports: [plain.openingStatement()] }
    if (row.kind === 'take') return { reports: plain.take(row.text) }
    if (row.kind === 'fault') return { reports: [], refused: addFault(row.text) }
    if (row.kind === 'dayEnd') return { reports: plain.dayEnd() }
    if (row.kind === 'correct') return { reports: [], refused: plain.correct(row.text, BigInt(row.cents)) }
    if (row.kind === 'order') {
      const { customer, cents, remittance, to } = row
      return { reports: [], refused: plain.order({ customer, cents: BigInt(cents), remittance, ...(to === undefined ? {} : { to }) }) }
    }
    const reports = plain.cycle()
    quiet = reports.length === 0
    return { reports }
  }
  function addFault(text: string): string | undefined {
    const read = readFaultRule(text)
    return 'wrong' in read ? read.wrong : plain.addFault(read.rule)
  }
  function tell(told: Told): ReturnType<typeof run> {
    const row = { ...told, at: new Date(clock.now()).toISOString() }
    record.add(row)
    return run(row)
  }

  let all = 0
  let last: readonly BankReport[] = []
  for (const row of record.rows) {
    last = run(row).reports
    all += last.length
  }
  const lastTaken = record.rows.findLast((row) => row.kind === 'take')?.text
  return {
    left: { written: all - last.length, last, lastTaken },
    bank: {
      moveTo: clock.moveTo,
      accounts: plain.accounts,
      date: plain.date,
      openingStatement: () => tell({ kind: 'opening' }).reports[0]!,
      take: (text) => tell({ kind: 'take', text }).reports,
      addFault: (text) => tell({ kind: 'fault', text }).refused,
      faults: plain.faults,
      order: ({ customer, cents, remittance, to }) => tell({ kind: 'order', customer, cents: String(cents), remittance, to }).refused,
      correct: (text, cents) => tell({ kind: 'correct', text, cents: String(cents) }).refused,
      cycle: () => (quiet ? [] : tell({ kind: 'cycle' }).reports),
      dayEnd: () => tell({ kind: 'dayEnd' }).reports,
    },
  }
}
