import { type BankBooks, type Holder, INCOME, OTHER_BANKS } from './books.ts'
import type { Order, Refusal } from './orders.ts'

/** A customer's order at the counter: to our account, or to `to`. */
export type Transfer = Readonly<{ customer: string; cents: bigint; remittance: string; to?: string }>

type ExecutionRules = Readonly<{ own: Holder; customers: readonly Holder[]; chargeCents: bigint; closedIban: string }>

function holderOf(iban: string, rules: ExecutionRules): Holder | undefined {
  return [rules.own, ...rules.customers].find((holder) => holder.iban === iban)
}

/** `reference`: the booking's; `transactionId`: the banks' name of the transfer. */
export type Executed = Readonly<{ order: Order; reference: string; transactionId: string }>

/** Debits our account and, apart, the bank's charge. Refuses a closed beneficiary and a balance that does not cover both. */
export function executeOrder(books: BankBooks, order: Order, rules: ExecutionRules): { refusal: Refusal } | Omit<Executed, 'order'> {
  const { own, chargeCents } = rules
  if (order.iban === rules.closedIban) return { refusal: { code: 'AC04', text: 'the account is closed' } }
  if (books.balance(own.id) < order.cents + chargeCents) return { refusal: { code: 'AM04', text: 'the balance is too low' } }
  const { endToEndId, remittance } = order
  const { id: transactionId } = books.head('T')
  books.move(own.id, holderOf(order.iban, rules)?.id ?? OTHER_BANKS, order.cents)
  const reference = books.book({
    credit: false,
    cents: order.cents,
    code: ['ICDT', 'ESCT'],
    endToEndId,
    transactionId,
    payer: own,
    payee: { name: order.name, iban: order.iban },
    ...(remittance.text ? { text: remittance.text } : {}),
    ...(remittance.reference ? { creditorReference: remittance.reference } : {}),
  })
  if (chargeCents > 0n) {
    books.move(own.id, INCOME, chargeCents)
    books.book({ credit: false, cents: chargeCents, code: ['ICDT', 'CHRG'], endToEndId, text: 'Charge for a credit transfer' })
  }
  return { reference, transactionId }
}

/** Money of an executed order comes back from the beneficiary's bank. */
export function returnOrder(books: BankBooks, order: Order, rules: ExecutionRules & { original: string; code: string }): void {
  books.move(OTHER_BANKS, rules.own.id, order.cents)
  const payer = { name: order.name, iban: order.iban }
  const text = `Return of ${rules.original}`
  books.book({
    credit: true,
    cents: order.cents,
    code: ['ICDT', 'RRTN'],
    endToEndId: order.endToEndId,
    payer,
    text,
    returnCode: rules.code,
  })
}

/** Why money comes back that was asked for. */
const RECALLED = 'FOCR'

/** Whoever got it gives it back; false where a customer of this bank has not so much. */
export function giveBack(books: BankBooks, { order, reference }: Executed, rules: ExecutionRules): boolean {
  const holder = holderOf(order.iban, rules)
  if (holder && books.balance(holder.id) < order.cents) return false
  if (holder) books.move(holder.id, OTHER_BANKS, order.cents)
  returnOrder(books, order, { ...rules, original: reference, code: RECALLED })
  return true
}

/** A customer pays from an account at this bank. Only what arrives on our account is reported to us. */
export function executeTransfer(books: BankBooks, transfer: Transfer, rules: ExecutionRules): void {
  const payer = rules.customers.find(({ id }) => id === transfer.customer)
  if (!payer) throw new Error(`invariant broken: ${transfer.customer} was accepted as a customer`)
  const payee = transfer.to === undefined ? rules.own : holderOf(transfer.to, rules)
  books.move(payer.id, payee?.id ?? OTHER_BANKS, transfer.cents)
  if (payee?.id !== rules.own.id) return
  const text = transfer.remittance
  books.book({ credit: true, cents: transfer.cents, code: ['RCDT', 'ESCT'], endToEndId: 'NOTPROVIDED', payer, payee, text })
}
