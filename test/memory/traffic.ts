import type { Fact } from '../../gateway/ports/books.ts'
import { batches } from './batches.ts'
import { bookRows } from './bookRows.ts'
import { devices } from './devices.ts'
import { createDice } from './dice.ts'
import { disputes } from './disputes.ts'
import { errands } from './errands.ts'
import { invoices } from './invoices.ts'
import { merchants } from './merchants.ts'
import { channel, intent, party, request, suspense, table, x402Vouchers } from './moneyIn.ts'
import { exchange, hand, net, payout, refundable, withdrawal } from './moneyOut.ts'
import { orders } from './orders.ts'
import { parts } from './parts.ts'
import { people } from './people.ts'
import { prices } from './prices.ts'
import { quotes } from './quotes.ts'
import { recalls } from './recalls.ts'
import { refunds } from './refunds.ts'
import { statements } from './statements.ts'
import { subscribers } from './subscribers.ts'
import { createTeller, type Story, type Teller } from './teller.ts'
import { address, app, invoice, link } from './wallets.ts'

const STORIES: readonly ((t: Teller) => Story)[] = [
  ...[party, table, intent, intent, request, request, request, request, suspense, channel],
  ...[(t: Teller) => payout(t), exchange, refundable, net, net, address, invoice, link, app, withdrawal, hand],
]
/** Stories that go on side by side. */
const OPEN_MAX = 25

/** Submissions of all kinds without end, their stories woven into each other. The same seed tells the same. */
export function* traffic(seed: number): Generator<Fact[]> {
  const dice = createDice(seed)
  const teller = createTeller(dice)
  // Parties first: the others speak of them.
  for (let n = 0; n < 3; n++) yield* party(teller)
  const open: Story[] = []
  const beside = errands(createTeller(createDice(seed + 7_000)), teller.known.parties)
  const back = refunds(createTeller(createDice(seed + 5_000)), teller.known.parties)
  const agreed = people(createTeller(createDice(seed + 3_000)), teller.known.parties)
  const logins = devices(createTeller(createDice(seed + 11_000)), teller.known.parties)
  const moves = clockMoves(createTeller(createDice(seed + 13_000)))
  const standing = orders(createTeller(createDice(seed + 21_000)), teller.known.parties)
  const sold = merchants(createTeller(createDice(seed + 15_000)), teller.known.parties)
  const contested = disputes(createTeller(createDice(seed + 23_000)), teller.known.parties)
  const subscribed = subscribers(createTeller(createDice(seed + 27_000)), teller.known.parties)
  const invoiced = invoices(createTeller(createDice(seed + 29_000)), teller.known.parties)
  const batched = batches(createTeller(createDice(seed + 33_000)), teller.known.parties)
  const divided = parts(createTeller(createDice(seed + 35_000)), teller.known.parties)
  const quoted = quotes(createTeller(createDice(seed + 37_000)), teller.known.parties)
  const rows = bookRows(createTeller(createDice(seed + 31_000)), teller.known.parties)
  const compared = statements(createTeller(createDice(seed + 39_000)))
  const priced = prices(createTeller(createDice(seed + 41_000)))
  const askedBack = recalls(createTeller(createDice(seed + 43_000)), teller.known.parties)
  const vouchers = x402Vouchers(createTeller(createDice(seed + 9_000)))
  for (;;) {
    if (open.length < OPEN_MAX) open.push(dice.pick(STORIES)(teller))
    const place = dice.below(open.length)
    const step = open[place]!.next()
    if (step.done) open.splice(place, 1)
    // In the same submission, so that the other stories are told as they are without them.
    else
      yield [
        ...step.value,
        ...[
          beside,
          vouchers,
          back,
          agreed,
          logins,
          moves,
          standing,
          sold,
          invoiced,
          contested,
          subscribed,
          batched,
          divided,
          quoted,
          rows,
          compared,
          priced,
          askedBack,
        ].flatMap((told) => told.next().value),
      ]
  }
}

/** A clock that goes on by a second each time. */
function* clockMoves(t: Teller): Generator<Fact[], never> {
  for (let aheadS = 1; ; aheadS++) yield [t.fact('test_clock.advanced', 'test_clock', { aheadS, by: 'operator' })]
}
