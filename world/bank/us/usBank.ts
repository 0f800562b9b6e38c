import { bankDaysAfter } from '../../../gateway/payouts/calendar/bankDays.ts'
import { createFaults, type FaultRule, type Faults, faultyLines, sumOf } from '../faults.ts'
import { createStatementDelivery } from '../statementDelivery.ts'
import { bai2Statement, type UsBooking } from './bai2Statement.ts'
import { type SentBack, sentBackFile, type TakenBatch, type TakenEntry, takeFile } from './nachaColumns.ts'

/** A file for the customer's inbox. */
export type UsReport = Readonly<{ kind: 'pain002' | 'bai2' | 'ach'; text: string }>

/** `chargeCents`: for each payment. `faults`: what goes wrong, beside the fates of account numbers. */
type UsBankSetup = Readonly<{
  routing: string
  account: string
  openingCents: bigint
  chargeCents: bigint
  startDate: string
  faults?: readonly FaultRule[]
}>

const RETURN_DAYS = 2
const LATE_DAYS = 10
const CORRECTED = '777000777'
/** Accounts whose number begins so are refused as soon as a file is taken. */
const CLOSED = 'CLOSED'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escapeXml = (text: string) => text.replace(/[&<>]/g, (one) => escapes[one]!)

type Said = Readonly<{
  date: string
  message: string
  status: 'ACCP' | 'PART' | 'RJCT'
  code?: string
  why?: string
  refused?: readonly string[]
}>

/** A pain.002 on a file; `refused` names entries that are not made, for the reason `code`. */
function answer(id: string, o: Said): string {
  const { code, why, message, refused = [] } = o
  const text = why === undefined ? '' : `<AddtlInf>${escapeXml(why).slice(0, 105)}</AddtlInf>`
  const reason = code === undefined ? '' : `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn>${text}</StsRsnInf>`
  const group = `<OrgnlMsgId>${message}</OrgnlMsgId><OrgnlMsgNmId>NACHA</OrgnlMsgNmId><GrpSts>${o.status}</GrpSts>`
  const header = `<GrpHdr><MsgId>${id}</MsgId><CreDtTm>${o.date}T12:00:00Z</CreDtTm></GrpHdr>`
  const entries = refused.map((one) => `<TxInfAndSts><OrgnlEndToEndId>${one}</OrgnlEndToEndId><TxSts>RJCT</TxSts>${reason}</TxInfAndSts>`)
  const details =
    entries.length > 0 ? `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${message}</OrgnlPmtInfId>${entries.join('')}</OrgnlPmtInfAndSts>` : ''
  const whole = entries.length > 0 ? group : `${group}${reason}`
  const report = `<CstmrPmtStsRpt>${header}<OrgnlGrpInfAndSts>${whole}</OrgnlGrpInfAndSts>${details}</CstmrPmtStsRpt>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">${report}</Document>\n`
}

/** The reference by which a file is known: what its batches have in common, or what stands where that would be. */
function messageOf(text: string): string {
  const head = text.split('\n').find((line) => line.startsWith('5'))
  return head?.slice(20, 40).trim().split('-')[0] || 'NOTPROVIDED'
}

type Desk = {
  readonly setup: UsBankSetup
  readonly faults: Faults
  /** What stands on the statement of a later day. */
  held: Readonly<{ line: UsLine; days: number }>[]
  readonly seen: Set<string>
  readonly paid: Map<string, bigint>
  date: string
  balance: bigint
  serial: number
  waiting: TakenBatch[]
  back: Readonly<{ on: string; what: SentBack }>[]
}

type UsLine = UsBooking & Readonly<{ credit: boolean }>

const isCredit = ({ code }: TakenEntry) => /[0-4]$/.test(code)
const isClosed = ({ account }: TakenEntry) => account.startsWith(CLOSED)

function next(desk: Desk, kind: string): string {
  desk.serial += 1
  return `${kind}${desk.date.replaceAll('-', '')}${String(desk.serial).padStart(6, '0')}`
}

function say(desk: Desk, said: Omit<Said, 'date'>): UsReport {
  return { kind: 'pain002', text: answer(next(desk, 'A'), { date: desk.date, ...said }) }
}

