import type Stripe from 'stripe'
import {
  type Balance,
  type BalanceTransaction,
  balanceShape,
  balanceTransaction,
  type Made,
  madeList,
  madeShape,
  payoutList,
  transactionList,
} from './wire.ts'

/** Pages of a list that are read at the most, of a hundred entries each. */
const PAGES_MAX = 100

/** All of a list, whose newest is first. */
async function pages<T extends { id: string }>(
  read: (after: string | undefined) => Promise<{ data: T[]; has_more: boolean }>,
): Promise<T[]> {
  const all: T[] = []
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { data, has_more: more } = await read(all.at(-1)?.id)
    all.push(...data)
    if (!more || data.length === 0) return all
  }
  throw new Error(`Stripe lists more than ${PAGES_MAX} pages`)
}

/** What stands at Stripe of what we made there. */
export function findingMade(stripe: Stripe) {
  return {
    /** What stands there of an attempt, by the name that it gave; undefined where nothing does. */
    async transferOf(id: string): Promise<Made | undefined> {
      return madeList.parse(await stripe.transfers.list({ transfer_group: id, limit: 1 })).data[0]
    },
    async refundOf(id: string, payment: string): Promise<Made | undefined> {
      const all = await pages(async (after) =>
        madeList.parse(await stripe.refunds.list({ payment_intent: payment, limit: 100, ...(after ? { starting_after: after } : {}) })),
      )
      return all.find(({ metadata }) => metadata?.switchyard_attempt === id)
    },
    async transferById(id: string): Promise<Made> {
      return madeShape.parse(await stripe.transfers.retrieve(id))
    },
  }
}

/** What the account holds, and what moved on it. */
export function readingAccount(stripe: Stripe) {
  return {
    async balance(): Promise<Balance> {
      return balanceShape.parse(await stripe.balance.retrieve())
    },
    /** Cents that have left for our bank, and are not there by Stripe's word. */
    async onTheWay(currency: string): Promise<number> {
      let cents = 0
      for (const status of ['pending', 'in_transit']) {
        const all = await pages(async (after) =>
          payoutList.parse(await stripe.payouts.list({ status, limit: 100, ...(after ? { starting_after: after } : {}) })),
        )
        for (const payout of all) if (payout.currency === currency) cents += payout.amount
      }
      return cents
    },
    async newestTransaction(currency: string): Promise<string> {
      return transactionList.parse(await stripe.balanceTransactions.list({ currency, limit: 1 })).data[0]?.id ?? ''
    },
    async transactionById(id: string): Promise<BalanceTransaction> {
      return balanceTransaction.parse(await stripe.balanceTransactions.retrieve(id))
    },
    /** What came after this one, the oldest first, at most a hundred; after none, all from the beginning. */
    async transactionsAfter(id: string, currency: string) {
      const asked = { currency, limit: 100, expand: ['data.source'] }
      if (id !== '') return transactionList.parse(await stripe.balanceTransactions.list({ ...asked, ending_before: id })).data.toReversed()
      const all = await pages(async (after) =>
        transactionList.parse(await stripe.balanceTransactions.list({ ...asked, ...(after ? { starting_after: after } : {}) })),
      )
      return all.toReversed()
    },
  }
}
