import { setTimeout as sleep } from 'node:timers/promises'
import { getAddress, type LocalAccount } from 'viem'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { money, showMoney } from '../../../gateway/money/money.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import { RpcRefused } from '../node/rpc.ts'
import type { Receipt } from '../node/wire.ts'
import { creationInput, DEPLOYER, DEPLOYER_CODE, PRESIGNED_BY, PRESIGNED_TRANSACTION } from './deterministicDeployer.ts'
import { type DeploymentPlan, FUNDING_GAS, gasLimitOf, type PlannedContract } from './planDeployment.ts'
import { type Patience, type Sending, sendRaw, sendTransaction } from './sendTransaction.ts'

/** `block` is the one in which it was created in this run; absent for what stood before. */
type StandingContract = Readonly<{ name: string; address: Hex; block?: bigint; transaction?: Hex }>
export type DeploymentResult = Readonly<{ contracts: readonly StandingContract[]; spentWei: bigint }>

type ExecuteOptions = Readonly<{ chain: Chain; account: LocalAccount; patience: Patience; onStep?: (line: string) => void }>

/** True when every contract stands as it should, so that there is nothing to send. */
export function isComplete(plan: DeploymentPlan): boolean {
  return plan.contracts.every(({ state }) => state === 'equal')
}

/** Refuses a plan that cannot end well: other code at an address of ours, or too little ether. */
export function checkPlan(plan: DeploymentPlan, balanceWei: bigint): void {
  for (const one of plan.contracts) if (one.state === 'different') throw differentCode(one)
  if (balanceWei < plan.cost.most) {
    const show = (units: bigint) => showMoney(money(plan.coin, units))
    throw new GatewayError(
      'insufficient_balance',
      `The deployment may cost ${show(plan.cost.most)}, the account holds ${show(balanceWei)}`,
      {
        hint: `Nothing was sent. Add at least ${show(plan.cost.most - balanceWei)} and run the same command again.`,
        meta: { needed: plan.cost.most, balance: balanceWei },
      },
    )
  }
}

/**
 * Sends what the plan says is missing, one transaction after the other, and compares the code of each contract with what it must be. Idempotent:
 * what stands is not sent again, so it can be repeated after any error. Throws as `sendTransaction` does, and RpcSilent or RpcRefused.
 */
export async function executeDeployment(plan: DeploymentPlan, o: ExecuteOptions): Promise<DeploymentResult> {
  if (!isComplete(plan)) checkPlan(plan, await o.chain.balance(o.account.address, 'latest'))
  const sending: Sending = { ...o, chainId: plan.chainId, fees: plan.fees }
  const say = o.onStep ?? (() => {})
  let spentWei = 0n
  const paid = (receipt: Receipt) => {
    spentWei += receipt.gasUsed * receipt.effectiveGasPrice + (receipt.l1Fee ?? 0n)
  }
  if (!isComplete(plan) && plan.deployer.state === 'absent') {
    await placeDeployer(sending, plan.deployer.missingWei, paid)
    // The presigned transaction spends its ether for us, all of it: what it does not burn stays with an account that nobody holds the key of.
    spentWei += plan.deployer.missingWei
    say(`deterministic deployer stands at ${getAddress(DEPLOYER)}`)
  }
  const contracts: StandingContract[] = []
  for (const planned of plan.contracts) {
    const { contract, address } = planned
    // Anyone may deploy the same code to the same address, and may have done so since the plan was made.
    if ((await o.chain.code(address)) !== '0x') {
      await verifyCode(o.chain, planned)
      contracts.push({ name: contract.name, address })
      continue
    }
    const creation = { to: DEPLOYER, data: creationInput(contract.initCode), gas: gasLimitOf(planned.gas) }
    const receipt = await sendTransaction(sending, creation, contract.name)
    paid(receipt)
    await untilSeen(o.chain, address, o.patience)
    await verifyCode(o.chain, planned)
    say(`${contract.name} stands at ${getAddress(address)}, block ${receipt.blockNumber}, ${receipt.gasUsed} gas`)
    contracts.push({ name: contract.name, address, block: receipt.blockNumber, transaction: receipt.transactionHash })
  }
  return { contracts, spentWei }
}

/** Gives the presigned transaction the ether that it lacks and sends it. */
async function placeDeployer(sending: Sending, missingWei: bigint, paid: (receipt: Receipt) => void): Promise<void> {
  const { chain, patience } = sending
  if (missingWei > 0n) {
    await checkUnprotected(chain)
    paid(await sendTransaction(sending, { to: PRESIGNED_BY, value: missingWei, gas: FUNDING_GAS }, "the presigned transaction's ether"))
  }
  await sendRaw(chain, PRESIGNED_TRANSACTION, patience, 'the presigned transaction')
  await untilSeen(chain, DEPLOYER, patience)
  if ((await chain.code(DEPLOYER)) !== DEPLOYER_CODE) {
    throw new GatewayError('deployment_refused', 'The presigned transaction was mined, and the deterministic deployer does not stand', {
      meta: { deployer: DEPLOYER },
    })
  }
}

/**
 * A node may refuse what has no chain id (EIP-155), as geth does unless told otherwise. It says so before it looks at the balance; so the
 * transaction is offered once unpaid, to learn it before ether goes to an account that nobody holds the key of.
 */
async function checkUnprotected(chain: Chain): Promise<void> {
  try {
    await chain.sendRaw(PRESIGNED_TRANSACTION)
  } catch (error) {
    if (!(error instanceof RpcRefused) || !/replay.?protect|unprotected|eip.?155/i.test(error.message)) return
    throw new GatewayError('deployment_refused', 'The node takes no transaction without a chain id (EIP-155), as the deployer’s is', {
      hint: 'Nothing was sent. Use a node that takes it (geth: --rpc.allow-unprotected-txs), or ask the chain for the deployer at its usual address.',
      cause: error,
    })
  }
}

/** Behind a balancer the node that answers now may be a block behind the one that had the receipt. */
async function untilSeen(chain: Chain, address: Hex, { pollMs, deadlineMs }: Patience): Promise<void> {
  const until = performance.now() + deadlineMs
  while ((await chain.code(address)) === '0x' && performance.now() < until) await sleep(pollMs)
}

async function verifyCode(chain: Chain, planned: PlannedContract): Promise<void> {
  const found = await chain.code(planned.address)
  if (found !== planned.code) throw differentCode({ ...planned, found })
}

function differentCode({ contract, address, code, found }: PlannedContract): GatewayError {
  const bytes = (hex: Hex) => hex.length / 2 - 1
  return new GatewayError('deployment_refused', `The code at ${address} is not ${contract.name}`, {
    hint: 'Do not use this address. No gateway should be pointed at it.',
    meta: { address, expectedBytes: bytes(code), foundBytes: bytes(found) },
  })
}
