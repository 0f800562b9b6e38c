import { createHash } from 'node:crypto'
import { type Periods, periodStart } from '../ledger/calendar/periods.ts'
import { max, min } from '../money/integers.ts'
import type { IntentId, PartyId, PlanId, SubscriptionId } from '../ports/ids.ts'

const DAY_MS = 86_400_000
/** When the payment of a period is tried, counted from when it was begun: each time on another day. */
const TRIES_AT_MS = [0, DAY_MS, 3 * DAY_MS, 7 * DAY_MS] as const
/** After which it is given up, and the subscription rests; a shorter period is given up after its own length. */
const OPEN_FOR_MS = 8 * DAY_MS

/** `begun`: its intent is open. `over`: it was not paid, and the subscription goes on all the same. */
type PeriodState = 'begun' | 'paid' | 'unpaid' | 'over'
/** The newest period. `tries` of it have failed. */
export type CurrentPeriod = Readonly<{ index: number; intent: IntentId; begunAt: number; state: PeriodState; tries: number }>

/** The calendar, and which period begins at its anchor: a subscription that has rested counts on, from the day on which it goes on. */
type SubscriptionCalendar = Periods & Readonly<{ first: number }>

/** Times in ms. `turn` counts the facts of it, so that of two steps at once one is taken. */
export type Subscription = Readonly<{
  id: SubscriptionId
  plan: PlanId
  payee: string
  /** Who pays out of a balance; undefined where whoever has the page of a period pays it. */
  subscriber: PartyId | undefined
  /** What its payer lets be taken in a period, in units of USD; undefined before he has consented, and when it costs more than that. */
  mostUnits: bigint | undefined
  calendar: SubscriptionCalendar
  current: CurrentPeriod | undefined
  rest: 'none' | 'paused' | 'canceled'
  /** Who let it rest, or end with its period; undefined where nobody did. */
  heldBy: string | undefined
  /** It ends with the period that it is in. */
  ending: boolean
  metadata: Readonly<Record<string, string>>
  createdBy: string
  createdAt: number
  turn: number
}>

export type SubscriptionStatus = 'needs_consent' | 'trialing' | 'active' | 'past_due' | 'paused' | 'canceled'

export function statusOf(s: Subscription, now: number): SubscriptionStatus {
  const { rest, calendar, current } = s
  if (rest !== 'none') return rest
  if (current?.state === 'begun') return current.tries > 0 ? 'past_due' : 'active'
  if (needsConsent(s)) return 'needs_consent'
  return !current && now < calendar.anchor ? 'trialing' : 'active'
}

/** When something is to be done next, however long ago; undefined when nothing is until something happens. */
export function dueAt(s: Subscription): number | undefined {
  const { rest, calendar, current, ending } = s
  // One that rests and is to end with its period ends then too.
  if (rest === 'canceled' || (rest === 'paused' && (!ending || current?.state === 'begun'))) return undefined
  if (current?.state === 'begun') return tryAt(s, current)
  if (current?.state === 'unpaid') return current.begunAt
  if (needsConsent(s)) return undefined
  return current ? startOf(calendar, current.index + 1) : calendar.anchor
}

function needsConsent({ subscriber, mostUnits }: Subscription): boolean {
  return subscriber !== undefined && mostUnits === undefined
}

/** When the next try of a period is; undefined after the last. Who pays by a page is told of the first by the page, and late from the second on. */
function tryAt(s: Subscription, current: CurrentPeriod): number | undefined {
  const offset = TRIES_AT_MS[s.subscriber ? current.tries : current.tries + 1]
  const at = offset === undefined ? undefined : current.begunAt + offset
  return at !== undefined && at < openUntil(s, current) ? at : undefined
}

/** Until when a period that is begun at `begunAt` can be paid: its intent ends then. One that is made up for has as long as any. */
export function openUntil(
  { calendar }: Pick<Subscription, 'calendar'>,
  { index, begunAt }: Pick<CurrentPeriod, 'index' | 'begunAt'>,
): number {
  return begunAt + min(OPEN_FOR_MS, startOf(calendar, index + 1) - startOf(calendar, index))
}

/** When a period begins by the calendar; it ends when the next begins. */
export function startOf(calendar: SubscriptionCalendar, index: number): number {
  return periodStart(calendar, index - calendar.first)
}

/** Whether a period still runs, or may still be paid. */
export function isInPeriod({ calendar, current }: Subscription, now: number): boolean {
  return current?.state === 'begun' || (current?.state === 'paid' && now < startOf(calendar, current.index + 1))
}

/** The newest period while it is of the calendar; undefined from when one that rested goes on until the next period has begun. */
export function periodOfCalendar({ calendar, current }: Subscription): CurrentPeriod | undefined {
  return current && current.index >= calendar.first ? current : undefined
}

/** The calendar of one that goes on after a rest: as it was within a period, and from now on otherwise, so that the next lasts whole. */
export function goesOn({ calendar, current }: Subscription, now: number): SubscriptionCalendar {
  const { every, anchor } = calendar
  return { every, anchor: current ? now : max(anchor, now), first: current ? current.index + 1 : 0 }
}

/** The one intent that a period can have, whoever makes it and however often; as old as the period. */
export function intentOf({ id, calendar }: Pick<Subscription, 'id' | 'calendar'>, index: number): IntentId {
  const time = startOf(calendar, index).toString(16).padStart(12, '0')
  const digest = createHash('sha256').update(`${id}:${index}`).digest('hex')
  return `pi_${time}7${digest.slice(0, 19)}`
}
