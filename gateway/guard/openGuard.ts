import type { Ground } from '../ports/ground.ts'
import { createBuckets, type Rate } from './admission/buckets.ts'
import { createChainQuestions } from './admission/chainQuestions.ts'
import { prefixesOf } from './admission/prefixes.ts'
import { createQueueAge } from './admission/queueAge.ts'
import { type Agents, NO_AGENTS } from './agents/agents.ts'
import { createDeviceCodes } from './deviceCodes/deviceCodes.ts'

/** For whom nobody vouches, by the address: each line, and the network it is in. `lateMs`: the least wait of a while that means overload. */
export type GuardLimits = Readonly<{ line: Rate; network: Rate; caller: Rate; lateMs: number }>

/** An API and its page need a few requests a second; a caller with a key is known, and has his own limits in the books. */
export const LIMITS: GuardLimits = {
  line: { perS: 50, burst: 500 },
  network: { perS: 200, burst: 2_000 },
  caller: { perS: 2_000, burst: 10_000 },
  lateMs: 16,
}
/** On the local network everybody has one address, and the machine is busy with being everybody: late there is not overloaded. */
export const LIMITS_ON_ONE_MACHINE: GuardLimits = {
  line: { perS: 50_000, burst: 100_000 },
  network: { perS: 50_000, burst: 100_000 },
  caller: { perS: 50_000, burst: 100_000 },
  lateMs: 5_000,
}
/** A right key needs one try; a script that was given an old key may need some until somebody looks. */
const WRONG_KEYS: Rate = { perS: 1, burst: 50 }
/** Of what one line may ask, a fifth for any one route. */
const ROUTE_PART = 5
/**
 * An unpaid invoice weighs as much as so many requests of one line: a network that pays none gets 40 at once and then one a second, and of one route 10 and
 * then one in five seconds.
 */
const INVOICE_WEIGHT = 50
const INVOICE_BURST_LINES = 4
const INVOICE_WEIGHT_OF_ROUTE = 250
const INVOICE_BURST_LINES_OF_ROUTE = 5

/** To begin to pay by a payment link weighs as much as so many requests of one line: by one link 10 at once, and then one in ten seconds. */
const LINK_WEIGHT = 500
const LINK_BURST_LINES = 10

/** `onRefused` is told how many were refused because too much waits, once a second at most. */
type GuardParts = Readonly<{ limits: GuardLimits; onRefused: (count: number) => void; agents?: Agents }>

export type GuardFace = ReturnType<typeof openGuard>

/** Asked before any route runs. Each answers 0, or after how many ms it may be asked again. */
export function openGuard({ clock }: Pick<Ground, 'clock'>, { limits, onRefused, agents = NO_AGENTS }: GuardParts) {
  const { line, network, caller, lateMs } = limits
  const lines = createBuckets({ clock, rate: line })
  const networks = createBuckets({ clock, rate: network })
  const routes = createBuckets({ clock, rate: { perS: line.perS / ROUTE_PART, burst: line.burst / ROUTE_PART } })
  const callers = createBuckets({ clock, rate: caller })
  const wrongKeys = createBuckets({ clock, rate: WRONG_KEYS })
  const invoices = createBuckets({ clock, rate: { perS: line.perS, burst: INVOICE_BURST_LINES * line.burst } })
  const invoicesOfRoutes = createBuckets({ clock, rate: { perS: line.perS, burst: INVOICE_BURST_LINES_OF_ROUTE * line.burst } })
  const links = createBuckets({ clock, rate: { perS: line.perS, burst: LINK_BURST_LINES * line.burst } })
  const queue = createQueueAge({ targetMs: lateMs, onRefused })

  return {
    /** Somebody without a key asks for a route whose work weighs `tokens`. */
    stranger(address: string, route: string, tokens: number): number {
      const { narrow, wide } = prefixesOf(address)
      // The narrowest first, and no more is taken than is had: who is refused takes nothing from his neighbours.
      return routes.take(`${narrow} ${route}`, tokens) || lines.take(narrow, tokens) || networks.take(wide, tokens)
    },
    /** It was paid for: that is welcome as often as anybody likes. */
    paid(address: string, route: string, tokens: number): void {
      const { narrow, wide } = prefixesOf(address)
      routes.give(`${narrow} ${route}`, tokens)
      lines.give(narrow, tokens)
      networks.give(wide, tokens)
    },
    /** Somebody is to get an invoice with a 402. `of`: whose invoices these are counted with, a network for one. */
    invoice: (of: string, route: string): number =>
      invoicesOfRoutes.take(`${of} ${route}`, INVOICE_WEIGHT_OF_ROUTE) || invoices.take(of, INVOICE_WEIGHT),
    /** One of these was paid. */
    invoicePaid(of: string, route: string): void {
      invoicesOfRoutes.give(`${of} ${route}`, INVOICE_WEIGHT_OF_ROUTE)
      invoices.give(of, INVOICE_WEIGHT)
    },
    /** Somebody asks to pay by a payment link. */
    link: (address: string, link: string): number => links.take(`${prefixesOf(address).narrow} ${link}`, LINK_WEIGHT),
    /** The code of a payer's account is to be asked, for a network; answers how to say that it has answered. Throws `too_busy`. */
    codeQuestion: createChainQuestions({ clock, rate: line, of: 'payments of accounts with code' }),
    /** The same for a channel that has paid nothing yet, and for a deposit. */
    channelQuestion: createChainQuestions({ clock, rate: line, of: 'new channels and deposits' }),
    /** The operator or a party, by a right key, from wherever, asks so much. */
    caller: (id: string, tokens = 1): number => callers.take(id, tokens),
    /** What is left of that, and what it is of. */
    callerQuota: (id: string) => ({ ...callers.left(id), ...caller }),
    /** A key that is nobody's. */
    wrongKey(address: string): number {
      const { narrow, wide } = prefixesOf(address)
      return wrongKeys.take(narrow) || networks.take(wide)
    },
    /** Whether what has waited so long is refused, because too much waits. */
    isTooOld: queue.isTooOld,
    /** Codes by which a program without a key is granted one. */
    deviceCodes: createDeviceCodes({ clock }),
    /** Who is calling, where a program signs its requests. */
    agents,
  }
}
