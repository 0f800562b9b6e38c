import { concatHex, pad } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Spending } from '../../../gateway/ports/spendingView.ts'

/** One authorization: whose, and its nonce. */
export type SpendingQuery = Readonly<{ from: Hex; nonce: Hex }>

// A program that is run as the constructor of a contract that nobody deploys: `eth_call` without `to` answers what it returns, so that one call asks for
// many accounts and no contract has to stand anywhere. Behind its code lie words of 32 bytes: the token, then an account and a nonce for each query. It
// writes the account's balance and four flags in their place, and answers the words. The first is left empty, because no code may begin with 0xEF (EIP-3541).
const WORDS_AT = '80' // Where in memory the words lie; what is below is for the calls of the token.
const PROGRAM = [
  ['6098', '38', '03'], //                       [n]               the bytes of the words: CODESIZE less the code's own
  ['80', '6098', `60${WORDS_AT}`, '39'], //      [n]               CODECOPY
  [`60${WORDS_AT}`, '01', '60a0'], //            [end p]           p is at the first query
  ['5b', '81', '81', '10', '15', '608a', '57'], // [end p]         each: JUMPDEST; while p < end, else to `done`
  ['6370a08231', '60e0', '1b', '6000', '52'], // [end p]           balanceOf(address)
  ['80', '51', '6004', '52'],
  ['6020', '6000', '6024', '6000', `60${WORDS_AT}`, '51', '5a', 'fa'], // [end p ok]
  ['3d', '601f', '10', '16', '6000', '51'], //   [end p ok balance]  ok only where a word came back
  ['63e94a0102', '60e0', '1b', '6000', '52'], //                   authorizationState(address,bytes32)
  ['82', '51', '6004', '52', '82', '6020', '01', '51', '6024', '52'],
  ['6020', '6000', '6044', '6000', `60${WORDS_AT}`, '51', '5a', 'fa'], // [end p ok balance ok2]
  ['3d', '601f', '10', '16', '6001', '1b'], //   [end p ok balance flags]  flag 1: it said whether the nonce is used
  ['6000', '51', '15', '15', '6002', '1b', '17'], //               flag 2: it is
  ['83', '51', '3b', '15', '15', '6003', '1b', '17'], //           flag 3: the account has code
  ['90', '83', '52', '17'], //                   [end p flags]     the balance in the account's place; flag 0: it said the balance
  ['81', '6020', '01', '52'], //                 [end p]           the flags in the nonce's place
  ['6040', '01', '600f', '56'], //               [end p]           the next, back to `each`
  ['5b', '50', '6000', `60${WORDS_AT}`, '52'], // [end]            done: JUMPDEST
  [`60${WORDS_AT}`, '90', '03', `60${WORDS_AT}`, 'f3'],
].flat()

/** So many queries fit into what one call may answer, which is counted as a contract's code (EIP-170). */
export const QUERIES_MAX = 200
const WORD_DIGITS = 64

/** The program over these queries of a token. */
export function spendingCall(token: Hex, queries: readonly SpendingQuery[]): Hex {
  return concatHex([`0x${PROGRAM.join('')}`, pad(token), ...queries.flatMap(({ from, nonce }) => [pad(from), nonce])])
}

/** What it answered, one for each query: undefined where the token did not say. Undefined when it is not the answer of this program. */
export function readSpending(answer: Hex, { length: count }: readonly SpendingQuery[]): readonly (Spending | undefined)[] | undefined {
  const digits = answer.slice(2)
  if (digits.length !== WORD_DIGITS * (1 + 2 * count)) return undefined
  const word = (n: number) => BigInt(`0x${digits.slice(n * WORD_DIGITS, (n + 1) * WORD_DIGITS)}`)
  return Array.from({ length: count }, (_, i) => {
    const [balance, flags] = [word(1 + 2 * i), word(2 + 2 * i)]
    const said = (flags & 3n) === 3n
    return said ? { balance, nonceUsed: (flags & 4n) !== 0n, hasCode: (flags & 8n) !== 0n } : undefined
  })
}
