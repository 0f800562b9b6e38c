import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { type Money, money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { NetId, PayoutId } from '../../ports/ids.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import type { Destination } from '../../ports/sender.ts'
import { shortOfBalance } from '../payout/createPayout.ts'
import type { Alongside } from '../payoutState/createPayoutCommand.ts'
import { toMoneyData } from '../payoutState/facts.ts'
import type { NetContext } from './context.ts'
import { joinLegs, nettingPath } from './entries.ts'
import { evolve } from './evolve.ts'
import { type NetFact, toFact } from './facts.ts'
import type { Member, Net, NetBounds } from './net.ts'
import type { Seat, Seats } from './seats.ts'
import { type MemberView, viewMember } from './view.ts'

/** A payout that may wait for others to the same destination. `along` is given it as it will be made; at least one claim. */
export type JoinNet = Readonly<{
  source: AccountPath
  amount: Money
  destination: Destination
  reference: string
  metadata?: Metadata
  createdBy: string
  bounds: NetBounds
  along: (made: MemberView) => Alongside
}>

/** `joined` is false when the same command was taken before: then it is where it was. */
type Joined = Readonly<{ net: Net; id: PayoutId; joined: boolean }>

/** Destinations that are paid again and again. An invoice is paid once, and a balance held here is free to pay. */
const NETTED: ReadonlySet<Destination['kind']> = new Set([
  'lightning_node',
  'lightning_address',
  'lnurl',
  'evm_address',
  'iban',
  'us_account',
  'custom',
])

/** What is paid together: one destination, one asset. */
export function keyOf(o: { destination: Destination; asset: string }): string {
  return JSON.stringify([o.destination, o.asset])
}

/**
 * Makes a payout durable, with the hold on its source, as a member of the open net to its destination. Refuses as a payout does, and with
 * `idempotency_key_reused`.
 */
export async function joinNet(context: NetContext, seats: Seats, command: JoinNet): Promise<Joined> {
  const { source, amount, destination, reference, createdBy } = command
  if (!NETTED.has(destination.kind)) {
    throw new GatewayError('invalid_request', `Payouts to a destination of kind ${destination.kind} are not netted`, {
      hint: 'Leave `netting` out: an invoice is paid once, and a balance held here at once and free.',
    })
  }
  context.payouts.check({ source, amount, destinations: [destination], reference, createdBy })
  const key = keyOf({ destination, asset: amount.asset.id })
  const seat = await seatFor(context, seats, { command, key })
  const id = context.ids.payout()
  let counts: (() => void) | undefined
  const known = (joined: boolean) => {
    seat.free({ joined })
    counts?.()
  }
  try {
    const wanted = { id, source, behalf: { account: source }, amount, destinations: [destination] }
    counts = context.payouts.members.admit(wanted, { net: seat.net, openMax: context.policy.openMax })
    const made = await durable(context, command, { id, net: seat.net, late: known })
    known(made.joined)
    return made
  } catch (error) {
    // It may join all the same: its seat is kept, and the net open, until the books know.
    if (!isGatewayError(error, 'outcome_unknown')) known(false)
    throw error
  }
}

/**
 * A seat where all can be paid together. A stranger's payout that makes them too much for every rail, and alone is not, would fail those of others, and has
 * its money back: so it sits in a net of its own.
 */
async function seatFor(context: NetContext, seats: Seats, { command, key }: Readonly<{ command: JoinNet; key: string }>): Promise<Seat> {
  const { source, amount, destination, bounds } = command
  const wish = { countMax: bounds.countMax, source, units: amount.units, fresh: () => context.ids.net() }
  const seat = seats.take(key, wish)
  if (!seat.mixed) return seat
  const payable = async (units: bigint) => {
    const quote = await context.payouts.quote({
      source: nettingPath(seat.net),
      amount: money(amount.asset, units),
      destinations: [destination],
    })
    return quote.kind === 'possible'
  }
  try {
    const together = async () => (await payable(seat.units)) || !(await payable(amount.units))
    if (await context.payouts.asking(source, together)) return seat
  } catch (error) {
    seat.free({ joined: false })
    throw error
  }
  seat.free({ joined: false })
  return seats.take(key, { ...wish, alone: true })
}

/** `late` is told whether it has joined, when that becomes known only after its caller was refused. */
type Place = Readonly<{ id: PayoutId; net: NetId; late: (joined: boolean) => void }>

async function durable(context: NetContext, command: JoinNet, { id, net, late }: Place): Promise<Joined> {
  const { source, amount, destination, reference, metadata, createdBy, bounds } = command
  const entry = newEntry(context, id, joinLegs(net, command))
  const at = context.clock.now()
  const member: Omit<Member, 'createdAt' | 'id' | 'claims'> = {
    source,
    amount,
    reference,
    ...saidMetadata(metadata),
    createdBy,
    hold: entry.id,
  }
  const fact = (claims: readonly string[]): NetFact => ({
    type: 'netting.joined',
    id,
    at,
    data: {
      ...member,
      amount: toMoneyData(amount),
      net,
      destination,
      unitsMax: bounds.unitsMax.toString(),
      countMax: bounds.countMax,
      closeBy: at + bounds.ageMsMax,
      claims,
    },
  })
  const { claims, facts } = command.along(viewMember(evolve(context.records.get(net), fact([])), id))
  invariant(claims.length > 0, 'a netted payout is made under a key that makes a repeat harmless')
  const submission = { claims, facts: [toFact(fact(claims.map((c) => c.key))), ...facts], entry }
  // What was unknown first is a replay of itself later: whether it is ours, its id says.
  const isOurs = () => context.records.byClaim(claims[0]!.key) === id
  const outcome = await submitUntilKnown(context.books, submission, () => late(isOurs()))
  if (outcome.kind === 'declined') throw shortOfBalance(context, command, outcome.status)
  if (outcome.kind === 'conflict') {
    throw new GatewayError('idempotency_key_reused', 'Another request was made under the key of this payout', {
      meta: { claim: outcome.with.key },
    })
  }
  const made = context.records.byClaim(claims[0]!.key)
  const joined = made && context.records.ofMember(made)
  invariant(made && joined, 'the payout of a taken claim is known before its submission resolves')
  return { net: joined, id: made, joined: isOurs() }
}