/** What the banks of its payees will say of a batch, and when. */
function plan(desk: Desk, batch: TakenBatch): void {
  for (const entry of batch.entries.filter(isCredit)) {
    const fault = desk.faults.ofOrder(['return', 'change'], aboutEntry(entry, desk.date))
    if (fault) {
      const change = fault.kind === 'change'
      const days = fault.kind === 'return' ? fault.days : RETURN_DAYS
      const on = bankDaysAfter('fed', desk.date, days)
      desk.back.push({ on, what: { batch, entry, change, code: fault.code, detail: fault.kind === 'change' ? fault.to : '' } })
      continue
    }
    const fate = /^[RLC][0-9]{2}/.exec(entry.account)?.[0]
    if (!fate) continue
    const change = fate.startsWith('C')
    const on = bankDaysAfter('fed', desk.date, fate.startsWith('L') ? LATE_DAYS : RETURN_DAYS)
    desk.back.push({ on, what: { batch, entry, change, code: fate.replace('L', 'R'), detail: change ? CORRECTED : '' } })
  }
}

/** Batches whose day has come, all or none of each. */
function settle(desk: Desk, bookings: UsBooking[]): UsReport[] {
  const due = desk.waiting.filter(({ effectiveOn }) => effectiveOn <= desk.date)
  desk.waiting = desk.waiting.filter(({ effectiveOn }) => effectiveOn > desk.date)
  return due.flatMap((batch): UsReport[] => {
    const credits = batch.entries.filter(isCredit)
    const cents = credits.reduce((sum, entry) => sum + entry.cents, 0n)
    if (cents === 0n) return []
    const charge = desk.setup.chargeCents
    const all = cents + charge * BigInt(credits.length)
    if (all > desk.balance) {
      const message = batch.companyData.split('-')[0]!
      return [say(desk, { message, status: 'PART', code: 'AM04', refused: credits.map(({ id }) => id) })]
    }
    const text = `ACH SETTLEMENT ${batch.description}`
    const [accounts, ids] = [credits.map(({ account }) => account), credits.map(({ id }) => id)]
    book(
      desk,
      bookings,
      { type: '466', cents, customerReference: batch.companyData, text },
      { accounts, names: [batch.companyData, ...ids] },
    )
    for (const { id } of charge > 0n ? credits : []) {
      enter(desk, bookings, usLine(desk, { type: '698', cents: charge, customerReference: id, text: 'ACH ORIGINATION FEE' }))
    }
    for (const { account, cents: one } of credits) desk.paid.set(account, (desk.paid.get(account) ?? 0n) + one)
    plan(desk, batch)
    return []
  })
}

function sendBack(desk: Desk, bookings: UsBooking[]): UsReport[] {
  const due = desk.back.filter(({ on }) => on <= desk.date).map(({ what }) => what)
  desk.back = desk.back.filter(({ on }) => on > desk.date)
  for (const { entry, code } of due.filter(({ change }) => !change)) {
    const text = `ACH RETURN ${code} ${entry.name}`
    const about = { accounts: [entry.account], names: [entry.id, text] }
    book(desk, bookings, { type: '257', cents: entry.cents, customerReference: entry.id, text }, about)
  }
  const { date, setup } = desk
  return due.length > 0 ? [{ kind: 'ach', text: sentBackFile(due, { date, odfi: setup.routing, modifier: 'A' }) }] : []
}

function take(desk: Desk, text: string): UsReport[] {
  const message = messageOf(text)
  try {
    const { key, batches } = takeFile(text)
    const copy = 'a file of this origin, day and modifier was taken before'
    if (desk.seen.has(key)) return [say(desk, { message, status: 'RJCT', code: 'DU01', why: copy })]
    desk.seen.add(key)
    const codes = new Map<string, string>()
    for (const entry of batches.flatMap(({ entries }) => entries)) {
      const code = isClosed(entry) ? 'AC04' : desk.faults.ofOrder(['reject'], aboutEntry(entry, desk.date))?.code
      if (code !== undefined) codes.set(entry.id, code)
    }
    desk.waiting.push(...batches.map((batch) => ({ ...batch, entries: batch.entries.filter(({ id }) => !codes.has(id)) })))
    if (codes.size === 0) return [say(desk, { message, status: 'ACCP' })]
    const byCode = Map.groupBy(codes, ([, code]) => code)
    return [...byCode].map(([code, of]) => say(desk, { message, status: 'PART', code, refused: of.map(([id]) => id) }))
  } catch (error) {
    return [say(desk, { message, status: 'RJCT', code: 'FF01', why: error instanceof Error ? error.message : String(error) })]
  }
}

