import type { Fact, Json } from './books.ts'

/** A fact of type `T` about the thing `I`, with what it carries. Amounts inside `D` are decimal strings of units. */
export type FactOf<T extends string, I extends string, D> = Readonly<{ type: T; id: I; at: number; data: D }>

/** The facts that one room writes, each declared once in its `facts.ts`: `F` is the union of their shapes. */
type FactKinds<F> = Readonly<{
  /** The fact as the journal takes it. */
  write(fact: F): Fact
  /** The fact as this room wrote it; undefined for another room's. */
  read(fact: Fact): F | undefined
}>

/** `types` names every type of `F` once; the compiler refuses a list that is not whole. */
export function factKinds<F extends FactOf<string, string, object>>(types: Readonly<Record<F['type'], true>>): FactKinds<F> {
  const known: ReadonlySet<string> = new Set(Object.keys(types))
  return {
    write: ({ type, id, at, data }) => ({ type, id, at, data: data as { readonly [key: string]: Json } }), // Each room's data is plain.
    // Only `write` makes these types, and the journal's hash chain vouches for what it wrote: the one cast of what a fact carries.
    read: (fact) => (known.has(fact.type) ? (fact as unknown as F) : undefined),
  }
}
