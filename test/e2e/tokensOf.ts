import { createPublicClient, http, parseAbi } from 'viem'
import type { Yard } from './yard.ts'

/** What an address has of the token on all chains of the world together. */
export async function tokensOf(yard: Yard, address: `0x${string}`): Promise<bigint> {
  const abi = parseAbi(['function balanceOf(address) view returns (uint256)'])
  const balances = await Promise.all(
    yard.world.chains.map((chain) => {
      const client = createPublicClient({ transport: http(chain.rpcUrl) })
      return client.readContract({ address: chain.token, abi, functionName: 'balanceOf', args: [address] })
    }),
  )
  return balances.reduce((a, b) => a + b, 0n)
}
