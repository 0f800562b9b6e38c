import { getContractAddress, parseTransaction, recoverTransactionAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { contractsFor, DEPLOYED_CONTRACTS } from './deployedContracts.ts'
import {
  creationInput,
  DEPLOYER,
  deterministicAddress,
  PRESIGNED_BY,
  PRESIGNED_COST,
  PRESIGNED_GAS_PRICE,
  PRESIGNED_TRANSACTION,
} from './deterministicDeployer.ts'

describe('the deterministic deployer', () => {
  test('follows from its presigned transaction: its signer, its address and its price', async () => {
    // viem types what it parses more narrowly than what it recovers from; both are one serialized legacy transaction.
    const signer = await recoverTransactionAddress({ serializedTransaction: PRESIGNED_TRANSACTION as `0x02${string}` })
    expect(signer.toLowerCase()).toBe(PRESIGNED_BY)
    expect(getContractAddress({ from: signer, nonce: 0n }).toLowerCase()).toBe(DEPLOYER)
    const transaction = parseTransaction(PRESIGNED_TRANSACTION)
    expect(transaction).toMatchObject({ type: 'legacy', gasPrice: PRESIGNED_GAS_PRICE })
    expect(transaction.chainId, 'signed before EIP-155').toBeUndefined()
    expect((transaction.gas ?? 0n) * PRESIGNED_GAS_PRICE).toBe(PRESIGNED_COST)
  })

  test('puts another init code at another address, and gets the salt before the code', () => {
    expect(deterministicAddress('0x6001')).not.toBe(deterministicAddress('0x6002'))
    expect(deterministicAddress('0x6001')).toMatch(/^0x[0-9a-f]{40}$/)
    expect(creationInput('0x6001')).toBe(`0x${Buffer.from('switchyard').toString('hex').padEnd(64, '0')}6001`)
  })
})

describe('the list of contracts', () => {
  test('leaves out the token that anyone may mint, unless it is asked for', () => {
    const names = (testToken: boolean) => contractsFor({ testToken }).map(({ name }) => name)
    expect(names(true)).toEqual(DEPLOYED_CONTRACTS.map(({ name }) => name))
    expect(names(true)).toContain('TestUSDC')
    expect(names(false)).not.toContain('TestUSDC')
    expect(names(false)).toContain('SettlementHub')
  })
})
