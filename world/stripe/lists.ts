import { type Books, StripeRefusal, type Transaction, type Transfer } from './books.ts'

const PAGE_MAX = 100

export type Cursor = Readonly<{ limit?: number; starting_after?: string | null; ending_before?: string | null }>

/** A page of a list whose newest is first: what is older than `starting_after`, or what is next newer than `ending_before`. */
function page<T extends { id: string }>(all: readonly T[], { limit = 10, starting_after: after, ending_before: before }: Cursor) {
  const size = Math.min(limit, PAGE_MAX)
  const at = (id: string) => {
    const found = all.findIndex((one) => one.id === id)
    if (found < 0) throw new StripeRefusal(400, 'resource_missing', `No such object: '${id}'`)
    return found
  }
  const end = before ? at(before) : after ? Math.min(all.length, at(after) + 1 + size) : Math.min(all.length, size)
  const start = before ? Math.max(0, end - size) : after ? at(after) + 1 : 0
  return { object: 'list', data: all.slice(start, end), has_more: before ? start > 0 : end < all.length }
}

/** What a program asks Stripe about. */
export function lists(b: Books) {
  return {
    transferOf(id: string): Transfer {
      const found = b.transfers.find((one) => one.id === id)
      if (!found) throw new StripeRefusal(404, 'resource_missing', `No such transfer: '${id}'`)
      return found
    },
    transfersOf: (group: string | null) =>
      page(
        b.transfers.filter((one) => group === null || one.transfer_group === group),
        {},
      ),
    refundsOf: (payment: string | null, o: Cursor) =>
      page(
        b.refunds.filter((one) => payment === null || one.payment_intent === payment),
        o,
      ),
    payoutsOf: (o: Cursor) => page(b.payouts, o),
    transactionOf(id: string, withSource: boolean) {
      const found = b.transactions.find((one) => one.id === id)
      if (!found) throw new StripeRefusal(404, 'resource_missing', `No such balance transaction: '${id}'`)
      return withSource ? found : shown(found)
    },
    transactions(o: Cursor & Readonly<{ since?: number | undefined }>) {
      const { data, ...rest } = page(
        b.transactions.filter(({ created }) => created >= (o.since ?? 0)),
        o,
      )
      return { ...rest, data: data.map(shown) }
    },
    chargesOf(payment: string | null) {
      const charge = payment === null ? undefined : b.charges.get(payment)
      return page(charge ? [{ ...charge, currency: b.currency }] : [], {})
    },
    balance: () => ({
      object: 'balance',
      available: [{ amount: b.cents(), currency: b.currency }],
      pending: [{ amount: 0, currency: b.currency }],
    }),
  }
}

const shown = (t: Transaction) => ({ ...t, source: t.source?.id ?? null })
