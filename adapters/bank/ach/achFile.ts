import { createHash } from 'node:crypto'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { BankDays } from '../../../gateway/ports/bankDays.ts'
import type { BankStore, Payment } from '../files/store.ts'
import { descriptionOf, type Purpose } from '../nacha/datedRules.ts'
import type { Batch, Entry } from '../nacha/fileParts.ts'
import { writeNacha } from '../nacha/writeNacha.ts'
import { type KeptOrder, readOrder, SAME_DAY } from './achOrder.ts'
import { newYork } from './wallClock.ts'

/** Our account, and how our bank knows us. `bankName` and `name` go into the file's header; `companyId` is the bank's number for us. */
export type OwnUsAccount = Readonly<{
  routing: string
  account: string
  type: 'checking' | 'savings'
  name: string
  companyId: string
  bankName: string
}>

/** `usual`: the company entry description. `balanced`: each batch ends with the debit of our own account, for a bank that wants it so. */
export type AchWording = Readonly<{ purpose: Purpose; usual: string; balanced: boolean }>

export type AchDays = Readonly<{ ordinary: BankDays; sameDay: BankDays }>

const CENT_UNITS = 10_000n
/** File id modifiers of one day to one bank. */
const MODIFIERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
export const FILES_A_DAY = MODIFIERS.length
const COMPANY_NAME_MAX = 16
const HEADER_NAME_MAX = 23
const REFERENCE_LENGTH = 14

type Grouped = Readonly<{ payment: Payment; order: KeptOrder }>

/** By what a bank names a file: the name of its one order, or a short one of its own. */
function referenceOf(id: string): string {
  return `F${createHash('sha256').update(id).digest('hex')}`.slice(0, REFERENCE_LENGTH)
}

/** The batches of a file, always in the same order: those of a lane and of a class go together. */
function groupsOf(payments: readonly Payment[]): readonly (readonly Grouped[])[] {
  const rows = payments.map((payment) => ({ payment, order: readOrder(payment.document) }))
  const groups = Map.groupBy(rows, ({ order }) => `${order.lane} ${order.class}`)
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, rows]) => rows.sort((a, b) => (a.payment.endToEndId < b.payment.endToEndId ? -1 : 1)))
}

/** The payments of one batch of a file, by the reference that the bank repeats of it; undefined for a file that is not known here. */
export function batchOf(reference: string, store: BankStore): readonly Payment[] | undefined {
  const [name, number] = reference.split('-')
  const id = store.fileByReference(name ?? '')
  if (id === undefined || number === undefined || !/^[1-9]$/.test(number)) return undefined
  return groupsOf(store.paymentsOf(id).filter(({ document }) => document !== ''))[Number.parseInt(number, 10) - 1]?.map(
    ({ payment }) => payment,
  )
}

function offsetEntry(own: OwnUsAccount, cents: bigint, trace: string): Entry {
  const code = own.type === 'savings' ? '37' : '27'
  const about = { routing: own.routing, account: own.account, id: 'OFFSET', name: own.name.slice(0, COMPANY_NAME_MAX), discretionary: '' }
  return { code, ...about, cents, trace, addenda: [] }
}

type Making = Readonly<{ own: OwnUsAccount; wording: AchWording; days: AchDays; createdAt: number; reference: string }>

function batchFrom(group: readonly Grouped[], o: Making, place: Readonly<{ number: number; serial: () => string }>): Batch {
  const { own, wording, days, createdAt } = o
  const [{ order }] = group as readonly [Grouped] // A group has a payment.
  const sameDay = order.lane === SAME_DAY
  const funds = newYork((sameDay ? days.sameDay : days.ordinary).goodFundsAt(createdAt))
  const entries: Entry[] = group.map(({ payment, order }) => ({
    code: order.code,
    routing: order.routing,
    account: order.account,
    cents: payment.units / CENT_UNITS,
    id: payment.endToEndId,
    name: order.name,
    discretionary: '',
    trace: place.serial(),
    addenda: order.text === '' ? [] : [{ kind: 'payment', text: order.text }],
  }))
  const cents = entries.reduce((sum, entry) => sum + entry.cents, 0n)
  if (wording.balanced) entries.push(offsetEntry(own, cents, place.serial()))
  const purpose = order.class === 'PPD' ? wording.purpose : 'other'
  return {
    entryClass: order.class,
    companyName: own.name.slice(0, COMPANY_NAME_MAX),
    companyData: `${o.reference}-${place.number}`,
    companyId: own.companyId,
    description: descriptionOf(purpose, { on: newYork(createdAt).date, usual: wording.usual }),
    // The network's word for the window that is meant (SDHHMM); the effective date alone makes it same-day.
    descriptiveDate: sameDay ? `SD${funds.time.replace(':', '')}` : '',
    effectiveOn: funds.date,
    settledOn: '',
    odfi: own.routing.slice(0, 8),
    number: place.number,
    entries,
  }
}

/** The text of a file. Its modifier is the next of the day, and stays its own if it is written again; a day has no more than 36. */
export function writeAchFile(
  file: Readonly<{ id: string; payments: readonly Payment[]; createdAt: number; store: BankStore }>,
  parts: Omit<Making, 'createdAt' | 'reference'>,
): string {
  const { id, payments, createdAt, store } = file
  const { own } = parts
  const { date, time } = newYork(createdAt)
  const reference = referenceOf(id)
  const place = store.nameFile({ id, reference, day: date, most: FILES_A_DAY })
  if (place === undefined)
    throw new GatewayError('rail_unavailable', `${FILES_A_DAY} files have left for the bank on ${date}, the most of a day`)
  let last = 0
  const serial = () => `${own.routing.slice(0, 8)}${String(++last).padStart(7, '0')}`
  const batches = groupsOf(payments).map((group, i) => batchFrom(group, { ...parts, createdAt, reference }, { number: i + 1, serial }))
  return writeNacha({
    destination: own.routing,
    origin: own.companyId,
    createdAt: `${date}T${time}`,
    modifier: MODIFIERS.charAt(place),
    destinationName: own.bankName.slice(0, HEADER_NAME_MAX),
    originName: own.name.slice(0, HEADER_NAME_MAX),
    reference: '',
    batches,
  })
}
