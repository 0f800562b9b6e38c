import { getAddress, size } from 'viem'
import { DEPLOYER, PRESIGNED_BY } from '../../adapters/evm/deployment/deterministicDeployer.ts'
import { isComplete } from '../../adapters/evm/deployment/executeDeployment.ts'
import type { DeploymentPlan, PlannedContract } from '../../adapters/evm/deployment/planDeployment.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { money, showMoney } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'

/** Wei per gas, as people say it. */
const GWEI: Asset = { id: 'gwei', code: 'gwei', scale: 9, ledger: 0 }

const SAID = { absent: 'absent', equal: 'there, and equal', different: 'there, and DIFFERENT' } as const

/** The plan as lines for a terminal; `account` undefined where no key was given. */
export function showPlan(plan: DeploymentPlan, account: { address: Hex; balanceWei: bigint } | undefined): readonly string[] {
  const coins = (wei: bigint) => showMoney(money(plan.coin, wei))
  const gwei = (wei: bigint) => showMoney(money(GWEI, wei))
  const { fees, deployer, cost } = plan
  const lines = [
    row('chain', `${plan.chainId}, block ${plan.head}`),
    row('account', account ? `${account.address} holds ${coins(account.balanceWei)}` : 'no key was given'),
    row('fees', `${gwei(fees.baseFee)} base, ${gwei(fees.priorityFee)} tip a gas; we offer at most ${gwei(fees.maxFee)}`),
    row('deployer', `${getAddress(DEPLOYER)} ${deployer.state === 'equal' ? 'is there' : 'is absent'}`),
    ...plan.contracts.map((contract) => row(contract.contract.name, showContract(contract))),
  ]
  if (isComplete(plan)) return [...lines, row('cost', 'nothing: everything stands')]
  if (deployer.missingWei > 0n) lines.push(row('', `${coins(deployer.missingWei)} go to ${getAddress(PRESIGNED_BY)}, for its transaction`))
  return [...lines, row('cost', `${count(plan.gas)} gas, about ${coins(cost.expected)} at present fees, at most ${coins(cost.most)}`)]
}

function showContract({ address, code, found, state, gas }: PlannedContract): string {
  const bytes = state === 'different' ? `${count(size(found))} bytes instead of ${count(size(code))}` : `${count(size(code))} bytes`
  return `${getAddress(address)}  ${bytes}  ${SAID[state]}${gas > 0n ? `  ${count(gas)} gas` : ''}`
}

function row(name: string, says: string): string {
  return `  ${name.padEnd(15)} ${says}`
}

/** 3801897 as 3,801,897. */
function count(value: bigint | number): string {
  return value.toLocaleString('en-US')
}
