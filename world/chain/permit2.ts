import { TestExactPermit2Proxy } from '../../contracts/abi/TestExactPermit2Proxy.ts'
import { TestPermit2 } from '../../contracts/abi/TestPermit2.ts'
import { TestUptoPermit2Proxy } from '../../contracts/abi/TestUptoPermit2Proxy.ts'
import { EXACT_PROXY, PERMIT2, UPTO_PROXY } from '../../gateway/ports/permit2.ts'
import type { LocalRpc } from './localRpc.ts'

/** Puts Permit2 and x402's proxies over it where they stand on every chain, so that tokens can be paid with by them here too. */
export async function putPermit2(rpc: LocalRpc): Promise<void> {
  const places = [
    [PERMIT2, TestPermit2.bytecode],
    [EXACT_PROXY, TestExactPermit2Proxy.bytecode],
    [UPTO_PROXY, TestUptoPermit2Proxy.bytecode],
  ] as const
  // What a constructor answers is the code that a chain keeps.
  for (const [address, data] of places) await rpc('hardhat_setCode', [address, await rpc('eth_call', [{ data }, 'latest'])])
}
