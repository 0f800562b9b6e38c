import { type FactOf, factKinds } from '../ports/factKinds.ts'

/** `aheadS`: how many seconds the clock goes before the machine's from now on. */
type TestClockFact = FactOf<'test_clock.advanced', 'test_clock', Readonly<{ aheadS: number; by: string }>>

const kinds = factKinds<TestClockFact>({ 'test_clock.advanced': true })

/** A fact of this room as the journal takes it. */
export const toTestClockFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readTestClockFact = kinds.read
