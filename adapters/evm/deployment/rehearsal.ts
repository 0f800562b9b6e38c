import { fileURLToPath } from 'node:url'
import type { HardhatUserConfig } from 'hardhat/config'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { numberToHex } from 'viem'
import { z } from 'zod'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { createChain } from '../node/chain.ts'
import type { Rpc } from '../node/rpc.ts'
import { address, hash32 } from '../node/wire.ts'
import type { DeployedContract } from './deployedContracts.ts'
import {
  creationInput,
  DEPLOYER,
  deterministicAddress,
  PRESIGNED_BY,
  PRESIGNED_COST,
  PRESIGNED_TRANSACTION,
} from './deterministicDeployer.ts'

/** A contract as it will stand: `code` is its runtime code, immutables and all; `gas` is what its creation is estimated to need. */
export type Rehearsed = Readonly<{ contract: DeployedContract; address: Hex; code: Hex; gas: bigint }>

// Hardhat looks for a package around the working directory unless it is told where.
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const CONFIG: HardhatUserConfig = {
  // A folder that is not there: from one that is, Hardhat would load tens of megabytes of compiler output to explain reverts with.
  paths: { artifacts: '.none' },
  networks: {
    // One account is enough; by default twenty are derived from a mnemonic, which takes longer than everything else here.
    rehearsal: { type: 'edr-simulated', chainType: 'l1', accounts: [{ privateKey: `0x${'01'.repeat(32)}`, balance: 10n ** 21n }] },
  },
}

/**
 * Deploys the contracts on a throw-away chain inside this process that has the same chain id, and reads what came to stand. A contract's code
 * depends on its init code, its address and the chain id (its EIP-712 domain is an immutable), and all three are the same here; so the code is
 * known in full from what is in this repository, without believing the node that is to be checked.
 */
export async function rehearse(chainId: number, contracts: readonly DeployedContract[]): Promise<readonly Rehearsed[]> {
  const hardhat = await createHardhatRuntimeEnvironment(CONFIG, {}, ROOT)
  const connection = await hardhat.network.create({ network: 'rehearsal', override: { chainId } })
  try {
    return await rehearseOn(rpcOf(connection.provider), contracts)
  } finally {
    await connection.close()
  }
}

/** The account of the throw-away chain is unlocked and rich, and the chain mines each transaction before it answers. */
async function rehearseOn(rpc: Rpc, contracts: readonly DeployedContract[]): Promise<readonly Rehearsed[]> {
  const chain = createChain(rpc)
  const [from] = await rpc.call('eth_accounts', [], z.array(address))
  invariant(from, 'the throw-away chain has an account')
  const send = (transaction: Readonly<Record<string, Hex>>) => rpc.call('eth_sendTransaction', [{ from, ...transaction }], hash32)
  await send({ to: PRESIGNED_BY, value: numberToHex(PRESIGNED_COST) })
  await chain.sendRaw(PRESIGNED_TRANSACTION)

  const rehearsed: Rehearsed[] = []
  for (const contract of contracts) {
    const creation = { to: DEPLOYER, data: creationInput(contract.initCode) }
    const gas = await chain.estimateGas({ from, ...creation })
    await send({ ...creation, gas: numberToHex(gas) })
    const at = deterministicAddress(contract.initCode)
    const code = await chain.code(at)
    invariant(code !== '0x', `${contract.name} stands at its computed address`)
    rehearsed.push({ contract, address: at, code, gas })
  }
  return rehearsed
}

type Provider = Readonly<{ request: (call: { method: string; params: unknown[] }) => Promise<unknown> }>

function rpcOf(provider: Provider): Rpc {
  return {
    call: async (method, params, shape) => shape.parse(await provider.request({ method, params: [...params] })),
    close: () => {},
  }
}
