import { EVENTS } from '../../../events/catalog/catalog.ts'
import type { Event } from './shapes.ts'

type Story = Readonly<{ step: string; evidence: readonly (readonly [string, string])[] }>

/** What an event means to a person, in the catalog's own words, and all that it says, flat. */
export function storyOf({ type, data }: Pick<Event, 'type' | 'data'>): Story {
  const known = Object.hasOwn(EVENTS, type) ? EVENTS[type as keyof typeof EVENTS] : undefined // Looked up the line before.
  return { step: known?.summary ?? type, evidence: Object.entries(data).flatMap(([name, value]) => said(name.replaceAll('_', ' '), value)) }
}

function said(name: string, value: unknown): (readonly [string, string])[] {
  if (value === null || value === undefined || name === 'id' || name === 'metadata') return []
  if (typeof value !== 'object') return [[name, String(value)]]
  if (Array.isArray(value))
    return value.length === 0 ? [] : [[name, value.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(', ')]]
  const { amount, asset } = value as Readonly<Record<string, unknown>> // An object of JSON.
  if (typeof amount === 'string' && typeof asset === 'string') return [[name, `${amount} ${asset}`]]
  return Object.entries(value).flatMap(([inner, one]) => said(`${name} ${inner.replaceAll('_', ' ')}`, one))
}
