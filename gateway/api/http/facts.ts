import { type FactOf, factKinds } from '../../ports/factKinds.ts'

/** The answer under an Idempotency-Key, named by the key's claim. */
export type AnsweredFact = FactOf<'idempotency.answered', string, Readonly<{ status: number; body: string }>>

const kinds = factKinds<AnsweredFact>({ 'idempotency.answered': true })

/** The fact as the journal takes it. */
export const toAnsweredFact = kinds.write
/** The fact as it was written; undefined for another room's. */
export const readAnsweredFact = kinds.read
