import type { Action } from './actionTable.ts'

/** Lets open actions wait for others that go in the same transaction. */
export type Gatherer = Readonly<{
  /** True when it waits here, or is on its way from here; false when it goes alone. `urgent`: somebody waits for it. */
  take(action: Action, o: Readonly<{ urgent: boolean }>): boolean
  /** True of what waits here, or is on its way. */
  holds(id: string): boolean
  /** Its action has ended: nothing is remembered of it. */
  forget(id: string): void
  /** Nothing more is sent. */
  close(): void
  /** True while nothing is under way. */
  idle(): boolean
}>

/** What the driver does for the gatherer. */
export type GathererTools = Readonly<{
  /** Takes one step of an action that goes alone. */
  alone(id: string): Promise<void>
  /** It is signed and durable. */
  sent(id: string): void
}>

/** Where nothing goes together. */
export const NO_GATHERER: Gatherer = {
  take: () => false,
  holds: () => false,
  forget: () => undefined,
  close: () => undefined,
  idle: () => true,
}
