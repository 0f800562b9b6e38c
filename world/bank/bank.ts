import { nextTargetDay } from '../../adapters/bank/targetCalendar.ts'
import { type Order, type Refusal, readOrderFile } from './orders.ts'
import { type Booking, fileRefused, type Head, notification, orderStatus, statement } from './reports.ts'

/** A file for the customer's inbox. */
export type BankReport = Readonly<{ kind: 'pain002' | 'camt054' | 'camt053'; text: string }>
export type Holder = Readonly<{ id: string; name: string; iban: string }>
/** A customer's order at the counter: to our account, or to `to`. */
export type Transfer = Readonly<{ customer: string; cents: bigint; remittance: string; to?: string }>

export type BankSetup = Readonly<{
  own: Holder
  customers: readonly Holder[]
  openingCents: bigint
  customerCents: bigint
  chargeCents: bigint
  startDate: string
  closedIban: string
  returnedIban: string
}>

/** Money outside this bank, and the bank's own income: with them all accounts sum to zero. */
export const OTHER_BANKS = 'other-banks'
export const INCOME = 'bank-income'
const RETURN_CODE = 'AC01'
const DAY_MS = 86_400_000

export type Bank = ReturnType<typeof createBank>

/** The bank's books and rules, without files, time or network: what goes in is text, what comes out are reports. */
export function createBank(setup: BankSetup) {
  const balances = new Map<string, bigint>([
    [setup.own.id, setup.openingCents],
    [INCOME, 0n],
  ])
  for (const customer of setup.customers) balances.set(customer.id, setup.customerCents)
  balances.set(OTHER_BANKS, -[...balances.values()].reduce((a, b) => a + b, 0n))
  const holders = [setup.own, ...setup.customers]
  const seenMessages = new Set<string>()
  let date = setup.startDate
  let openingCents = setup.openingCents
  let serial = 0
  let accepted: Order[] = []
  let returning: { order: Order; original: string }[] = []
  let transfers: Transfer[] = []
  let booked: Booking[] = []
  let reported = 0

  const balance = (id: string) => balances.get(id) ?? 0n
  const stamp = () => `${date}T${new Date().toISOString().slice(11, 19)}Z`
  const head = (kind: string): Head => ({ id: `${kind}${date.replaceAll('-', '')}N${nextSerial()}`, createdAt: stamp() })

  function nextSerial(): string {
    serial += 1
    return String(serial).padStart(8, '0')
  }

  function move(from: string, to: string, cents: bigint): void {
    balances.set(from, balance(from) - cents)
    balances.set(to, balance(to) + cents)
  }

  function book(booking: Omit<Booking, 'reference' | 'date'>): Booking {
    const whole = { ...booking, reference: `B${date.replaceAll('-', '')}${nextSerial()}`, date }
    booked.push(whole)
    return whole
  }

  function execute(order: Order): Refusal | undefined {
    if (order.iban === setup.closedIban) return { code: 'AC04', text: 'the account is closed' }
    if (balance(setup.own.id) < order.cents + setup.chargeCents) return { code: 'AM04', text: 'the balance is too low' }
    const payee = holders.find((holder) => holder.iban === order.iban)?.id ?? OTHER_BANKS
    const { endToEndId, remittance } = order
    const creditorReference = remittance.reference ? { creditorReference: remittance.reference } : {}
    const text = remittance.text ? { text: remittance.text } : {}
    const parties = { payer: setup.own, payee: { name: order.name, iban: order.iban } }
    move(setup.own.id, payee, order.cents)
    const { reference } = book({
      credit: false,
      cents: order.cents,
      code: ['ICDT', 'ESCT'],
      endToEndId,
      ...parties,
      ...text,
      ...creditorReference,
    })
    if (setup.chargeCents > 0n) {
      move(setup.own.id, INCOME, setup.chargeCents)
      book({ credit: false, cents: setup.chargeCents, code: ['ICDT', 'CHRG'], endToEndId, text: 'Charge for a credit transfer' })
    }
    if (order.iban === setup.returnedIban) returning.push({ order, original: reference })
    return undefined
  }

  function giveBack({ order, original }: { order: Order; original: string }): void {
    move(OTHER_BANKS, setup.own.id, order.cents)
    const payer = { name: order.name, iban: order.iban }
    const text = `Return of ${original}`
    book({ credit: true, cents: order.cents, code: ['ICDT', 'RRTN'], endToEndId: order.endToEndId, payer, text, returnCode: RETURN_CODE })
  }

  function transfer(one: Transfer): void {
    const payer = setup.customers.find(({ id }) => id === one.customer)!
    const payee = one.to === undefined ? setup.own : holders.find(({ iban }) => iban === one.to)
    move(payer.id, payee?.id ?? OTHER_BANKS, one.cents)
    if (payee !== setup.own) return
    book({ credit: true, cents: one.cents, code: ['RCDT', 'ESCT'], endToEndId: 'NOTPROVIDED', payer, payee, text: one.remittance })
  }

  function checkSum(): void {
    if ([...balances.values()].reduce((a, b) => a + b, 0n) !== 0n) throw new Error('invariant broken: the bank made or lost money')
  }

  /** The statement of a day without bookings before the first, so that a new reader knows the balance. */
  function openingStatement(): BankReport {
    const before = new Date(Date.parse(date) - DAY_MS).toISOString().slice(0, 10)
    const day = { date: before, opening: openingCents, closing: openingCents, bookings: [] }
    return { kind: 'camt053', text: statement(head('S'), setup.own.iban, day) }
  }

  /** Reads a file of orders; answers with ACSP or RJCT. */
  function take(text: string): BankReport[] {
    const file = readOrderFile(text, { iban: setup.own.iban, isDuplicate: (id) => seenMessages.has(id) })
    if (file.refusal) return [{ kind: 'pain002', text: fileRefused(head('R'), file.messageId, file.refusal) }]
    seenMessages.add(file.messageId)
    for (const { order, refusal } of file.orders) if (!refusal) accepted.push(order)
    return file.orders.map(({ order, refusal }) => ({ kind: 'pain002', text: orderStatus(head('R'), order, refusal ?? 'ACSP') }))
  }

  /** Executes what waits: returns, customers' transfers, orders. Reports each order and what was booked. */
  function cycle(): BankReport[] {
    const work = { accepted, returning, transfers }
    accepted = []
    returning = []
    transfers = []
    for (const one of work.returning) giveBack(one)
    for (const one of work.transfers) transfer(one)
    const reports = work.accepted.map((order): BankReport => {
      return { kind: 'pain002', text: orderStatus(head('R'), order, execute(order) ?? 'ACSC') }
    })
    checkSum()
    if (booked.length > reported) reports.push({ kind: 'camt054', text: notification(head('N'), setup.own.iban, booked.slice(reported)) })
    reported = booked.length
    return reports
  }

  /** Closes the day: its statement, and the date moves to the next TARGET day. */
  function dayEnd(): BankReport[] {
    const closing = balance(setup.own.id)
    const report = statement(head('S'), setup.own.iban, { date, opening: openingCents, closing, bookings: booked })
    openingCents = closing
    booked = []
    reported = 0
    date = nextTargetDay(date)
    return [{ kind: 'camt053', text: report }]
  }

  return {
    openingStatement,
    take,
    cycle,
    dayEnd,
    /** Queues a customer's transfer for the next cycle; says why not. */
    order(one: Transfer): string | undefined {
      if (!setup.customers.some(({ id }) => id === one.customer)) return `there is no customer ${one.customer}`
      const queued = transfers.filter(({ customer }) => customer === one.customer).reduce((sum, { cents }) => sum + cents, 0n)
      if (balance(one.customer) < queued + one.cents) return `${one.customer} has not enough money`
      transfers.push(one)
      return undefined
    },
    accounts: () => [...balances].map(([id, cents]) => ({ id, cents, iban: holders.find((holder) => holder.id === id)?.iban })),
    date: () => date,
  }
}
