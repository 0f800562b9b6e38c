import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPublicClient, http } from 'viem'
import { hardhat } from 'viem/chains'
import { openEvmRail } from '../../adapters/evm/rail.ts'
import type { EvmRail } from '../../adapters/evm/railFaces.ts'
import type { EvmRailOptions } from '../../adapters/evm/settings.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { ETH, erc20Asset } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { AttemptId, Hex } from '../../gateway/ports/ids.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import type { ChainReady } from '../../world/chain/ready.ts'

/** A data file in a folder of its own, removed by `remove`. */
export function temporaryFile(): { file: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'evm-rail-'))
  return { file: join(folder, 'evm.sqlite'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export function assetOf(chain: ChainReady) {
  return erc20Asset({ chainId: chain.chainId, address: chain.token, code: 'USDC', scale: 6, ledger: 10 })
}

/** The rail on the local chain, looking every 50 ms; final on inclusion unless told otherwise. */
export function openRail(chain: ChainReady, dataFile: string, more: Partial<EvmRailOptions> = {}): Promise<EvmRail> {
  return openEvmRail({
    rpcUrls: [chain.rpcUrl],
    chainId: chain.chainId,
    token: { address: chain.token, name: chain.tokenName, version: chain.tokenVersion, asset: assetOf(chain) },
    gasAsset: ETH,
    hub: chain.hub,
    operatorKey: chain.operatorKey,
    dataFile,
    finality: { depth: 0 },
    pollMs: 50,
    rpcTimeoutMs: 2_000,
    clock: { now: Date.now },
    ...more,
  })
}

export function payout(chain: ChainReady, id: AttemptId, address: Hex, units: bigint): Attempt {
  const feeMax = money(ETH, 10n ** 17n)
  return { id, amount: money(assetOf(chain), units), feeMax, destination: { kind: 'evm_address', address }, reference: id }
}

export function reader(chain: ChainReady) {
  return createPublicClient({ chain: hardhat, transport: http(chain.rpcUrl), pollingInterval: 50, cacheTime: 0 })
}

export function tokenBalance(chain: ChainReady, account: Hex): Promise<bigint> {
  return reader(chain).readContract({ address: chain.token, abi: TestUSDC.abi, functionName: 'balanceOf', args: [account] })
}

/** Reads the stream until `enough` says so, or until `end` aborts. */
export async function readStream(
  rail: EvmRail,
  after: string,
  enough: (items: readonly Settlement[]) => boolean,
  end: AbortSignal = signal(),
): Promise<Settlement[]> {
  const ending = new AbortController()
  const items: Settlement[] = []
  for await (const item of rail.settlements(after, { signal: AbortSignal.any([ending.signal, end]) })) {
    items.push(item)
    if (enough(items)) ending.abort()
  }
  return items
}

export const signal = (): AbortSignal => AbortSignal.timeout(20_000)
