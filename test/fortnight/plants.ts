import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Fault } from '../../world/bank/faults.ts'
import type { Where } from './findings.ts'
import type { Payments, WayIn, WayOut } from './payments.ts'
import type { FortnightRates } from './rates.ts'
import type { FortnightWorld } from './world.ts'

export type Scene = Readonly<{ w: FortnightWorld; p: Payments; rates: FortnightRates; day: string; cents: bigint; n: number }>
/** By what the fault's findings are known: texts that nothing else has. */
type Marks = readonly string[]
/** `finding`: what a person is shown of it first of all; undefined of what is to have no effect. */
export type Plant = Readonly<{
  kind: string
  rail: string
  finding: readonly [where: Where, type: string] | undefined
  /** The day of the fortnight on which it is planted, and the days within which what it causes is shown, where only the day says what it is of. */
  on?: number
  within?: number
  plant: (scene: Scene) => Promise<Marks>
}>

/** An amount as answers write it, and in units of its asset. */
const marksOf = (cents: bigint) => [
  `"${cents / 100n}.${String(cents % 100n)
    .padStart(2, '0')
    .replace(/0$/, '')}"`,
  ` ${cents}0000 `,
]

function out(kind: string, way: WayOut, finding: Plant['finding'], fault: (cents: bigint) => Fault): Plant {
  const rail = way === 'iban' ? 'bank' : 'bank:us'
  return {
    kind,
    rail,
    finding,
    async plant({ w, p, cents, n }) {
      w.order[rail]({ match: { cents }, fault: fault(cents) })
      return [await p.payOut(way, cents, n), `/55500${n}/`, ...marksOf(cents)]
    },
  }
}

function into(kind: string, finding: Plant['finding'], fault: (cents: bigint) => Fault): Plant {
  return {
    kind,
    rail: 'bank',
    finding,
    async plant({ w, p, cents, n }) {
      w.order.bank({ match: { cents }, fault: fault(cents) })
      return [await p.payIn('bank' satisfies WayIn, cents, n), ...marksOf(cents)]
    },
  }
}

function ofDay(kind: string, rail: 'bank' | 'bank:us', finding: Plant['finding'], fault: (cents: bigint) => Fault): Plant {
  return {
    kind,
    rail,
    finding,
    async plant({ w, cents }) {
      const day = (rail === 'bank' ? w.bank : w.usBank).date()
      w.order[rail]({ match: { day }, fault: fault(cents) })
      return marksOf(cents)
    },
  }
}

const REFUSED = ['problem', 'a file of the bank is refused'] as const
const GAP = ['problem', 'a statement is missing or out of order'] as const
const NOBODY = ['suspense', 'of nobody'] as const

const credit =
  (text: string) =>
  (cents: bigint): Fault => ({ kind: 'line', side: 'credit', cents, text })
const debit =
  (text: string) =>
  (cents: bigint): Fault => ({ kind: 'line', side: 'debit', cents, text })

const EURO: readonly Plant[] = [
  out('order refused', 'iban', ['payout', 'failed'], () => ({ kind: 'reject', code: 'AC04' })),
  out('payment comes back', 'iban', ['payout', 'returned'], () => ({ kind: 'return', code: 'MD07', days: 3 })),
  out('payment never booked', 'iban', ['break', 'missing'], () => ({ kind: 'never' })),
  out('payment booked days late', 'iban', ['break', 'missing'], () => ({ kind: 'late', days: 4 })),
  out('too little booked', 'iban', ['break', 'amount'], (cents) => ({ kind: 'amount', cents: cents - 3n })),
  out('too much booked', 'iban', ['break', 'amount'], (cents) => ({ kind: 'amount', cents: cents + 2_000n })),
  out('payment booked twice', 'iban', ['break', 'duplicate'], () => ({ kind: 'twice' })),
  out('payment booked the wrong way', 'iban', ['break', 'missing'], () => ({ kind: 'other_side' })),
  out('booked with a day to come', 'iban', ['problem', 'an entry has a day after that of its statement'], () => ({
    kind: 'future',
    days: 3,
  })),
  out('fee in a line of its own', 'iban', ['problem', 'the bank charged more than its price'], () => ({ kind: 'fee_line', cents: 123n })),
  out('fee in one sum', 'iban', ['break', 'amount'], () => ({ kind: 'fee_deducted', cents: 77n })),
  into('fee kept of a receipt', ['intent', 'paid_partial'], () => ({ kind: 'fee_deducted', cents: 111n })),
  into('receipt booked twice', ['intent', 'paid_over'], () => ({ kind: 'twice' })),
  into('receipt booked the wrong way', ['break', 'unexpected'], () => ({ kind: 'other_side' })),
  ofDay('interest', 'bank', NOBODY, credit('Interest')),
  ofDay('credit of a stranger', 'bank', NOBODY, credit('A gift')),
  ofDay('debit of a stranger', 'bank', ['break', 'unexpected'], debit('Cheque')),
  { ...ofDay('statement twice', 'bank', REFUSED, () => ({ kind: 'statement_twice' })), on: 0, within: 0 },
  { ...ofDay('statements out of order', 'bank', undefined, () => ({ kind: 'statement_after_next' })), on: 1, within: 2 },
  { ...ofDay('statement in another currency', 'bank', REFUSED, () => ({ kind: 'statement_currency' })), on: 3, within: 0 },
  { ...ofDay('statement cut off', 'bank', REFUSED, () => ({ kind: 'statement_cut' })), on: 7, within: 0 },
  { ...ofDay('statement late', 'bank', GAP, () => ({ kind: 'statement_late', days: 2 })), on: 9, within: 6 },
]

