import { expect, test } from 'vitest'
import { type FactOf, factKinds } from './factKinds.ts'

type Made = FactOf<'thing.made', 'th_1', Readonly<{ units: string }>>
type Broken = FactOf<'thing.broken', 'th_1', Readonly<Record<string, never>>>
const kinds = factKinds<Made | Broken>({ 'thing.made': true, 'thing.broken': true })

test('a fact is read as its room wrote it', () => {
  const fact = kinds.write({ type: 'thing.made', id: 'th_1', at: 7, data: { units: '5' } })
  expect(fact).toEqual({ type: 'thing.made', id: 'th_1', at: 7, data: { units: '5' } })
  expect(kinds.read(fact)).toEqual(fact)
})

test('a fact of another room is not read', () => {
  expect(kinds.read({ type: 'thing.sold', id: 'th_1', at: 7, data: {} })).toBeUndefined()
})

test('a list of types that is not whole does not compile', () => {
  // @ts-expect-error: 'thing.broken' is missing.
  factKinds<Made | Broken>({ 'thing.made': true })
  // @ts-expect-error: there is no 'thing.lost'.
  factKinds<Made>({ 'thing.made': true, 'thing.lost': true })
})
