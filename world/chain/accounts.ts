import { bytesToHex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import type { ChainAccount } from './ready.ts'

/** The test mnemonic that every Ethereum tool knows: its keys are public and never hold anything of value. */
export const MNEMONIC = 'test test test test test test test test test test test junk'

export const CUSTOMERS = 8
/** Deployer, operator, customers. */
export const ACCOUNTS = 2 + CUSTOMERS

/** Account `index` of the test mnemonic: 0 deploys, 1 is the gateway's operator, the rest are customers. */
export function accountAt(index: number): ChainAccount {
  const account = mnemonicToAccount(MNEMONIC, { addressIndex: index })
  const key = account.getHdKey().privateKey
  if (!key) throw new Error(`the test mnemonic has no private key ${index}`)
  return { address: account.address, privateKey: bytesToHex(key) }
}
