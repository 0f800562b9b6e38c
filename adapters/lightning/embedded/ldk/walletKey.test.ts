import { Address, OutScript, p2wpkh, TEST_NETWORK } from '@scure/btc-signer'
import { pubECDSA } from '@scure/btc-signer/utils.js'
import { expect, test } from 'vitest'
import { walletKey } from './walletKey.ts'

const seed = Uint8Array.from({ length: 32 }, (_, i) => i)

test('the wallet’s script and address are those of its key by another implementation', () => {
  const { privateKey, script, address } = walletKey(seed)
  const theirs = p2wpkh(pubECDSA(privateKey), { ...TEST_NETWORK, bech32: 'bcrt' })
  expect(address).toBe(theirs.address)
  expect(Buffer.from(script)).toEqual(Buffer.from(theirs.script))
  expect(Buffer.from(OutScript.encode(Address({ ...TEST_NETWORK, bech32: 'bcrt' }).decode(address)))).toEqual(Buffer.from(script))
})

test('the same seed has the same wallet, another seed another', () => {
  expect(walletKey(seed).address).toBe(walletKey(Uint8Array.from(seed)).address)
  expect(walletKey(seed.map((byte) => byte ^ 1)).address).not.toBe(walletKey(seed).address)
})
