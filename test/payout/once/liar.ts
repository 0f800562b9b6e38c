import type { FakeRail } from '../../../gateway/conformance/fakeRail.ts'
import { min } from '../../../gateway/money/integers.ts'
import { type Money, money } from '../../../gateway/money/money.ts'
import type { Outcome } from '../../../gateway/ports/outcome.ts'
import type { Attempt, Sender } from '../../../gateway/ports/sender.ts'
import type { RailBalance } from '../../../gateway/ports/statement.ts'
import type { Dice } from '../../memory/dice.ts'

/** How a call meets its rail, and what of it its caller hears. `unheard`: it is lost; `late` arrives when it is answered, `lateHeard` at once. */
type Call = 'answers' | 'silent' | 'throws' | 'hangs' | 'lateHeard' | 'late' | 'unheardThrows' | 'unheardHangs'

/** How an order is met besides: it is said to have failed until it is paid; the rail does not say until then; it is paid twice. */
type Manner = 'lies' | 'stuck' | 'twice' | undefined
/** What becomes of an order, and when. */
type Order = Readonly<{ attempt: Attempt; fee: Money; ends: 'paid' | 'refused'; at: number; manner: Manner }>

/** What reached the rail and what of it has moved, by attempt. */
export type Truth = Readonly<{
  orders: ReadonlyMap<string, Order>
  heard: ReadonlySet<string>
  isPaid(id: string): boolean
  saidFailed(id: string): boolean
}>
export type Liar = Readonly<{
  rail: FakeRail
  sender: Sender
  truth: Truth
  balances(): Promise<readonly RailBalance[]>
  /** Ends what its callers have not ended: what a dead process has said arrives now, or never. */
  callersDied(): void
}>

/** The world that a rail lives in. `calm`: from now on it answers what is true, at once. */
export type Around = Readonly<{ dice: Dice; now(): number; isCalm(): boolean; place: string; starts: bigint }>

const MINUTE_MS = 60_000
const CALLS: readonly Call[] = [
  ...(['answers', 'answers', 'answers', 'silent', 'silent', 'throws', 'hangs'] as const),
  ...(['lateHeard', 'late', 'unheardThrows', 'unheardHangs'] as const),
]
/** Some of them have the same way tried again, with a change. */
const REFUSALS = [
  ...(['no_route', 'rejected_by_rail', 'rejected_by_payee', 'expired', 'reverted'] as const),
  ...(['fee_above_limit', 'insufficient_liquidity', 'past_cut_off', 'already_used'] as const),
]

const silent = (checkAfterMs: number): Outcome => ({ kind: 'unknown', checkAfterMs, silent: true })
const never = () => new Promise<never>(() => {})
const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms))