/** A line of today with the bank's own reference. */
function usLine(desk: Desk, of: Omit<UsBooking, 'reference'>): UsLine {
  return { ...of, reference: next(desk, 'B'), credit: of.type < '400' }
}

function enter(desk: Desk, bookings: UsBooking[], line: UsLine): void {
  desk.balance += sumOf([line])
  const { credit, ...booking } = line
  const turned = credit === booking.type < '400'
  bookings.push(turned ? booking : { ...booking, type: credit ? '142' : '455' })
}

/** Books a line, or what was ordered to become of it. */
function book(
  desk: Desk,
  bookings: UsBooking[],
  of: Omit<UsBooking, 'reference'>,
  about: Readonly<{ accounts: string[]; names: string[] }>,
): void {
  const fault = desk.faults.ofBooking({ cents: of.cents, ...about, day: desk.date })
  const lines = faultyLines(usLine(desk, of), fault, {
    again: (line) => ({ ...line, reference: next(desk, 'B') }),
    fee: (cents) => usLine(desk, { type: '698', cents, customerReference: of.customerReference, text: 'FEE OF ANOTHER BANK' }),
    // A line of BAI2 has no day: it is of its statement's.
    on: (line) => line,
  })
  for (const { line, days } of lines) {
    if (days === 0) enter(desk, bookings, line)
    else desk.held.push({ line, days })
  }
}

function aboutEntry({ cents, account, id, name }: TakenEntry, day: string) {
  return { cents, accounts: [account], names: [id, name], day }
}

/** What an earlier day held back, and lines that nobody ordered. */
function bookOthers(desk: Desk, bookings: UsBooking[]): void {
  for (const { line } of desk.held.filter(({ days }) => days <= 1)) enter(desk, bookings, line)
  desk.held = desk.held.filter(({ days }) => days > 1).map(({ line, days }) => ({ line, days: days - 1 }))
  for (const { side, cents, text } of desk.faults.linesOf(desk.date)) {
    enter(desk, bookings, usLine(desk, { type: side === 'credit' ? '354' : '475', cents, customerReference: '', text }))
  }
}

const DAY_MS = 86_400_000

/** The bank without files or time: what goes in is text, what comes out are reports. Its day ends when it is told. */
export function createUsBank(setup: UsBankSetup) {
  const begin = { setup, date: setup.startDate, balance: setup.openingCents }
  const faults = createFaults(setup.faults)
  const desk: Desk = { ...begin, faults, held: [], serial: 0, waiting: [], back: [], seen: new Set(), paid: new Map() }
  const delivery = createStatementDelivery<UsReport>(faults)
  const bank = { account: setup.account, bank: setup.routing }
  function statement(date: string, opening: bigint, bookings: readonly UsBooking[]): UsReport {
    return { kind: 'bai2', text: bai2Statement({ date, opening, closing: desk.balance, bookings }, bank) }
  }
  return {
    /** What is to go wrong from now on; says why not. */
    addFault: (rule: FaultRule) => (rule.fault.kind === 'future' ? 'a line of BAI2 has no day' : faults.add(rule)),
    date: () => desk.date,
    /** What has come to an account since the bank began. */
    paidTo: (account: string) => desk.paid.get(account) ?? 0n,
    /** Takes a file for its days, or refuses it whole. A copy of one that was taken is said to be one. */
    take: (text: string) => take(desk, text),
    /** A statement of the day before the first, so that a new reader knows the balance. */
    opening: () => statement(new Date(Date.parse(desk.date) - DAY_MS).toISOString().slice(0, 10), desk.balance, []),
    /** Settles, sends back, writes the day's statement; the date moves to the Fed's next day. */
    dayEnd(): UsReport[] {
      const [opening, bookings] = [desk.balance, [] as UsBooking[]]
      bookOthers(desk, bookings)
      const reports = [...sendBack(desk, bookings), ...settle(desk, bookings)]
      const statements = delivery.close(desk.date, {
        report: statement(desk.date, opening, bookings),
        cut: (report) => ({ ...report, text: report.text.slice(0, report.text.length >> 1) }),
        otherCurrency: (report) => ({ ...report, text: report.text.replaceAll(',USD,', ',CAD,') }),
      })
      desk.date = bankDaysAfter('fed', desk.date, 1)
      return [...reports, ...statements]
    },
  }
}
