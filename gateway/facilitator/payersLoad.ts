import { GatewayError } from '../errors/gatewayError.ts'
import type { RailName } from '../ports/railName.ts'
import type { Refusal } from './reasons.ts'

/**
 * Of a payer on one chain so many may wait for a transaction, and so many of these be refused as things are: such a one keeps its seller's place until it
 * ends. Who pays often waits for a block with many, and has none refused.
 */
const MAX = { unsigned: 64, refused: 4 }

type Claim = Readonly<{ rail: RailName; payer: string; claimKey: string }>
/** What one has under way and no block has: in units of the token, for how many of them nothing is signed yet, and how many are refused. */
type Load = Readonly<{ units: bigint; unsigned: number; refused: number }>
type Own = { load: Load; readonly claims: Map<string, Readonly<{ units: bigint; load: Load }>> }

const NOTHING: Load = { units: 0n, unsigned: 0, refused: 0 }

/** What each payer has under way, so that it has no more than its balance pays for. In memory, as large as what is under way. */
export function createPayersLoad() {
  const owns = new Map<string, Own>()
  const keyOf = ({ rail, payer }: Claim) => `${rail} ${payer}`

  function put(claim: Claim, units: bigint, load: Load): void {
    const own = owns.get(keyOf(claim)) ?? { load: NOTHING, claims: new Map() }
    const before = own.claims.get(claim.claimKey)?.load ?? NOTHING
    own.load = {
      units: own.load.units - before.units + load.units,
      unsigned: own.load.unsigned - before.unsigned + load.unsigned,
      refused: own.load.refused - before.refused + load.refused,
    }
    own.claims.set(claim.claimKey, { units, load })
    owns.set(keyOf(claim), own)
  }

  return {
    /** Why one more cannot be paid from this balance; throws `facilitator_quota` when too many of the payer's wait for a transaction. */
    refusalOf(claim: Claim & Readonly<{ units: bigint }>, balance: bigint): Refusal | undefined {
      const { units, unsigned, refused } = owns.get(keyOf(claim))?.load ?? NOTHING
      if (balance < units + claim.units) {
        const underWay = units > 0n ? `${units} units are under way already, ` : ''
        const message = `the payer has ${balance} units of the token, ${underWay}and the authorization takes ${claim.units}`
        return { payer: claim.payer, reason: 'invalid_exact_evm_insufficient_balance', message }
      }
      if (refused >= MAX.refused)
        throw new GatewayError(
          'facilitator_quota',
          `${refused} payments of this payer are refused by the chain now, the most is ${MAX.refused}`,
        )
      if (unsigned < MAX.unsigned) return undefined
      throw new GatewayError('facilitator_quota', `${unsigned} payments of this payer wait for a transaction, the most is ${MAX.unsigned}`)
    },
    /** It is under way from now on; a second time changes nothing. */
    enter(claim: Claim & Readonly<{ units: bigint }>): void {
      if (owns.get(keyOf(claim))?.claims.has(claim.claimKey)) return
      put(claim, claim.units, { units: claim.units, unsigned: 1, refused: 0 })
    },
    /** What the chain shows of it: something is signed, and what is in a block has left the balance. */
    saw(claim: Claim, { mined }: Readonly<{ mined: boolean }>): void {
      const units = owns.get(keyOf(claim))?.claims.get(claim.claimKey)?.units
      if (units !== undefined) put(claim, units, { units: mined ? 0n : units, unsigned: 0, refused: 0 })
    },
    /** The chain refuses it as things are, and it is tried again until it ends. */
    refused(claim: Claim): void {
      const units = owns.get(keyOf(claim))?.claims.get(claim.claimKey)?.units
      if (units !== undefined) put(claim, units, { units, unsigned: 1, refused: 1 })
    },
    /** It has its end, or was not taken. */
    leave(claim: Claim): void {
      const own = owns.get(keyOf(claim))
      if (!own?.claims.has(claim.claimKey)) return
      put(claim, 0n, NOTHING)
      own.claims.delete(claim.claimKey)
      if (own.claims.size === 0) owns.delete(keyOf(claim))
    },
  }
}

export type PayersLoad = ReturnType<typeof createPayersLoad>
