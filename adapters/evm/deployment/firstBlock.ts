import { z } from 'zod'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { type Rpc, RpcRefused } from '../node/rpc.ts'
import { address, hexData } from '../node/wire.ts'
import type { DeployedContract } from './deployedContracts.ts'
import { creationInput, DEPLOYER, deterministicAddress } from './deterministicDeployer.ts'

const blockOfCalls = z.object({ transactions: z.array(z.object({ to: address.nullable(), input: hexData })) })

/**
 * The block in which a contract that stands at `head` was created, found by halving: about 27 questions on a chain of 100 million blocks.
 * Undefined when the node does not keep old state, as most do not. Some of them say "no code" instead of "not known", which would give a block
 * that is too late, and payments before it would never be read; so the block counts only when it holds the creation itself.
 */
export async function firstBlockOf(rpc: Rpc, { initCode }: DeployedContract, head: bigint): Promise<bigint | undefined> {
  const at = deterministicAddress(initCode)
  try {
    let [absent, present] = [-1n, head]
    while (present - absent > 1n) {
      const middle = (present + absent) / 2n
      const code = await rpc.call('eth_getCode', [at, blockText(middle)], hexData)
      if (code === '0x') absent = middle
      else present = middle
    }
    const block = await rpc.call('eth_getBlockByNumber', [blockText(present), true], blockOfCalls)
    const input = creationInput(initCode).toLowerCase()
    return block.transactions.some((call) => call.to === DEPLOYER && call.input === input) ? present : undefined
  } catch (error) {
    if (error instanceof RpcRefused) return undefined
    throw error
  }
}

function blockText(block: bigint): Hex {
  return `0x${block.toString(16)}`
}
