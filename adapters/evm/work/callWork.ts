import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { Action } from '../sending/actionTable.ts'
import type { Work } from '../sending/steps.ts'
import { mayRisk, type PayersGasParts, unlessSent } from './payersGas.ts'
import { NO_LANE, refusalOf } from './refusals.ts'

/** Room for storage that turned cold or fresh since the simulation: 30 %. */
const GAS_MARGIN = { num: 13n, den: 10n }

export type CallParts = Pick<PayersGasParts, 'codeRisk'> &
  Readonly<{
    chain: Chain
    operator: Hex
    /** The accounts of all lanes. */
    senders: readonly Hex[]
  }>

export type Call = Readonly<{ to: Hex; data: Hex }>
/** `sender`: the account that alone may send it; the operator where it is left out. `payer`: whose own code runs in it. */
export type Asked = Readonly<{ call: Call; sender?: Hex; payer?: Hex }>

/** A limit of gas by what a simulation has burned. */
export function withMargin(gas: bigint): bigint {
  return (gas * GAS_MARGIN.num) / GAS_MARGIN.den
}

/** One call to a contract that makes it idempotent, and that nothing was promised on: what the chain refuses now is asked for again later. */
export function callWork({ chain, operator, senders, codeRisk }: CallParts, askedOf: (action: Action) => Asked): Work {
  return {
    prepare: unlessSent(codeRisk.unsent, async (action) => {
      const { call, sender, payer } = askedOf(action)
      if (sender !== undefined && !senders.includes(sender)) return { kind: 'end', ending: NO_LANE }
      try {
        const gas = chain.estimateGas({ from: sender ?? operator, ...call })
        const risked = payer ? await mayRisk({ chain, codeRisk }, action, { payer, gas }) : 'go'
        if (risked === 'later') return { kind: 'wait' }
        if (risked !== 'go') return { kind: 'end', ending: risked }
        return { kind: 'send', ...call, gas: withMargin(await gas), sender }
      } catch (error) {
        const ending = refusalOf(error)
        if (!ending) throw error
        return { kind: 'end', ending }
      }
    }),
    refused: (refusal) => (refusal === 'tries' ? { kind: 'failed', reason: 'reverted' } : 'wait'),
    async conclude(action, { receipt, at, costWei }) {
      const { payer } = askedOf(action)
      const isDone = receipt.status === '0x1'
      if (payer) codeRisk[isDone ? 'paid' : 'lost'](action.id, payer)
      // What another relayer, a close or a withdrawal has changed in between, the next simulation says.
      return isDone ? { kind: 'settled', hash: receipt.transactionHash, at, costWei } : 'again'
    },
  }
}
