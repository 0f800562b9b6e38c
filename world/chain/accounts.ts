import { pbkdf2Sync } from 'node:crypto'
import { bytesToHex } from 'viem'
import { HDKey, hdKeyToAccount } from 'viem/accounts'
import type { ChainAccount } from './ready.ts'

/** The test mnemonic that every Ethereum tool knows: its keys are public and never hold anything of value. */
export const MNEMONIC = 'test test test test test test test test test test test junk'

export const CUSTOMERS = 8
/** Deployer, operator, customers. */
export const ACCOUNTS = 2 + CUSTOMERS

/** BIP-39, with no passphrase: derived once, and by Node; viem would do it again for every account. */
const root = HDKey.fromMasterSeed(pbkdf2Sync(MNEMONIC, 'mnemonic', 2048, 64, 'sha512'))

/** Account `index` of the test mnemonic: 0 deploys, 1 is the gateway's operator, the rest are customers. */
export function accountAt(index: number): ChainAccount {
  const account = hdKeyToAccount(root, { addressIndex: index })
  const key = account.getHdKey().privateKey
  if (!key) throw new Error(`the test mnemonic has no private key ${index}`)
  return { address: account.address, privateKey: bytesToHex(key) }
}
