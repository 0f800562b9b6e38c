import { pbkdf2Sync } from 'node:crypto'
import { bytesToHex } from 'viem'
import { HDKey, privateKeyToAddress } from 'viem/accounts'
import type { ChainAccount } from './ready.ts'

/** The test mnemonic that every Ethereum tool knows: its keys are public and never hold anything of value. */
export const MNEMONIC = 'test test test test test test test test test test test junk'

export const CUSTOMERS = 8
/** Deployer, operator, customers. */
export const ACCOUNTS = 2 + CUSTOMERS

/** BIP-39, with no passphrase, and the path of wallets (BIP 44): derived once, and by Node; viem would do it again for every account. */
const parent = HDKey.fromMasterSeed(pbkdf2Sync(MNEMONIC, 'mnemonic', 2048, 64, 'sha512')).derive("m/44'/60'/0'/0")
const derived = new Map<number, ChainAccount>()

/** Account `index` of the test mnemonic: 0 deploys, 1 is the gateway's operator, the rest are customers. */
export function accountAt(index: number): ChainAccount {
  const known = derived.get(index)
  if (known) return known
  const key = parent.deriveChild(index).privateKey
  if (!key) throw new Error(`the test mnemonic has no private key ${index}`)
  const privateKey = bytesToHex(key)
  const account = { address: privateKeyToAddress(privateKey), privateKey }
  derived.set(index, account)
  return account
}
