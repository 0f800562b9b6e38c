import { concat, encodeAbiParameters, keccak256, pad, stringToHex } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../ports/ids.ts'
import type { VoucherChannelTerms } from '../ports/voucherChannels.ts'
import { CHANNEL_SALT_MAX, channelIdOf, depositNonce } from './channelId.ts'

const word = (byte: string): Hex => `0x${byte.repeat(32)}`
const address = (byte: string): Hex => `0x${byte.repeat(20)}`
const terms: VoucherChannelTerms = { payer: address('a1'), salt: 7n, splitId: word('5f'), token: address('70'), closer: address('c1') }

test("a channel's id follows the contract's formula", () => {
  // Written as Solidity would: abi.encode of two words.
  const payerWord = concat([terms.payer, pad('0x07', { size: 12 })])
  const rest = keccak256(concat([terms.splitId, pad(terms.token, { size: 32 }), pad(terms.closer, { size: 32 })]))
  expect(channelIdOf(terms)).toBe(keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [payerWord, rest])))
})

test("a channel's id commits to each of its terms, at their limits too", () => {
  const others: Partial<VoucherChannelTerms>[] = [
    { payer: address('a2') },
    { salt: 0n },
    { salt: CHANNEL_SALT_MAX },
    { splitId: word('60') },
    { token: address('71') },
    { closer: address('00') },
  ]
  const ids = [terms, ...others.map((other) => ({ ...terms, ...other }))].map(channelIdOf)
  expect(new Set(ids).size).toBe(ids.length)
  expect(() => channelIdOf({ ...terms, salt: CHANNEL_SALT_MAX + 1n })).toThrow()
})

test("a deposit's nonce is three words, each in its place", () => {
  const typehash = keccak256(stringToHex('ChannelDeposit(bytes32 channelId,bytes32 salt)'))
  expect(depositNonce(word('11'), word('22'))).toBe(keccak256(concat([typehash, word('11'), word('22')])))
  expect(depositNonce(word('11'), word('22'))).not.toBe(depositNonce(word('22'), word('11')))
})
