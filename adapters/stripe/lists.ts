import type Stripe from 'stripe'
import {
  type Balance,
  type BalanceTransaction,
  balanceShape,
  balanceTransaction,
  chargeList,
  type Made,
  madeList,
  madeShape,
  payoutList,
  type Source,
  transactionList,
  withSource,
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
    /** The currency in which a payment was charged; undefined of none. */
    async currencyOf(payment: string): Promise<string | undefined> {
      return chargeList.parse(await stripe.charges.list({ payment_intent: payment, limit: 1 })).data[0]?.currency
    },
    async transferById(id: string): Promise<Made> {
      return madeShape.parse(await stripe.transfers.retrieve(id))
    },
  }
}

/** What the account holds, and what moved on it. */
export function readingAccount(stripe: Stripe) {
  async function transactions(asked: Readonly<{ currency: string; created?: { gte: number } }>): Promise<BalanceTransaction[]> {
    const all = await pages(async (after) =>
      transactionList.parse(await stripe.balanceTransactions.list({ ...asked, limit: 100, ...(after ? { starting_after: after } : {}) })),
    )
    return all.toReversed()
  }
  return {
    async balance(): Promise<Balance> {
      return balanceShape.parse(await stripe.balance.retrieve())
    },
    /** Cents that have left for our bank, and are not there by Stripe's word: of the newest hundred, as they are there within days. */
    async onTheWay(currency: string): Promise<number> {
      const { data } = payoutList.parse(await stripe.payouts.list({ limit: 100 }))
      const open = data.filter((payout) => payout.currency === currency && (payout.status === 'pending' || payout.status === 'in_transit'))
      return open.reduce((cents, { amount }) => cents + amount, 0)
    },
    async newestTransaction(currency: string): Promise<BalanceTransaction | undefined> {
      return transactionList.parse(await stripe.balanceTransactions.list({ currency, limit: 1 })).data[0]
    },
    async transactionById(id: string): Promise<BalanceTransaction> {
      return balanceTransaction.parse(await stripe.balanceTransactions.retrieve(id))
    },
    async sourceOf(id: string): Promise<Source | undefined> {
      return withSource.parse(await stripe.balanceTransactions.retrieve(id, { expand: ['source'] })).source ?? undefined
    },
    /** What came after this one, the oldest first, at most a hundred; after none, all from the beginning. */
    async transactionsAfter(id: string, currency: string): Promise<BalanceTransaction[]> {
      if (id === '') return transactions({ currency })
      return transactionList.parse(await stripe.balanceTransactions.list({ currency, limit: 100, ending_before: id })).data.toReversed()
    },
    /** All since then (s), the oldest first. */
    transactionsSince: (at: number, currency: string) => transactions({ currency, created: { gte: at } }),
  }
}
