import { concatHex, pad, toFunctionSelector, toHex } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { PERMIT2 } from '../../../gateway/ports/permit2.ts'
import type { Spending } from '../../../gateway/ports/spendingView.ts'
import { permitBit } from '../node/permitBit.ts'
import type { SpendingQuery } from './spendingProgram.ts'

// A program as that of `spendingProgram.ts`, for any questions: behind its code lie a word that is left empty, and four words for each question, namely whom
// it is put to, the selector at the end of its word, and two arguments. In place of the first it writes what was answered, of the second whether a word was
// answered (flag 0) and whether the account of the first argument has code (flag 1).
const PROGRAM = [
  ['604f', '38', '03'], //                       [n]               the bytes of the words: CODESIZE less the code's own
  ['80', '604f', '6080', '39'], //               [n]               CODECOPY to 0x80
  ['6080', '01', '60a0'], //                     [end p]           p is at the first question
  ['5b', '81', '81', '10', '15', '6046', '57'], // [end p]         each: JUMPDEST; while p < end, else to `done`
  ['6020', '6000', '6044', '83', '603c', '01'], // [end p 20 0 44 p+3c]
  ['84', '51', '5a', 'fa'], //                   [end p ok]
  ['3d', '601f', '10', '16'], //                 [end p ok]        ok only where a word came back
  ['81', '6040', '01', '51', '3b', '15', '15', '6001', '1b', '17'], // [end p flags]
  ['81', '6020', '01', '52'], //                 [end p]
  ['6000', '51', '81', '52'], //                 [end p]
  ['6080', '01', '600f', '56'], //               [end p]           the next, back to `each`
  ['5b', '50', '6080', '90', '03', '6080', 'f3'], //               done: JUMPDEST
].flat()

const SELECTOR = {
  balanceOf: toFunctionSelector('function balanceOf(address)'),
  allowance: toFunctionSelector('function allowance(address,address)'),
  nonceBitmap: toFunctionSelector('function nonceBitmap(address,uint256)'),
} as const

const QUESTIONS = 3
/** So many queries fit into what one call may answer, which is counted as a contract's code (EIP-170). */
export const PERMIT_QUERIES_MAX = 60
const WORD_DIGITS = 64

/** The program over these queries of a token: what each account has, what Permit2 may take of it, and which of its nonces are used. */
export function permitCall(token: Hex, queries: readonly SpendingQuery[]): Hex {
  const asked = queries.flatMap(({ from, nonce }) => [
    question(token, SELECTOR.balanceOf, [from, '0x']),
    question(token, SELECTOR.allowance, [from, PERMIT2]),
    question(PERMIT2, SELECTOR.nonceBitmap, [from, toHex(permitBit(nonce).word)]),
  ])
  return concatHex([`0x${PROGRAM.join('')}`, pad('0x'), ...asked])
}

function question(to: Hex, selector: Hex, [first, second]: readonly [Hex, Hex]): Hex {
  return concatHex([pad(to), pad(selector), pad(first), pad(second)])
}

/** What it answered, one for each query: undefined where somebody did not say. Undefined when it is not the answer of this program. */
export function readPermits(answer: Hex, queries: readonly SpendingQuery[]): readonly (Spending | undefined)[] | undefined {
  const digits = answer.slice(2)
  if (digits.length !== WORD_DIGITS * (1 + 4 * QUESTIONS * queries.length)) return undefined
  const word = (n: number) => BigInt(`0x${digits.slice(n * WORD_DIGITS, (n + 1) * WORD_DIGITS)}`)
  return queries.map(({ nonce }, i) => {
    const [balance, allowance, nonces] = [0, 1, 2].map((n) => {
      const at = 1 + 4 * (QUESTIONS * i + n)
      return { value: word(at), said: (word(at + 1) & 1n) === 1n, hasCode: (word(at + 1) & 2n) === 2n }
    }) as [Answer, Answer, Answer] // Three were asked.
    if (!balance.said || !allowance.said || !nonces.said) return undefined
    const nonceUsed = (nonces.value & permitBit(nonce).mask) !== 0n
    return { balance: balance.value, allowance: allowance.value, hasCode: balance.hasCode, nonceUsed }
  })
}

type Answer = Readonly<{ value: bigint; said: boolean; hasCode: boolean }>
