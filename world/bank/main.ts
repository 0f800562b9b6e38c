import { rmSync, watch } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeIBAN } from 'ibantools'
import { bankDayFrom } from '../../gateway/payouts/calendar/bankDays.ts'
import { keepReady, keptReady, samePort } from '../kept.ts'
import { noRecord, openRecord } from '../record.ts'
import { serveControls } from './control.ts'
import { openCounter } from './counter.ts'
import { readEuros } from './euroCents.ts'
import type { BankOptions, BankReady } from './ready.ts'
import { type BankRow, recordedBank } from './recordedBank.ts'

/** What a bank that goes on needs beside what it was told. */
type Kept = Readonly<{ controlUrl: string; startDate: string }>

/** Bank code 99999999 is assigned to nobody; a BIC with 0 in its eighth place is a test BIC (ISO 9362). */
const BANK_CODE = '99999999'
const BIC = 'SWYDDEF0XXX'
const CUSTOMERS = 2
const CYCLE_MS = 1000
/** Beside the system's word that a folder has changed, which some give late or not at all. */
const COLLECT_MS = 1_000
const [OWN_NUMBER, FIRST_CUSTOMER_NUMBER] = [1, 101]
/** Beneficiaries of other banks with a documented fate. */
const [CLOSED_NUMBER, RETURNED_NUMBER, SILENT_NUMBER, REFUSES_RECALLS_NUMBER, IGNORES_RECALLS_NUMBER] = [901, 902, 903, 904, 905]

function ibanOf(number: number): string {
  const iban = composeIBAN({ countryCode: 'DE', bban: BANK_CODE + String(number).padStart(10, '0') })
  if (iban === null) throw new Error(`invariant broken: account ${number} has no IBAN`)
  return iban
}

function euros(text: string): bigint {
  const cents = readEuros(text)
  if (cents === undefined) throw new Error(`"${text}" is not an amount such as "500.00"`)
  return cents
}

async function start(options: BankOptions): Promise<void> {
  const temporary = options.folder === undefined ? await mkdtemp(join(tmpdir(), 'switchyard-bank-')) : undefined
  const folder = options.folder ?? temporary!
  const account = { iban: ibanOf(OWN_NUMBER), bic: BIC, name: 'Switchyard', townName: 'Berlin', country: 'DE' }
  const customers = Array.from({ length: options.customers ?? CUSTOMERS }, (_, i) => {
    return { id: `customer-${i + 1}`, name: `Customer ${i + 1}`, iban: ibanOf(FIRST_CUSTOMER_NUMBER + i) }
  })
  const rules = {
    closedIban: ibanOf(CLOSED_NUMBER),
    returnedIban: ibanOf(RETURNED_NUMBER),
    silentIban: ibanOf(SILENT_NUMBER),
    refusesRecallsIban: ibanOf(REFUSES_RECALLS_NUMBER),
    ignoresRecallsIban: ibanOf(IGNORES_RECALLS_NUMBER),
  }
  const kept = options.keep ? keptReady<Kept>(join(folder, 'books')) : undefined
  const setup = {
    own: { id: 'own', name: account.name, iban: account.iban },
    customers,
    openingCents: euros(options.openingBalance ?? '500.00'),
    customerCents: euros(options.customerBalance ?? '1000.00'),
    chargeCents: euros(options.charge ?? '0.20'),
    startDate: kept?.startDate ?? options.startDate ?? bankDayFrom('target', new Date().toISOString().slice(0, 10)),
    ...(options.recallDays === undefined ? {} : { recallDays: options.recallDays }),
    ...rules,
  }
  const recorded = recordedBank(setup, options.keep ? openRecord<BankRow>(join(folder, 'books', 'told.jsonl')) : noRecord())
  const { bank } = recorded
  const counter = await openCounter(folder, recorded)
  await counter.open()
  const { order, correct, addFault, faults, accounts, date } = bank
  const controls = { ...counter, order, correct, addFault, faults, accounts, date }
  const { server, url } = await serveControls(controls, await samePort(kept?.controlUrl))
  if (options.keep) keepReady(join(folder, 'books'), { controlUrl: url, startDate: setup.startDate } satisfies Kept)

  let cycles = 0
  async function turn(): Promise<void> {
    cycles += 1
    const last = options.cyclesPerDay ? cycles % options.cyclesPerDay === 0 : false
    await (last ? counter.dayEnd() : counter.cycle())
  }
  const cycleMs = options.cycleMs ?? CYCLE_MS
  const timers = [setInterval(() => void counter.collect(), COLLECT_MS), ...(cycleMs > 0 ? [setInterval(() => void turn(), cycleMs)] : [])]
  // A folder that cannot be watched is looked into by the clock.
  const watcher = watch(counter.outbox, () => void counter.collect()).on('error', () => watcher.close())

  function stop(): void {
    for (const timer of timers) clearInterval(timer)
    watcher.close()
    server.close()
    if (temporary) rmSync(temporary, { recursive: true, force: true })
    process.exit(0)
  }
  process.once('disconnect', stop)
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const ready: BankReady = { controlUrl: url, folder, account, customers, rules }
  process.send?.({ ready })
}

// The parent is our own code and passes BankOptions; a wrong field fails at its first use.
await start(JSON.parse(process.argv[2] ?? '{}') as BankOptions)
