import { writeFileSync } from 'node:fs'
import type { PrivateKeyAccount } from 'viem/accounts'
import { contractsFor } from '../../adapters/evm/deployment/deployedContracts.ts'
import { checkPlan, type DeploymentResult, executeDeployment, isComplete } from '../../adapters/evm/deployment/executeDeployment.ts'
import { firstBlockOf } from '../../adapters/evm/deployment/firstBlock.ts'
import { type DeploymentPlan, planDeployment } from '../../adapters/evm/deployment/planDeployment.ts'
import { type Chain, createChain } from '../../adapters/evm/node/chain.ts'
import { openRpc, type Rpc, RpcRefused, RpcSilent } from '../../adapters/evm/node/rpc.ts'
import { DEFAULTS } from '../../adapters/evm/settings.ts'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import { ETH } from '../../gateway/money/asset.ts'
import { money, showMoney } from '../../gateway/money/money.ts'
import { KEY_VARIABLE, readDeployKey } from './deployKey.ts'
import { gatewayLines } from './gatewayLines.ts'
import { type DeployOptions, readOptions, USAGE, WrongWords } from './options.ts'
import { showPlan } from './showPlan.ts'

/** What the command has around it. `confirm` asks a person, and is absent where nobody sits. `checkBuild` throws when contracts/abi is not fresh. */
export type Surroundings = Readonly<{
  env: NodeJS.ProcessEnv
  print: (line: string) => void
  confirm?: (question: string) => Promise<boolean>
  checkBuild: () => Promise<void>
}>

const RPC_TIMEOUT_MS = 20_000
const PATIENCE = { pollMs: 500, deadlineMs: 300_000 }

/** `npm run deploy`. Answers with the exit code: 0 done, or nothing to do; 1 refused; 2 wrong words. */
export async function deployCommand(args: readonly string[], around: Surroundings): Promise<number> {
  const { print } = around
  try {
    const options = readOptions(args, around.env)
    await around.checkBuild()
    print('contracts/abi equals a fresh build')
    return await deployTo(options, around)
  } catch (error) {
    if (error instanceof WrongWords) print(`deploy: ${error.message}\n\n${USAGE}`)
    else if (isGatewayError(error)) print(`deploy: ${error.message}`)
    else throw error
    return error instanceof WrongWords ? 2 : 1
  }
}

async function deployTo(options: DeployOptions, around: Surroundings): Promise<number> {
  const rpc = openRpc({ url: options.rpcUrl, timeoutMs: RPC_TIMEOUT_MS })
  try {
    return await run(rpc, options, around)
  } catch (error) {
    // Only the host: the rest of a node's address may hold an access key.
    const host = new URL(options.rpcUrl).host
    const again = 'Run the same command again: what stands is not deployed twice.'
    if (error instanceof RpcSilent)
      throw new GatewayError('rail_unavailable', `${host} does not answer (${error.message})`, { hint: again })
    if (error instanceof RpcRefused) throw new GatewayError('deployment_refused', `${host} refused a question: ${error.message}`)
    throw error
  } finally {
    rpc.close()
  }
}

async function run(rpc: Rpc, options: DeployOptions, around: Surroundings): Promise<number> {
  const { print } = around
  const account = readDeployKey(options.keyFile, around.env)
  const chain = createChain(rpc)
  const coin = { ...ETH, id: options.coin, code: options.coin }
  const contracts = contractsFor({ testToken: options.testToken })
  const plan = await planDeployment(chain, { chainId: options.chainId, coin, contracts, gas: DEFAULTS.gas })
  const balanceWei = account && (await chain.balance(account.address, 'latest'))
  for (const line of showPlan(plan, account && { address: account.address, balanceWei: balanceWei ?? 0n })) print(line)

  // Without an account a dry run still looks at the contracts.
  if (!isComplete(plan)) checkPlan(plan, balanceWei ?? plan.cost.most)
  if (options.dryRun) {
    print('dry run: nothing was sent')
    return 0
  }
  const result = await executed(plan, chain, options, account, around)
  if (result === 'declined') return 1
  print(`spent ${showMoney(money(coin, result.spentWei))}`)
  await printLines(rpc, chain, { plan, result, options, print })
  return 0
}

/** Sends what is missing, with a key and somebody's consent; needs neither where nothing is missing. */
async function executed(
  plan: DeploymentPlan,
  chain: Chain,
  options: DeployOptions,
  account: PrivateKeyAccount | undefined,
  { print, confirm }: Surroundings,
): Promise<DeploymentResult | 'declined'> {
  if (isComplete(plan)) {
    return { contracts: plan.contracts.map(({ contract, address }) => ({ name: contract.name, address })), spentWei: 0n }
  }
  if (!account) {
    throw new GatewayError('unsafe_configuration', 'No key was given', {
      hint: `Nothing was sent. Set ${KEY_VARIABLE} or give --key-file.`,
    })
  }
  const agreed = options.yes || (await confirm?.('Send this? Type yes: '))
  if (agreed === undefined) {
    throw new GatewayError('deployment_refused', 'Nobody is there to be asked', {
      hint: 'Nothing was sent. Give --yes when the plan is right.',
    })
  }
  if (!agreed) {
    print('nothing was sent')
    return 'declined'
  }
  return executeDeployment(plan, { chain, account, patience: PATIENCE, onStep: print })
}

type Done = Readonly<{ plan: DeploymentPlan; result: DeploymentResult; options: DeployOptions; print: (line: string) => void }>

/** What a gateway on this chain must be told. */
async function printLines(rpc: Rpc, chain: Chain, { plan, result, options, print }: Done): Promise<void> {
  const standing = (name: string) => result.contracts.find((contract) => contract.name === name)
  const hub = standing('SettlementHub')
  const planned = plan.contracts.find(({ contract }) => contract.name === 'SettlementHub')
  invariant(hub && planned, 'the hub is among the contracts')
  const firstBlock = hub.block ?? (await firstBlockOf(rpc, planned.contract, plan.head))
  const token = options.testToken ? standing('TestUSDC')?.address : options.token
  const lines = await gatewayLines(chain, { chainId: plan.chainId, hub: hub.address, token, firstBlock })
  const json = JSON.stringify(lines, null, 2)
  print(`\nfor the gateway's configuration, in \`evm\`:\n${json}`)
  if (firstBlock === undefined)
    print('firstBlock: this node does not keep old state. Take the block of the deployment from an explorer; 0 reads everything.')
  if (token === undefined) print('token: no dollar token was named. Give --token, or put it into the network’s file.')
  if (options.out !== undefined) {
    writeFileSync(options.out, `${json}\n`)
    print(`written to ${options.out}`)
  }
}
