import type { Memory } from '../../gateway/ports/books.ts'
import type { Rooms } from './openRooms.ts'

/** The bytes of all tables of a memory, in the order in which a room goes through them. */
export function imageOf({ tables }: Memory): string {
  return text(Object.entries(tables).map(([name, rows]) => [name, [...rows]]))
}

/** What rooms answer by the indexes that they derive from their tables: by reference, by hash, newest first and so on. */
export function readingsOf(rooms: Rooms): string {
  const { parties, splits, intents, settlements, requests, unclaimed, payouts, wallet, exchanges, nets, passes, withdrawals } = rooms
  const { disputes, errands, listings, endpoints, refunds, agents, approvals, links, invoices, orders } = rooms
  const allPayouts = [...pages((page) => payouts.list(page))]
  const allExchanges = [...pages((page) => exchanges.list(page))]
  const allWithdrawals = [...pages((page) => withdrawals.list(page))]
  const allIntents = intents.list({ limit: 1_000_000, after: undefined })
  return text({
    parties: parties.list({ limit: 1_000_000 }).map(({ reference }) => reference && parties.byReference(reference)?.id),
    splits: splits
      .all()
      .map((split) => [splits.bySplitId(split.splitId)?.key, split.house && splits.houseOf(split.house)?.key, split.tree.share(0)]),
    intents: allIntents.flatMap(({ offers }) => offers.map(({ rail, reference }) => intents.byReference(rail, reference))),
    due: intents.due(1_900_000_000_000, 10_000).map(({ id }) => id),
    requests: requests
      .heldKeys()
      .map((key) => [requests.byAuthorization('evm:31337', authorizationOf(key))?.receipt, requests.authorization(key)]),
    unfinished: requests.unfinished().map((request) => [request, requests.headOf(request.receipt)]),
    away: [...requests.away()].map(({ receipt, runner }) => `${receipt} ${requests.awayOf(runner.split('/')[0]!)}`).sort(),
    channels: [...settlements.channels.all()].map(({ id }) => settlements.channels.withId(id)),
    unclaimed: unclaimed.all().map((channel) => [channel.id, unclaimed.since(channel)]),
    rows: rooms.rows.keys().map((key) => rooms.rows.row(key)),
    openClaims: rooms.rows.open(),
    x402: rooms.x402Unclaimed.all().map((channel) => [channel, rooms.x402Unclaimed.since(channel)]),
    payouts: [allPayouts, payouts.exceptions(), payouts.inFlight()],
    decisions: allPayouts.flatMap(({ decisionId }) => (decisionId === undefined ? [] : [payouts.decision(decisionId)])),
    exchanges: [allExchanges, exchanges.open(), exchanges.openCount(), exchanges.exceptions()],
    hashes: allExchanges.map(({ pay }) => (pay.kind === 'hold' ? exchanges.byHash(pay.hash)?.id : undefined)),
    errands: [[...pages((page) => errands.list(page))].map((errand) => [errand, errands.named(errand.claimKey)?.id]), errands.openCount()],
    listings: listings.page({}, { limit: 1_000, offset: 0 }),
    endpoints: endpoints.all().map((endpoint) => [endpoint, endpoints.ofHolder(endpoint.holder).length]),
    refunds: [...pages((page) => refunds.list(page))].map((refund) => [
      refund,
      refunds.ofPayment(refund.data.request),
      refunds.ofPayment(refund.data.receipt),
      refunds.openOf(refund.data.payee),
    ]),
    disputes: [[...pages((page) => disputes.list(page))].map((one) => [one, disputes.openOf(one.data.payee)]), disputes.openCount()],
    agents: parties.list({ limit: 1_000_000 }).map(({ id }) => agents.list(id)),
    approvals: [...pages((page) => approvals.list(page))].map((it) => [it, it.order && approvals.named(it.order.payout)?.id]),
    orders: [...pages((page) => orders.list(page))].map((order) => [order, orders.openOf(order.party)]),
    issuedInvoices: [...pages((page) => invoices.list(page))].map((it) => [it, invoices.countOf(it.data.payee.id)]),
    paymentLinks: [...pages((page) => links.list(page))].map((link) => [link, links.activeOf(link.payee.id, 0)]),
    plans: [...pages((page) => rooms.plans.list(page))].map((plan) => [plan, rooms.plans.activeOf(plan.payee.id)]),
    subscriptions: [...pages((page) => rooms.subscriptions.list(page))].map((s) => [
      s,
      rooms.subscriptions.openOf(s.payee),
      s.subscriber && rooms.subscriptions.openBetween(s.payee, s.subscriber),
    ]),
    recalls: [
      [...pages((page) => rooms.recalls.list(page))].map((it) => [it, rooms.recalls.named(it.payout)?.id]),
      rooms.recalls.openCount(),
    ],
    breaks: [[...pages((page) => rooms.breaks.list(page))], rooms.breaks.openCount()],
    nets: [nets.open(), nets.openCount()],
    passes: [passes.open(), passes.openCount()],
    withdrawals: [allWithdrawals, allWithdrawals.map(({ id }) => withdrawals.get(id)), withdrawals.open(), withdrawals.openCount()],
    addresses: wallet.addresses
      .list()
      .map(({ name }) => [wallet.offers.find(name), wallet.offers.payments(name), wallet.keysends.list(name)]),
    offers: wallet.addresses.list().map(({ name }) => wallet.partyOf(wallet.offers.find(name)?.reference ?? '')),
    apps: [wallet.apps.list(), wallet.apps.active()],
    invoices: wallet.invoices.list({ limit: 1_000, fits: ({ paid }) => paid === undefined }),
  })
}

/** Everything of a list, newest first, a page at a time. */
function* pages<T extends { id: string }>(list: (page: { limit: number; after: string | undefined }) => readonly T[]): Generator<T> {
  for (let after: string | undefined; ; ) {
    const page = list({ limit: 37, after })
    yield* page
    after = page.at(-1)?.id
    if (after === undefined) return
  }
}

/** What is left of the allowance of each link. */
export function linksOf({ wallet: { withdrawLinks } }: Rooms, links: readonly string[]): string {
  return text(links.map((id) => [id, withdrawLinks.statusOf(withdrawLinks.get(id)), withdrawLinks.left(withdrawLinks.get(id))]))
}

/** `evm:<chain>:<token>:<from>:<nonce>` of a claim, as the chain names an authorization. */
function authorizationOf(claimKey: string): string {
  const [, , , from, nonce] = claimKey.split(':')
  return `auth:${from}:${nonce}`
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v), 1)
}
