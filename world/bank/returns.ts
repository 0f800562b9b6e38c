import { bankDaysAfter } from '../../gateway/payouts/calendar/bankDays.ts'
import type { Faults } from './faults.ts'
import type { Order } from './orders.ts'

/** An order whose money comes back on a day of the bank; '' for the next cycle. */
type Returning = Readonly<{ order: Order; original: string; code: string; on: string }>

/** Why the beneficiary's bank says it sent the money back: a reason that says nothing against the account, which so can be paid again. */
const RETURN_CODE = 'MS03'

/** What other banks send back: what was ordered to come back, and what goes to one account. */
export function createReturns({ faults, date, returnedIban }: Readonly<{ faults: Faults; date: () => string; returnedIban: string }>) {
  let returning: Returning[] = []

  return {
    /** It was executed, under this reference of the bank. */
    note(order: Order, original: string): void {
      const fault = faults.ofOrder(['return'], aboutOrder(order, date()))
      if (fault) returning.push({ order, original, code: fault.code, on: bankDaysAfter('target', date(), fault.days) })
      else if (order.iban === returnedIban) returning.push({ order, original, code: RETURN_CODE, on: '' })
    },
    /** What comes back now. */
    takeDue(): Returning[] {
      const due = returning.filter(({ on }) => on <= date())
      returning = returning.filter(({ on }) => on > date())
      return due
    },
  }
}

/** An order as rules look at it. */
export function aboutOrder({ cents, iban, endToEndId, remittance }: Order, day: string) {
  const names = [endToEndId, remittance.text, remittance.reference].filter((name) => name !== undefined)
  return { cents, accounts: [iban], names, day }
}
