import { keccak256, toBytes } from 'viem'
import { sign } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestDelegation } from '../../../contracts/abi/TestDelegation.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { startAnvil } from '../../../test/evm/anvilChain.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { startQuietChain } from '../../../test/evm/quietChain.ts'
import { createChain } from '../node/chain.ts'
import { openRpc } from '../node/rpc.ts'
import { codeQuestion, QUESTION_GAS, readCodeWord } from './codeProgram.ts'

const ACCOUNT: Hex = `0x${'4e'.repeat(20)}`
const DIGEST = keccak256(toBytes('a payment'))
const SIGNATURE: Hex = `0x${'22'.repeat(700)}`
/** Leaves ERC-1271's word at 0: PUSH4, PUSH1, SHL, PUSH0, MSTORE. */
const WORD = '631626ba7e60e01b5f52'

const ACCOUNTS = [
  ['has no code', '0x', 'no_code'],
  ['says yes', `0x${WORD}60205ff3`, 'yes'],
  ['says yes in half a megabyte', `0x${WORD}6207a1205ff3`, 'yes'],
  ['says the right word with more behind it', `0x7f1626ba7e${'00'.repeat(27)}015f5260205ff3`, 'no'],
  ['says another word', '0x5f5f5260205ff3', 'no'],
  ['says less than a word', `0x${WORD}60045ff3`, 'no'],
  ['says nothing', '0x00', 'no'],
  ['reverts with megabytes that it has no gas for', '0x623700005ffd', 'no'],
  ['reverts', `0x${WORD}60205ffd`, 'no'],
  ['burns all that it is given', '0x5b5f56', 'no'],
  ['burns three million and says yes', `0x6201c1385b6001900380600457${WORD}60205ff3`, 'no'],
  ['writes before it says yes', `0x60015f55${WORD}60205ff3`, 'no'],
] as const

describe.each([
  ['the local chain', startQuietChain, 'hardhat_setCode'],
  ['anvil', startAnvil, 'anvil_setCode'],
] as const)('on %s', (_, start, setCode) => {
  let chain: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    chain = await start()
  }, 60_000)
  afterAll(() => chain?.stop())

  const ask = async (account: Hex, signature: Hex) => {
    const answer = await createChain(openRpc({ url: chain.rpcUrl, timeoutMs: 10_000 })).run(
      codeQuestion(account, DIGEST, signature),
      'latest',
      QUESTION_GAS,
    )
    // Whatever the account answers, the node answers one word.
    expect(answer).toHaveLength(66)
    return readCodeWord(answer)
  }

  test.each(ACCOUNTS)('an account that %s', async (_name, code, word) => {
    await rpc(chain.rpcUrl, setCode, [ACCOUNT, code])
    expect(await ask(ACCOUNT, SIGNATURE)).toBe(word)
  })

  test('the account is given digest and signature as they are', async () => {
    const code = await rpc(chain.rpcUrl, 'eth_call', [{ data: TestDelegation.bytecode }, 'latest'])
    const { address, privateKey } = chain.customers[5]!
    await rpc(chain.rpcUrl, setCode, [address, code])
    const signature = await sign({ hash: DIGEST, privateKey, to: 'hex' })
    expect([await ask(address, signature), await ask(address, SIGNATURE)]).toEqual(['yes', 'no'])
  })
})

test('what is not the answer of the program is none', () => {
  expect(readCodeWord('0x')).toBeUndefined()
  expect(readCodeWord(`0x${'00'.repeat(31)}02`)).toBeUndefined()
  expect(readCodeWord(`0x${'00'.repeat(64)}`)).toBeUndefined()
})
