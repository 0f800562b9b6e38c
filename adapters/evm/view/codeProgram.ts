import { concatHex, encodeFunctionData, pad } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { CodeWord } from '../../../gateway/ports/receiver.ts'
import { accountAbi } from '../node/abi.ts'
import { CODE_GAS_MAX } from '../node/contracts.ts'

// A program that is run as the constructor of a contract that nobody deploys, as that of `spendingProgram.ts`. It asks an account's code by ERC-1271 with so
// much gas and no more, reads one word of the answer however long that is, and answers one word itself. So whatever the code does, burning, reverting or
// answering half a megabyte, the node's own answer is the same 32 bytes, and a node's refusal is the node's and not the account's.
const PROGRAM = [
  ['6046', '38', '03'], //                              [n]             the bytes behind this code: CODESIZE less the code's own
  ['80', '6046', '6000', '39'], //                      [n]             CODECOPY: the account in the first word, then the call
  ['6020', '90', '03'], //                              [m]             the bytes of the call
  ['6000', '51', '80', '3b'], //                        [m acc size]    EXTCODESIZE
  ['6000', '6000', '52'], //                                            nothing of the account is left where the answer comes
  ['6020', '6000', '84', '6020', '85', gasPush(), 'fa'], // [m acc size ok]  STATICCALL
  ['3d', '601f', '10', '16'], //                                        only where a word came back
  ['6000', '51', '631626ba7e', '60e0', '1b', '14', '16'], // [m acc size yes]  and it is the right one
  ['6001', '1b', '90', '15', '15', '17'], //            [m acc flags]   flag 0: there is code; flag 1: it said yes
  ['6000', '52', '6020', '6000', 'f3'],
].flat()

/** PUSH3: 600,000 has three bytes. */
function gasPush(): string {
  return `62${CODE_GAS_MAX.toString(16).padStart(6, '0')}`
}

/** For the program, its own bytes and the 63/64 of EIP-150, beside what the account may burn. */
export const QUESTION_GAS = CODE_GAS_MAX + 250_000n

/** The question whether the account takes the signature for its own. */
export function codeQuestion(account: Hex, digest: Hex, signature: Hex): Hex {
  const call = encodeFunctionData({ abi: accountAbi, functionName: 'isValidSignature', args: [digest, signature] })
  return concatHex([`0x${PROGRAM.join('')}`, pad(account), call])
}

const WORDS: ReadonlyMap<string, CodeWord> = new Map([
  [wordOf(0), 'no_code'],
  [wordOf(1), 'no'],
  [wordOf(3), 'yes'],
])

function wordOf(n: number): string {
  return `0x${n.toString(16).padStart(64, '0')}`
}

/** What it answered; undefined when it is not the answer of this program. */
export function readCodeWord(answer: Hex): CodeWord | undefined {
  return WORDS.get(answer)
}
