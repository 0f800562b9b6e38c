import { createECDH, createHmac } from 'node:crypto'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bech32 } from '@scure/base'
import { REGTEST_PREFIX } from './chainAddress.ts'

/** What the seed is stretched with; another label would be another wallet. */
const LABEL = 'switchyard wallet key 0'

/** A key of the node's own on chain. `script` is its P2WPKH output (BIP 141), `address` the same as text. */
export type WalletKey = Readonly<{ privateKey: Uint8Array; script: Uint8Array; address: string }>

/**
 * The key that swept money goes to. It follows from the node's seed, but is none of LDK's: LDK would take a payment to its own destination script
 * for an output of a channel, and it would be swept for ever.
 */
export function walletKey(seed: Uint8Array): WalletKey {
  const privateKey = createHmac('sha512', seed).update(LABEL).digest().subarray(0, 32)
  const curve = createECDH('secp256k1')
  curve.setPrivateKey(privateKey)
  const program = ripemd160(sha256(curve.getPublicKey(null, 'compressed')))
  return {
    privateKey,
    script: Uint8Array.of(0x00, program.length, ...program),
    address: bech32.encode(REGTEST_PREFIX, [0, ...bech32.toWords(program)]),
  }
}
