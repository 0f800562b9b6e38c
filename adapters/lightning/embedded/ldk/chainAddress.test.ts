import { Address, OutScript } from '@scure/btc-signer'
import { describe, expect, test } from 'vitest'
import { scriptOfAddress } from './chainAddress.ts'

const REGTEST = { bech32: 'bcrt', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef }
const MAINNET = { bech32: 'bc', pubKeyHash: 0x00, scriptHash: 0x05, wif: 0x80 }
const hash = (length: number) => Uint8Array.from({ length }, (_, i) => i + 1)
/** The generator of secp256k1, as an x-only key. */
const KEY = Buffer.from('79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798', 'hex')

const outputs = [
  ['P2PKH', { type: 'pkh', hash: hash(20) }],
  ['P2SH', { type: 'sh', hash: hash(20) }],
  ['P2WPKH', { type: 'wpkh', hash: hash(20) }],
  ['P2WSH', { type: 'wsh', hash: hash(32) }],
  ['P2TR', { type: 'tr', pubkey: KEY }],
] as const

describe('an address', () => {
  test.each(outputs)('of %s gives the script that another library gives', (_, output) => {
    const address = Address(REGTEST).encode(output)
    expect(Buffer.from(scriptOfAddress(address)).toString('hex')).toBe(Buffer.from(OutScript.encode(output)).toString('hex'))
  })

  test.each(outputs)('of %s on mainnet is refused, and says why', (_, output) => {
    expect(scriptOfAddress(Address(MAINNET).encode(output))).toMatch(/another network/)
  })

  test('with a slip, of the wrong checksum, or that is none, is refused', () => {
    const good = Address(REGTEST).encode(outputs[2][1])
    expect(scriptOfAddress(`${good.slice(0, -1)}${good.endsWith('q') ? 'p' : 'q'}`)).toMatch(/not a bitcoin address/)
    expect(scriptOfAddress('lnbcrt1nothing')).toMatch(/not a bitcoin address/)
    expect(scriptOfAddress('')).toMatch(/not a bitcoin address/)
    // BIP 350's own examples: version 1 with the checksum of version 0, version 0 with that of the others, a program of one byte.
    for (const wrong of [
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd',
      'bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav',
      'bc1pw5dgrnzv',
    ])
      expect(scriptOfAddress(wrong)).toMatch(/another network|witness program|not a bitcoin address/)
  })

  test('with a witness program that nobody could spend is refused', async () => {
    const { bech32, bech32m } = await import('@scure/base')
    const of = (coder: typeof bech32 | typeof bech32m, version: number, length: number) =>
      coder.encode('bcrt', [version, ...coder.toWords(hash(length))])
    expect(scriptOfAddress(of(bech32, 1, 32))).toMatch(/witness program/)
    expect(scriptOfAddress(of(bech32m, 0, 20))).toMatch(/witness program/)
    expect(scriptOfAddress(of(bech32, 0, 21))).toMatch(/witness program/)
    expect(scriptOfAddress(of(bech32m, 17, 32))).toMatch(/witness program/)
    expect(scriptOfAddress(of(bech32m, 2, 1))).toMatch(/witness program/)
    expect(scriptOfAddress(of(bech32m, 2, 40))).toHaveLength(42)
  })
})
