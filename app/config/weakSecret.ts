import { pbkdf2Sync } from 'node:crypto'
import { HDKey } from 'viem/accounts'
import { MNEMONIC } from '../../world/chain/accounts.ts'

/** Far below what 16 random bytes in hex are taken for (about 105), far above what people think of. */
const BITS_MIN = 70
/** English says no more than this with a letter (Shannon, 1951: 0.6 to 1.3). */
const BITS_PER_LETTER_OF_WORDS = 1.5
/** One random string in some ten thousand has one of them, and is made again. */
const TEST_WORDS = /test|demo|example|secret|password|changeme|operator|switchyard|dummy|sample/i

/** The phrases from which Hardhat, Anvil and this repository, and Ganache, give accounts to everybody; they show 20 at most when not told otherwise. */
const KNOWN_PHRASES = [MNEMONIC, 'myth like bonus scare over problem client lizard pioneer submit female collect']
const KNOWN_ACCOUNTS = 20

/** Why a secret can be guessed, or undefined when nothing speaks against it. */
export function weaknessOf(secret: string): string | undefined {
  if (TEST_WORDS.test(secret)) return 'has a word in it that keys of test suites have'
  if (bitsOf(secret.replace(/^(sk_|0x)/, '')) < BITS_MIN) return 'has too little entropy'
  return undefined
}

/** True for a key that a development tool hands to everybody. */
export function isKnownKey(key: string): boolean {
  known ??= new Set(KNOWN_PHRASES.flatMap(keysOf))
  return known.has(key.toLowerCase())
}

let known: ReadonlySet<string> | undefined

/** The first accounts of a phrase, as wallets derive them (BIP 39, BIP 32, BIP 44). */
function keysOf(phrase: string): string[] {
  const account = HDKey.fromMasterSeed(pbkdf2Sync(phrase, 'mnemonic', 2048, 64, 'sha512')).derive("m/44'/60'/0'/0")
  return Array.from({ length: KNOWN_ACCOUNTS }, (_, i) => `0x${Buffer.from(account.deriveChild(i).privateKey ?? []).toString('hex')}`)
}

/**
 * About how many bits a text holds: what its letters hold each, for every three in a row that were not there before and do not count on (abc, 321).
 * Words are taken for words.
 */
function bitsOf(text: string): number {
  const triples = new Set<string>()
  for (let i = 2; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1)
    if (step !== text.charCodeAt(i - 1) - text.charCodeAt(i - 2)) triples.add(text.slice(i - 2, i + 1))
  }
  const perLetter = isWords(text) ? BITS_PER_LETTER_OF_WORDS : shannon(text)
  return triples.size * perLetter
}

/** Letters and what stands between words alone, with few capitals: base64 of as many letters has digits and as many capitals. */
function isWords(text: string): boolean {
  return /^[A-Za-z\s_.,'-]+$/.test(text) && text.replace(/[^A-Z]/g, '').length * 6 < text.length
}

/** Bits a letter, by how often each occurs. */
function shannon(text: string): number {
  const counts = new Map<string, number>()
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  return [...counts.values()].reduce((bits, n) => bits - (n / text.length) * Math.log2(n / text.length), 0) // not money: bits
}
