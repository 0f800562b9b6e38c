import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import { CODE_GAS_MAX } from '../node/contracts.ts'
import type { Action, Refusal } from '../sending/actionTable.ts'
import type { Work } from '../sending/steps.ts'
import type { CodeRisk } from './codeRisk.ts'
import { AT_RISK, TOO_DEAR } from './refusals.ts'

const NO_CODE = '0x'

/** What of our gas a payer's own code may cost. */
export type PayersGasParts = Readonly<{ chain: Pick<Chain, 'code'>; codeRisk: CodeRisk }>

/**
 * Refuses what a simulation took, where the payer's own code makes it dear: such a payer could spend our ether a block at a time. What only takes more where a
 * chain counts its data as gas is let pass, so its code is asked for. The limit of the transaction comes of the same simulation.
 */
export async function dearRefusal(chain: Pick<Chain, 'code'>, payer: Hex, gas: bigint): Promise<Refusal | undefined> {
  if (gas <= CODE_GAS_MAX) return undefined
  return (await chain.code(payer)) === NO_CODE ? undefined : TOO_DEAR
}

/** Whether a transaction of so much gas may be sent for a payer now: who has no code pays by a key, whose word is the same in every block. */
export async function mayRisk(
  { chain, codeRisk }: PayersGasParts,
  action: Action,
  { payer, gas }: Readonly<{ payer: Hex; gas: Promise<bigint> }>,
): Promise<'go' | 'later' | Refusal> {
  // Asked beside the simulation, which takes longer.
  const [burned, code] = await Promise.all([gas, chain.code(payer)])
  if (code === NO_CODE) return 'go'
  if (burned > CODE_GAS_MAX) return TOO_DEAR
  const word = codeRisk.take(action, payer)
  return word === 'no' ? AT_RISK : word
}

/**
 * Has `letGo` give back what was taken for an action that is not sent after all: one may be let go and then get no nonce, for want of ether or for the price of
 * gas, until its authorization ends.
 */
export function unlessSent(letGo: (id: string) => void, prepare: Work['prepare']): Work['prepare'] {
  return async (action) => {
    const step = await prepare(action)
    if (step.kind !== 'send') letGo(action.id)
    return step
  }
}
