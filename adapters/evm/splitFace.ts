import { money, mulDiv } from '../../gateway/money/money.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { ShareHeld, SplitOperator } from '../../gateway/ports/receiver.ts'
import { createChain } from './node/chain.ts'
import { createContracts } from './node/contracts.ts'
import { receiverAddress } from './node/offers.ts'
import { RpcSilent } from './node/rpc.ts'
import { saidByNode, silentNode } from './node/saidByNode.ts'
import type { RailParts } from './railParts.ts'
import { readRequest } from './sending/requests.ts'

/** A first sweep, which deploys the receiver, and a claim out of a table of thousands (docs/gas.md): what is sent takes no more. */
const GAS = { sweep: 163_000n, claim: 68_000n }

/** What the hub of the rail does for splits. */
export function splitFace({ options, endpoints, agreed, driver, fees, tracker }: RailParts): SplitOperator {
  const { chainId, hub, token, gasAsset } = options
  const contracts = createContracts(endpoints.both ? createChain(endpoints.both) : agreed, { token: token.address, hub })

  async function run(id: string, asked: unknown): Promise<Outcome> {
    const request = readRequest(asked)
    if (!request) return { kind: 'failed', reason: 'rejected_by_rail', detail: 'a field is malformed' }
    return driver.run(id, request, new AbortController().signal)
  }

  async function held(...[splitId, { account, shares, totalShares }]: Parameters<SplitOperator['shareHeld']>): Promise<ShareHeld> {
    const block = tracker.horizon()?.number
    if (block === undefined) throw new RpcSilent('no block is final yet')
    const [{ received }, paid, inReceiver] = await Promise.all([
      contracts.pot(splitId, block),
      contracts.paid(splitId, account, block),
      contracts.balanceOf(receiverAddress(hub, splitId), block),
    ])
    return { owed: mulDiv(received, shares, totalShares, 'down') - paid, inReceiver }
  }

  return {
    sweep: (id, splitId) => run(id, { kind: 'sweep', splitId }),
    claim: (id, share) => run(id, { kind: 'claim', share }),
    shareHeld: (splitId, share) => saidByNode(chainId, held(splitId, share)),
    splitCost(step) {
      const price = fees.last()
      if (!price) throw silentNode(chainId, new RpcSilent('no price of gas is known yet'))
      return money(gasAsset, GAS[step] * (price.baseFee + price.priorityFee) + price.dataFees.collection)
    },
  }
}
