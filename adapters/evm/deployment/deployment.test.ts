import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rpc as ask } from '../../../test/evm/chainProcess.ts'
import { type EmptyChain, RICH_KEY, startEmptyChain } from '../../../test/evm/emptyChain.ts'
import { createChain } from '../node/chain.ts'
import { openRpc, type Rpc } from '../node/rpc.ts'
import { DEFAULTS } from '../settings.ts'
import { contractsFor } from './deployedContracts.ts'
import { DEPLOYER, DEPLOYER_CODE, PRESIGNED_BY, PRESIGNED_COST } from './deterministicDeployer.ts'
import { executeDeployment, isComplete } from './executeDeployment.ts'
import { firstBlockOf } from './firstBlock.ts'
import { planDeployment } from './planDeployment.ts'

const account = privateKeyToAccount(RICH_KEY)
const patience = { pollMs: 20, deadlineMs: 10_000 }
const contracts = contractsFor({ testToken: true })

let closing: (() => unknown)[] = []
beforeEach(() => {
  closing = []
})
afterEach(async () => {
  for (const close of closing.reverse()) await close()
})

async function start(chainId = 31337, chainType: 'l1' | 'op' = 'l1') {
  const node: EmptyChain = await startEmptyChain(chainId, chainType)
  closing.push(node.close)
  const rpc: Rpc = openRpc({ url: node.rpcUrl, timeoutMs: 10_000 })
  closing.push(rpc.close)
  const chain = createChain(rpc)
  const plan = (id = chainId) => planDeployment(chain, { chainId: id, contracts, gas: DEFAULTS.gas })
  const deploy = async (key = RICH_KEY) => executeDeployment(await plan(), { chain, account: privateKeyToAccount(key), patience })
  const sent = () => chain.transactionCount(account.address, 'latest')
  const tell = (method: string, params: readonly unknown[] = []) => ask(node.rpcUrl, method, params)
  return { rpc, chain, plan, deploy, sent, tell }
}

describe('a deployment', () => {
  test('onto an empty chain says before what it does, does it, and stays within what it said', async () => {
    const { chain, plan, deploy } = await start()
    const before = await plan()
    expect(before.deployer).toEqual({ state: 'absent', missingWei: PRESIGNED_COST })
    expect(before.contracts.map(({ state }) => state)).toEqual(contracts.map(() => 'absent'))
    expect(isComplete(before)).toBe(false)
    for (const { address } of before.contracts) expect(await chain.code(address)).toBe('0x')

    const held = await chain.balance(account.address, 'latest')
    const result = await deploy()
    expect(result.contracts.map(({ name, address }) => ({ name, address }))).toEqual(
      before.contracts.map(({ contract, address }) => ({ name: contract.name, address })),
    )
    for (const { address, code } of before.contracts) expect(await chain.code(address)).toBe(code)
    expect(await chain.code(DEPLOYER)).toBe(DEPLOYER_CODE)
    expect(held - (await chain.balance(account.address, 'latest'))).toBe(result.spentWei)
    expect(result.spentWei <= before.cost.most && result.spentWei > PRESIGNED_COST).toBe(true)
  })

  test('that is repeated sends nothing', async () => {
    const { plan, deploy, sent } = await start()
    await deploy()
    const count = await sent()
    const again = await plan()
    expect(isComplete(again)).toBe(true)
    expect({ gas: again.gas, ...again.cost }).toEqual({ gas: 0n, expected: 0n, most: 0n })
    expect(await deploy()).toMatchObject({ spentWei: 0n })
    expect(await sent()).toBe(count)
  })

  test('where the deployer stands already needs neither its ether nor its transaction', async () => {
    const { plan, deploy, tell, chain } = await start()
    await tell('hardhat_setCode', [DEPLOYER, DEPLOYER_CODE])
    expect(await plan()).toMatchObject({ deployer: { state: 'equal', missingWei: 0n } })
    await deploy()
    expect(await chain.balance(PRESIGNED_BY, 'latest')).toBe(0n)
    expect(isComplete(await plan())).toBe(true)
  })

  test('adds only what the presigned transaction lacks, when somebody gave a part', async () => {
    const { plan, deploy, tell } = await start()
    await tell('hardhat_setBalance', [PRESIGNED_BY, `0x${(PRESIGNED_COST - 5n).toString(16)}`])
    expect((await plan()).deployer.missingWei).toBe(5n)
    await deploy()
    expect(isComplete(await plan())).toBe(true)
  })

  test('gives the same addresses on chains with different ids, and code that knows its own chain', async () => {
    const [one, two] = [await start(31337), await start(84532)]
    await one.deploy()
    await two.deploy()
    const [first, second] = [(await one.plan()).contracts, (await two.plan()).contracts]
    expect(first.map(({ address }) => address)).toEqual(second.map(({ address }) => address))
    for (const [i, { contract, address }] of first.entries()) {
      // An EIP-712 domain is an immutable: the code of one chain would be wrong on the other.
      if (['SettlementHub', 'TestUSDC'].includes(contract.name))
        expect(await one.chain.code(address)).not.toBe(await two.chain.code(address))
      expect(await two.chain.code(address)).toBe(second[i]?.code)
    }
  })

  test('goes on where an earlier one stopped', async () => {
    const { plan, deploy, chain } = await start()
    const whole = await plan()
    await executeDeployment({ ...whole, contracts: whole.contracts.slice(0, 1) }, { chain, account, patience })
    const rest = await plan()
    expect(rest.contracts.map(({ state }) => state)).toEqual(['equal', ...contracts.slice(1).map(() => 'absent')])
    expect(rest.gas < whole.gas).toBe(true)
    const { contracts: done } = await deploy()
    expect(done[0]?.block).toBeUndefined()
    expect(done.slice(1).every(({ block }) => block !== undefined)).toBe(true)
    expect(isComplete(await plan())).toBe(true)
  })
})

