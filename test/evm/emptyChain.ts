import { fileURLToPath } from 'node:url'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import type { Hex } from '../../gateway/ports/ids.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Account 0 of the mnemonic that every Ethereum tool knows: rich on these chains and nowhere else. */
export const RICH_KEY: Hex = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

export type EmptyChain = Readonly<{ rpcUrl: string; chainId: number; close: () => Promise<void> }>

/** A chain on which nothing of ours stands, over HTTP on a free port; it mines each transaction at once. `op`: a rollup of the OP stack. */
export async function startEmptyChain(chainId: number, chainType: 'l1' | 'op' = 'l1'): Promise<EmptyChain> {
  const networks = { empty: { type: 'edr-simulated', chainType, chainId } } as const
  // Without a folder of artifacts Hardhat loads no compiler output, which would take longer than a test.
  const hardhat = await createHardhatRuntimeEnvironment({ networks, paths: { artifacts: '.none' } }, {}, ROOT)
  const server = await hardhat.network.createServer('empty', '127.0.0.1', 0)
  const { port } = await server.listen()
  return { rpcUrl: `http://127.0.0.1:${port}`, chainId, close: () => server.close() }
}
