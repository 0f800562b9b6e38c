import { GatewayError } from '../../errors/gatewayError.ts'
import { createShares } from '../../guard/admission/shares.ts'
import { floorDivCount, max, min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { OfferTerms, Receiver } from '../../ports/receiver.ts'
import { withDeadline } from './withDeadline.ts'

/** How long an invoice can be paid, and how much of that is left at least when it is handed out: between the two it waits in the pool. */
const LIFE_MS = 420_000
const LEFT_MS_MIN = 300_000
/** Invoices made ahead of one amount and description, and of how many of these. The node has so many unpaid ones that nobody asked for, for seven minutes. */
const READY_MAX = 16
const KINDS_MAX = 128
/** Calls of the node at a time; of them so many for what nobody waits for. */
const CALLS_MAX = 32
const CALLS_AHEAD_MAX = 4
/** Who waits for a node, and how long; in fair shares. An invoice that comes later is the next one's. */
const WAITING_MAX = 1_024
const WAIT_MS = 2_000
/** A call that takes longer is no sign of life any more. */
const CALL_MS_MAX = 4_000

type Wish = Readonly<{ amount: Money; description: string; ref: Hex; asker: string }>
type Waiter = { readonly take: (terms: OfferTerms) => void; readonly refuse: (error: unknown) => void }
/** `ahead`: how many to have ready. It doubles when the last was taken, and halves when one grew too old: so what is made ahead follows demand. */
type Kind = { readonly ready: OfferTerms[]; readonly waiting: Set<Waiter>; making: number; ahead: number; asked: number; last: Wish }

/** Invoices for 402s, each handed out once. What is asked for often is made ahead, so that a 402 need not wait for the node. */
export function createInvoicePool(o: { receiver: Receiver; clock: Clock }) {
  const { receiver, clock } = o
  const { rail } = receiver
  const shares = createShares({ clock, max: WAITING_MAX, parts: 2, lifeMs: LIFE_MS, what: 'the waiting for an invoice' })
  /** What was asked for longest ago comes first. */
  const kinds = new Map<string, Kind>()
  const line: Kind[] = []
  const toFill = new Set<Kind>()
  let calls = 0
  /** When the node last answered, or was asked after a pause. */
  let aliveAt = 0

  /** Calls the node for whoever waits, and for the pool with what is left of its time. */
  function pump(): void {
    while (calls < CALLS_MAX) {
      const kind = line.shift()
      if (!kind) break
      if (kind.making < kind.waiting.size) make(kind)
    }
    for (const kind of toFill) {
      while (calls < CALLS_AHEAD_MAX && kind.making + kind.ready.length < kind.ahead + kind.waiting.size) make(kind)
      if (calls >= CALLS_AHEAD_MAX) return
      toFill.delete(kind)
    }
  }

  function make(kind: Kind): void {
    if (calls++ === 0) aliveAt = clock.now()
    kind.making++
    const { amount, description, ref } = kind.last
    const offer = receiver.offer({ amount, description, ref, expiresAt: clock.now() + LIFE_MS })
    void withDeadline(offer, { rail, ms: CALL_MS_MAX })
      .then((terms) => give(kind, terms))
      .catch((error: unknown) => {
        toFill.delete(kind)
        firstWaiter(kind)?.refuse(error)
      })
      .finally(() => {
        calls--
        kind.making--
        aliveAt = clock.now()
        pump()
      })
  }

  function wait(kind: Kind, asker: string): Promise<OfferTerms> {
    if (calls > 0 && clock.now() - aliveAt > WAIT_MS)
      throw new GatewayError('rail_unavailable', `${rail} has not answered for ${WAIT_MS} ms`)
    const waiting = waiterOf(kind, rail, shares.take(rail, asker))
    line.push(kind)
    return waiting
  }

  return {
    /** One invoice that nobody else has. Throws `rail_unavailable`, or `too_busy`, where there is none soon. */
    async take(wish: Wish): Promise<OfferTerms> {
      const kind = kindOf(kinds, wish)
      dropOld(kind, clock.now())
      const ready = kind.ready.shift()
      // Of what is asked for once, none is made ahead.
      if (kind.ready.length === 0) kind.ahead = kind.asked === 0 ? 0 : min(max(2 * kind.ahead, 1), READY_MAX)
      kind.asked++
      if (kind.ahead > 0) toFill.add(kind)
      const terms = ready ?? wait(kind, wish.asker)
      pump()
      return terms
    },
  }
}

function kindOf(kinds: Map<string, Kind>, wish: Wish): Kind {
  const key = `${wish.amount.units} ${wish.description}`
  const kind = kinds.get(key) ?? { ready: [], waiting: new Set(), making: 0, ahead: 0, asked: 0, last: wish }
  kinds.delete(key)
  kinds.set(key, kind)
  kind.last = wish
  if (kinds.size > KINDS_MAX) kinds.delete(kinds.keys().next().value!)
  return kind
}

function firstWaiter({ waiting }: Kind): Waiter | undefined {
  const [first] = waiting
  return first
}

function give(kind: Kind, terms: OfferTerms): void {
  const waiter = firstWaiter(kind)
  if (waiter) waiter.take(terms)
  else kind.ready.push(terms)
}

/** The oldest come first. */
function dropOld(kind: Kind, now: number): void {
  const young = kind.ready.findIndex(({ expiresAt }) => expiresAt >= now + LEFT_MS_MIN)
  if (young === 0 || kind.ready.length === 0) return
  kind.ready.splice(0, young < 0 ? kind.ready.length : young)
  kind.ahead = floorDivCount(kind.ahead, 2)
}

/** Waits for the next invoice of this kind, as long as a 402 can; `end` is called after that. */
function waiterOf(kind: Kind, rail: RailName, end: () => void): Promise<OfferTerms> {
  const { promise, resolve, reject } = Promise.withResolvers<OfferTerms>()
  const waiter: Waiter = { take: ended(resolve), refuse: ended(reject) }
  const late = () => waiter.refuse(new GatewayError('rail_unavailable', `${rail} did not answer within ${WAIT_MS} ms`))
  const timer = setTimeout(late, WAIT_MS)
  kind.waiting.add(waiter)
  return promise

  function ended<T>(then: (value: T) => void): (value: T) => void {
    return (value) => {
      clearTimeout(timer)
      end()
      kind.waiting.delete(waiter)
      then(value)
    }
  }
}