describe('a deployment is refused, and nothing is sent,', () => {
  test('when the node serves another chain', async () => {
    const { plan, sent } = await start(31337)
    await expect(plan(31338)).rejects.toMatchObject({ code: 'rail_misconfigured', shortMessage: 'The node serves chain 31337, not 31338' })
    expect(await sent()).toBe(0n)
  })

  test('when other code stands at an address of ours', async () => {
    const { plan, deploy, sent, tell } = await start()
    await deploy()
    const [hub] = (await plan()).contracts
    const count = await sent()
    // One bit of the chain id inside the code, as a node of a copied chain would have it.
    const altered = hub!.code.replace('7a69', '7a68')
    expect(altered).not.toBe(hub!.code)
    await tell('hardhat_setCode', [hub!.address, altered])
    expect((await plan()).contracts[0]?.state).toBe('different')
    await expect(deploy()).rejects.toMatchObject({ code: 'deployment_refused', meta: { address: hub!.address } })
    expect(await sent()).toBe(count)
  })

  test('when another program stands at the deployer’s address', async () => {
    const { plan, tell } = await start()
    await tell('hardhat_setCode', [DEPLOYER, '0x00'])
    await expect(plan()).rejects.toMatchObject({ code: 'deployment_refused', meta: { deployer: DEPLOYER } })
  })

  test('when the account holds too little, and it says how much is missing', async () => {
    const { plan, deploy, sent, tell, chain } = await start()
    const { cost } = await plan()
    await tell('hardhat_setBalance', [account.address, `0x${(cost.most / 2n).toString(16)}`])
    const refusal = await deploy().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'insufficient_balance', meta: { balance: cost.most / 2n } })
    expect(refusal).toMatchObject({ hint: expect.stringMatching(/^Nothing was sent\. Add at least 0\.\d+ ETH/) })
    expect(await sent()).toBe(0n)
    expect(await chain.balance(PRESIGNED_BY, 'latest')).toBe(0n)
  })

  test('when fees are above the ceiling', async () => {
    const { tell, plan } = await start()
    await tell('hardhat_setNextBlockBaseFeePerGas', [`0x${(600n * 10n ** 9n).toString(16)}`])
    await expect(plan()).rejects.toMatchObject({ code: 'deployment_refused', shortMessage: expect.stringContaining('ceiling') })
  })

  test('while another transaction of the account waits', async () => {
    const { deploy, tell, sent } = await start()
    await tell('evm_setAutomine', [false])
    await tell('eth_sendTransaction', [{ from: account.address, to: account.address, gas: '0x5208' }])
    await expect(deploy()).rejects.toMatchObject({
      code: 'deployment_refused',
      shortMessage: expect.stringContaining('the first with nonce 0'),
    })
    await tell('evm_mine')
    expect(await sent()).toBe(1n)
  })
})