const DOLLARS: readonly Plant[] = [
  out('entry refused', 'us_account', ['payout', 'failed'], () => ({ kind: 'reject', code: 'AC04' })),
  out('entry comes back', 'us_account', ['payout', 'returned'], () => ({ kind: 'return', code: 'R03', days: 2 })),
  out('notification of change', 'us_account', ['problem', 'the bank has corrected the account of a payee'], () => ({
    kind: 'change',
    code: 'C01',
    to: '777000777',
  })),
  ofDay('credit of a stranger', 'bank:us', NOBODY, credit('DEPOSIT')),
  ofDay('debit of a stranger', 'bank:us', ['break', 'unexpected'], debit('CHECK 1044')),
  { ...ofDay('statement twice', 'bank:us', REFUSED, () => ({ kind: 'statement_twice' })), on: 2, within: 0 },
  { ...ofDay('statement cut off', 'bank:us', REFUSED, () => ({ kind: 'statement_cut' })), on: 3, within: 0 },
  { ...ofDay('statement in another currency', 'bank:us', REFUSED, () => ({ kind: 'statement_currency' })), on: 8, within: 0 },
]

const PLAYED: readonly Plant[] = [
  {
    kind: 'chain replaces a payment',
    rail: 'custom:chain',
    finding: ['exception', 'taken back'],
    async plant({ w, p, cents, n }) {
      const intent = await p.payIn('custom:chain', cents, n)
      await w.quiet()
      const { id, amount, reference } = w.chain.last()
      w.chain.move(money(BTC, -amount.units))
      w.chain.tell({
        kind: 'demoted',
        id: `undone-${id}`,
        amount,
        takesBack: { kind: 'received', id },
        ...(reference ? { reference } : {}),
      })
      return [intent, `received:${id}"`]
    },
  },
  {
    kind: 'signed elsewhere',
    rail: 'custom:chain',
    finding: ['break', 'unexpected'],
    async plant({ w, cents, day }) {
      const [amount, id] = [money(BTC, cents * 1_000_000n), `elsewhere-${cents}`]
      w.chain.move(money(BTC, -amount.units))
      w.chain.addStranger({ id, place: 'account', kind: 'payment', side: 'out', amount, day, names: [id] })
      return [id, ...btcMarks(cents * 1_000_000n)]
    },
  },
  {
    kind: 'paid twice, told once',
    rail: 'custom:lightning',
    finding: ['break', 'unexpected'],
    async plant({ w, p, cents, n }) {
      const units = cents * 10_000n
      const payout = await p.payOut('custom:lightning', cents, n)
      w.node.move(money(BTC, -units))
      return [payout, ...btcMarks(units)]
    },
  },
  {
    kind: 'channel closed by force',
    rail: 'custom:lightning',
    finding: ['break', 'unexpected'],
    async plant({ w, cents }) {
      const units = cents * 2_000n
      w.node.move(money(BTC, -units))
      return btcMarks(units)
    },
  },
]

function btcMarks(units: bigint): Marks {
  const text = `0.${String(units).padStart(11, '0')}`.replace(/0+$/, '')
  return [`"${text}"`]
}

const OTHERS: readonly Plant[] = [
  {
    kind: 'coin loses its dollar',
    rail: 'rates',
    finding: ['rates', 'rate_unavailable'],
    on: 5,
    plant: async ({ rates }) => [rates.breakPeg()],
  },
  {
    kind: 'source ten times off',
    rail: 'rates',
    finding: ['rates', 'price_source_left_out'],
    on: 2,
    plant: async ({ rates }) => [rates.lie()],
  },
  {
    kind: 'killed between file and record',
    rail: 'ours',
    finding: undefined,
    on: 8,
    async plant({ w, p, cents, n }) {
      await w.quiet()
      await w.stop()
      const names = readdirSync(w.places.data).filter((name) => name.startsWith('bank.db'))
      for (const name of names) cpSync(join(w.places.data, name), join(w.places.data, `before-${name}`))
      await w.again()
      const payout = await p.payOut('iban', cents, n)
      await w.quiet()
      await w.stop()
      for (const name of readdirSync(w.places.data).filter((one) => one.startsWith('bank.db'))) rmSync(join(w.places.data, name))
      for (const name of names) cpSync(join(w.places.data, `before-${name}`), join(w.places.data, name))
      await w.again()
      return [payout, ...marksOf(cents)]
    },
  },
]

export const PLANTS: readonly Plant[] = [...EURO, ...DOLLARS, ...PLAYED, ...OTHERS]
