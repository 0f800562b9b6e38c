import { size } from 'viem'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { type Asset, ETH } from '../../../gateway/money/asset.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { GasPolicy } from '../node/fees.ts'
import { RpcRefused } from '../node/rpc.ts'
import type { DeployedContract } from './deployedContracts.ts'
import { type DeploymentFees, dataFeeMax, openDataFees, presentFees } from './deploymentFees.ts'
import {
  creationInput,
  DEPLOYER,
  DEPLOYER_CODE,
  PRESIGNED_BY,
  PRESIGNED_COST,
  PRESIGNED_GAS_PRICE,
  PRESIGNED_TRANSACTION,
} from './deterministicDeployer.ts'
import { type Rehearsed, rehearse } from './rehearsal.ts'

type ContractState = 'absent' | 'equal' | 'different'
/** `gas` is what its creation needs, `dataFee` what a rollup takes for its bytes, in wei; both 0 when nothing is to be sent. */
export type PlannedContract = Rehearsed & Readonly<{ state: ContractState; found: Hex; dataFee: bigint }>

/** Everything that a deployment will do and cost, known before anything is sent. Amounts in wei. */
export type DeploymentPlan = Readonly<{
  chainId: number
  /** What the chain's gas is paid in. */
  coin: Asset
  head: bigint
  contracts: readonly PlannedContract[]
  /** `missingWei`: what the signer of the presigned transaction still lacks. */
  deployer: Readonly<{ state: 'absent' | 'equal'; missingWei: bigint }>
  fees: DeploymentFees
  gas: bigint
  /** At present fees, and at the most that we offer. */
  cost: Readonly<{ expected: bigint; most: bigint }>
}>

/** The gas limit of sending ether. 21,000 is burnt on most chains; some rollups count their data fee as gas. */
export const FUNDING_GAS = 100_000n
/** A node estimates for the present state; a tenth more costs nothing, because what is not burnt is not paid. */
const GAS_MARGIN_PERCENT = 10n

/** What a transaction has beside its input: fees, nonce, target, signature. */
const ENVELOPE_BYTES = 150

type PlanOptions = Readonly<{ chainId: number; coin?: Asset; contracts: readonly DeployedContract[]; gas: GasPolicy }>

/** Looks at the chain and rehearses; sends nothing. Throws RpcSilent or RpcRefused when the node does not say. */
export async function planDeployment(chain: Chain, o: PlanOptions): Promise<DeploymentPlan> {
  const told = await chain.chainId()
  if (told !== BigInt(o.chainId)) {
    throw new GatewayError('rail_misconfigured', `The node serves chain ${told}, not ${o.chainId}`, {
      hint: 'Nothing was sent. Name a node of the right chain.',
      meta: { wanted: o.chainId, told },
    })
  }
  const askDataFee = await openDataFees(chain)
  const presignedDataFee = dataFeeMax(await askDataFee(size(PRESIGNED_TRANSACTION)))
  const [head, fees, deployer] = await Promise.all([
    chain.header('latest'),
    presentFees(chain, o.gas),
    lookAtDeployer(chain, presignedDataFee),
  ])
  const contracts: PlannedContract[] = []
  for (const one of await rehearse(o.chainId, o.contracts)) contracts.push(await lookAtContract(chain, one, deployer.state, askDataFee))
  const missing = contracts.filter(({ state }) => state === 'absent')
  if (missing.length > 0 && deployer.state === 'absent' && fees.baseFee > PRESIGNED_GAS_PRICE) {
    throw new GatewayError('deployment_refused', "The presigned transaction offers 100 gwei a gas, and the chain's base fee is above it", {
      hint: 'Nothing was sent. Wait until fees have fallen: what is signed cannot be changed.',
    })
  }
  // Whether the deployer is there matters to nobody who has nothing to deploy.
  const deployerWei = missing.length > 0 ? deployer.missingWei : 0n
  const gas = missing.reduce((sum, one) => sum + one.gas, deployerWei > 0n ? FUNDING_GAS : 0n)
  const dataFee = missing.reduce((sum, one) => sum + one.dataFee, 0n)
  const cost = {
    expected: gas * (fees.baseFee + fees.priorityFee) + dataFee + deployerWei,
    most: gasLimitOf(gas) * fees.maxFee + dataFeeMax(dataFee) + deployerWei,
  }
  return { chainId: o.chainId, coin: o.coin ?? ETH, head: head.number, contracts, deployer, fees, gas, cost }
}

async function lookAtDeployer(chain: Chain, presignedDataFee: bigint): Promise<DeploymentPlan['deployer']> {
  const [code, balance, nonce] = await Promise.all([
    chain.code(DEPLOYER),
    chain.balance(PRESIGNED_BY, 'latest'),
    chain.transactionCount(PRESIGNED_BY, 'latest'),
  ])
  if (code === DEPLOYER_CODE) return { state: 'equal', missingWei: 0n }
  if (code !== '0x' || nonce > 0n) {
    throw new GatewayError(
      'deployment_refused',
      'Another program stands where the deterministic deployer should, or its transaction failed',
      {
        hint: 'Nothing was sent. The usual addresses cannot be had on this chain.',
        meta: { deployer: DEPLOYER, nonce },
      },
    )
  }
  const needed = PRESIGNED_COST + presignedDataFee
  return { state: 'absent', missingWei: balance < needed ? needed - balance : 0n }
}

async function lookAtContract(
  chain: Chain,
  one: Rehearsed,
  deployer: 'absent' | 'equal',
  askDataFee: (transactionBytes: number) => Promise<bigint>,
): Promise<PlannedContract> {
  const found = await chain.code(one.address)
  if (found !== '0x') return { ...one, state: found === one.code ? 'equal' : 'different', found, gas: 0n, dataFee: 0n }
  // Where the deployer is missing, the node cannot be asked and the rehearsal's figure stands.
  const gas = deployer === 'equal' ? await creationGas(chain, one) : one.gas
  const dataFee = await askDataFee(size(creationInput(one.contract.initCode)) + ENVELOPE_BYTES)
  return { ...one, state: 'absent', found, gas, dataFee }
}

/** The gas that is offered where `gas` is expected to be needed. */
export function gasLimitOf(gas: bigint): bigint {
  return gas + (gas * GAS_MARGIN_PERCENT) / 100n
}

/** What the node says the creation needs now. */
async function creationGas(chain: Chain, { contract }: Rehearsed): Promise<bigint> {
  try {
    return await chain.estimateGas({ to: DEPLOYER, data: creationInput(contract.initCode) })
  } catch (error) {
    if (!(error instanceof RpcRefused)) throw error
    throw new GatewayError('deployment_refused', `The chain would not create ${contract.name}: ${error.message}`, {
      hint: 'Nothing more was sent. This chain may lack an instruction that the contracts use (they are compiled for Cancun).',
      cause: error,
    })
  }
}
