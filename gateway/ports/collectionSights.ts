import type { Hex } from './ids.ts'
import type { FailureReason } from './outcome.ts'
import type { Authorization } from './receiver.ts'

/** `transaction`: what was signed last for a collection, or what carried it. `mined`: most endpoints have it in a block, and it moved the money there. */
export type Sight = Readonly<{ transaction: Hex; mined: boolean }>

/** What a chain shows of collections before they are final. */
export interface CollectionSights {
  /** Every account that sends collections. */
  readonly signers: readonly Hex[]
  /**
   * Why an authorization would be refused if it were sent now; undefined when it would be taken. Keeps and sends nothing. Throws `rail_unavailable` when the
   * chain does not say.
   */
  tryAuthorization(authorization: Authorization): Promise<FailureReason | undefined>
  /** Undefined while nothing was signed for the collection of this id. A chain that does not say has nothing mined. */
  sightOf(id: string): Promise<Sight | undefined>
}
