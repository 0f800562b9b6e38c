import { z } from 'zod'
import { MONEY_IN } from './moneyIn.ts'
import { MONEY_OUT } from './moneyOut.ts'
import { PEOPLE } from './people.ts'
import { SELLING } from './selling.ts'

/** Every type of event: its version, its words and the schema of its data. */
export const EVENTS = { ...MONEY_IN, ...MONEY_OUT, ...PEOPLE, ...SELLING } as const

export type EventType = keyof typeof EVENTS
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]['data']>

/** Their names, sorted. */
export const EVENT_TYPES: readonly EventType[] = (Object.keys(EVENTS) as EventType[]).sort() // The catalog's own keys.

/** An event as it is read: `subject` is the id of what it is about, in whose order it comes. */
export function eventSchema(type: EventType) {
  const { version, data } = EVENTS[type]
  return z.strictObject({
    id: z.string().regex(/^evt_[0-9a-f]{20}$/),
    object: z.literal('event'),
    type: z.literal(type),
    version: z.literal(version),
    created_at: z.iso.datetime(),
    subject: z.string(),
    data,
  })
}