test('a transaction that is not mined in time has an unknown outcome, and the next run finds what it did', async () => {
  const { plan, tell, chain, deploy } = await start()
  const planned = await plan()
  await tell('evm_setAutomine', [false])
  const hasty = { chain, account, patience: { pollMs: 20, deadlineMs: 200 } }
  await expect(executeDeployment(planned, hasty)).rejects.toMatchObject({ code: 'outcome_unknown' })
  await tell('evm_mine')
  await tell('evm_setAutomine', [true])
  expect((await plan()).deployer.missingWei).toBe(0n)
  await deploy()
  expect(isComplete(await plan())).toBe(true)
})

describe('on a rollup of the OP stack', () => {
  test('the fee for the bytes is part of the cost, as the node’s oracle says it', async () => {
    const { plan, tell } = await start()
    const before = await plan()
    // PUSH2 1000, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN: an oracle that always says 1,000 wei.
    await tell('hardhat_setCode', ['0x420000000000000000000000000000000000000F', '0x6103e85f5260205ff3'])
    const after = await plan()
    expect(after.contracts.map(({ dataFee }) => dataFee)).toEqual(contracts.map(() => 1_000n))
    expect(after.deployer.missingWei - before.deployer.missingWei).toBe(2_000n)
    expect(after.cost.most - before.cost.most).toBe(2_000n * BigInt(contracts.length + 1))
  })

  test('a deployment pays that fee, for the presigned transaction too, and stays within what it said', async () => {
    const { chain, plan, deploy, tell } = await start(31338, 'op')
    // L1Block (OP stack specification, predeploys): the base fee of the chain below, the two scalars of OP Mainnet, the blob base fee.
    const word = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`
    const set = (slot: string, value: bigint) =>
      tell('hardhat_setStorageAt', ['0x4200000000000000000000000000000000000015', slot, word(value)])
    await set('0x1', 50_000_000n)
    await set('0x3', (5_227n << 96n) | (1_014_213n << 64n))
    await set('0x7', 100_000_000n)
    const before = await plan()
    expect(before.contracts.every(({ dataFee }) => dataFee > 0n)).toBe(true)
    const held = await chain.balance(account.address, 'latest')
    const { spentWei } = await deploy()
    expect(held - (await chain.balance(account.address, 'latest'))).toBe(spentWei)
    expect(spentWei <= before.cost.most).toBe(true)
    expect(isComplete(await plan())).toBe(true)
  })
})

test('the first block of a contract is found where the node keeps old state, and not guessed where it does not', async () => {
  const { rpc, deploy, chain, tell } = await start()
  for (let i = 0; i < 5; i++) await tell('evm_mine')
  const { contracts: done } = await deploy()
  for (let i = 0; i < 9; i++) await tell('evm_mine')
  const first = async () => firstBlockOf(rpc, contracts[0]!, (await chain.header('latest')).number)
  expect(done[0]?.block).toBeGreaterThan(5n)
  expect(await first()).toBe(done[0]?.block)
  // Of blocks that were mined in one go EDR says "no code", as a node does that forgets.
  await tell('hardhat_mine', ['0x40'])
  expect(await first()).toBeUndefined()
})
