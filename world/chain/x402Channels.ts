import { TestBatchSettlement } from '../../contracts/abi/TestBatchSettlement.ts'
import { TestDepositCollector } from '../../contracts/abi/TestDepositCollector.ts'
import { BATCH_SETTLEMENT, DEPOSIT_COLLECTOR } from '../../gateway/ports/x402Channels.ts'
import type { LocalRpc } from './localRpc.ts'

/** Puts a stand-in of x402's contract of channels, and of its collector of deposits, where the originals stand on every chain. */
export async function putX402Channels(rpc: LocalRpc): Promise<void> {
  const places = [
    [BATCH_SETTLEMENT, TestBatchSettlement.bytecode],
    [DEPOSIT_COLLECTOR, TestDepositCollector.bytecode],
  ] as const
  // What a constructor answers is the code that a chain keeps.
  for (const [address, data] of places) await rpc('hardhat_setCode', [address, await rpc('eth_call', [{ data }, 'latest'])])
}