/** A rail that keeps what it was told, whatever becomes of who told it, and that says less than it knows, late, twice, or what is not so. */
export function createLiar(rail: FakeRail, around: Around): Liar {
  const { dice, now } = around
  const orders = new Map<string, Order>()
  const heard = new Set<string>()
  const told = new Set<string>()
  const onTheirWay = new Set<Attempt>()
  let said = 0
  // For some minutes a rail may give no terms at all: then who has it planned waits for it.
  const quietFrom = now() + dice.below(MINUTE_MS)
  const quietUntil = dice.percent(60) ? quietFrom + dice.below(10 * MINUTE_MS) : quietFrom
  const isQuiet = () => !around.isCalm() && now() >= quietFrom && now() < quietUntil

  function receive(attempt: Attempt): Order {
    const order = orders.get(attempt.id) ?? draw(attempt, rail, around)
    orders.set(attempt.id, order)
    return order
  }

  function word(order: Order): Outcome {
    const { attempt, fee, at, ends, manner } = order
    const isOver = now() >= at
    if (isOver && ends === 'paid')
      return { kind: 'settled', evidence: { rail: rail.rail, id: `proof-${attempt.id}-${++said}`, at: now() }, fee }
    if (isOver || manner === 'lies') {
      told.add(attempt.id)
      // Of an id the last places are a count, and two zeros.
      const reason = REFUSALS[Number.parseInt(attempt.id.slice(-10, -2), 16) % REFUSALS.length]!
      return reason === 'past_cut_off' ? { kind: 'failed', reason, notBefore: at + 10 * MINUTE_MS } : { kind: 'failed', reason }
    }
    return { kind: 'unknown', checkAfterMs: 100 + dice.below(20_000), ...(manner === 'stuck' && { stuck: true as const }) }
  }

  async function lookup(id: string): Promise<Outcome> {
    const order = orders.get(id)
    if (!around.isCalm()) {
      const chance = dice.below(100)
      if (chance < 8) return never()
      if (chance < 16) throw new Error('the connection broke')
      if (chance < 26) await after(1_000 + dice.below(9_000))
      else if (chance < 36) return silent(dice.below(5_000))
    }
    return order ? word(order) : { kind: 'failed', reason: 'never_sent' }
  }

  async function send(attempt: Attempt, { acknowledged }: Parameters<Sender['send']>[1]): Promise<Outcome> {
    heard.add(attempt.id)
    const call = around.isCalm() ? 'answers' : dice.pick(CALLS)
    if (call === 'unheardThrows') throw new Error('no connection')
    if (call === 'unheardHangs') return never()
    if (call === 'late') {
      onTheirWay.add(attempt)
      await after(1_000 + dice.below(2 * MINUTE_MS))
      onTheirWay.delete(attempt)
    }
    const order = receive(attempt)
    if (dice.percent(40)) acknowledged?.()
    if (call === 'hangs') return never()
    if (call === 'throws') throw new Error('the connection broke')
    if (call === 'silent') return silent(1_000)
    if (call === 'lateHeard') await after(1_000 + dice.below(2 * MINUTE_MS))
    return word(order)
  }

  const isPaid = (id: string) => orders.get(id)?.ends === 'paid' && now() >= orders.get(id)!.at
  return {
    rail,
    sender: {
      ...senderOf(rail),
      serves: rail.rail === 'lightning' ? [...rail.serves, 'lightning_offer'] : rail.serves,
      check: () => undefined,
      estimate: (query) => (isQuiet() ? never() : estimate(rail, query, around)),
      send,
      lookup,
    },
    truth: { orders, heard, isPaid, saidFailed: (id) => told.has(id) },
    async balances() {
      const fees = rail.feesComeBy === 'outcome'
      const gone = [...orders.values()].filter(({ attempt }) => isPaid(attempt.id))
      const units = gone.reduce((sum, { attempt, fee, manner }) => {
        return sum + (attempt.amount.units + (fees ? fee.units : 0n)) * (manner === 'twice' ? 2n : 1n)
      }, 0n)
      return [{ place: around.place, amount: money(rail.asset, around.starts - units), at: now(), inFlight: [] }]
    },
    callersDied() {
      for (const attempt of onTheirWay) if (dice.percent(50)) receive(attempt)
      onTheirWay.clear()
    },
  }
}

function senderOf({ rail, asset, serves, feesComeBy, check }: FakeRail): Omit<Sender, 'send' | 'lookup' | 'estimate'> {
  return { rail, asset, serves, feesComeBy, check }
}

/** What becomes of a new order. */
function draw(attempt: Attempt, { fee }: FakeRail, { dice, now, isCalm }: Around): Order {
  const ends = dice.percent(55) ? ('paid' as const) : ('refused' as const)
  const order = { attempt, ends, fee: { ...fee, units: min(fee.units, attempt.feeMax.units) }, manner: undefined }
  const kind = isCalm() ? 0 : dice.below(100)
  if (kind >= 92) return { ...order, ends: 'paid', at: now() + MINUTE_MS + dice.below(30 * MINUTE_MS), manner: 'lies' }
  if (kind >= 84) return { ...order, at: now() + 10 * MINUTE_MS + dice.below(30 * MINUTE_MS), manner: 'stuck' }
  if (kind >= 81) return { ...order, ends: 'paid', at: now(), manner: 'twice' }
  return { ...order, at: kind < 45 ? now() : now() + dice.below(10 * MINUTE_MS) }
}

async function estimate(
  rail: FakeRail,
  query: Parameters<Sender['estimate']>[0],
  { dice, isCalm }: Around,
): ReturnType<Sender['estimate']> {
  const chance = isCalm() ? 100 : dice.below(100)
  if (chance < 4) return never()
  if (chance < 8) throw new Error('the rail is broken')
  if (chance < 12) return { kind: 'impossible', reason: 'no_route', detail: 'no way there' }
  const terms = await rail.estimate(query)
  if (terms.kind !== 'possible') return terms
  // What a chain takes is gas, which moves: so there is something to wait for.
  const gas = rail.rail.startsWith('evm') ? (terms.fee.units * BigInt(1 + dice.below(100))) / 100n : undefined
  const priced = gas === undefined ? {} : { gas: { now: money(terms.fee.asset, gas), high: terms.fee } }
  return { ...terms, ...priced, successPpm: BigInt(500_000 + dice.below(499_000)) }
}
