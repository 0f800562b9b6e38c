import { dueAt, type Subscription } from './subscription.ts'

export type SubscriptionEffect =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'begin'; period: number }>
  | Readonly<{ kind: 'try' }>
  | Readonly<{ kind: 'pause' }>
  | Readonly<{ kind: 'end' }>

const NONE: SubscriptionEffect = { kind: 'none' }

/** What is to be done now, from what stands. Periods are begun one after the other, those too whose time passed while the gateway was away. */
export function nextEffect(s: Subscription, now: number): SubscriptionEffect {
  const { current, ending } = s
  const due = dueAt(s)
  if (due === undefined || now < due) return NONE
  if (current?.state === 'begun') return { kind: 'try' }
  if (ending) return { kind: 'end' }
  if (current?.state === 'unpaid') return { kind: 'pause' }
  return { kind: 'begin', period: current ? current.index + 1 : 0 }
}
