import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hex } from '../../gateway/ports/ids.ts'
import { rpc } from '../evm/chainProcess.ts'
import { signTransfer, walletOf } from '../evm/payer.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { balanceOf, bodyOf, call, type FacilitatorWorld, openFacilitatorWorld, PAY_TO, PRICE, sentBy, termsOn } from './facilitatorWorld.ts'

// A payer's own code runs when its signature is checked on the chain, and the gas of that is the operator's: so there is a most.
let chain: QuietChain
let world: FacilitatorWorld
beforeAll(async () => {
  chain = await startQuietChain()
  world = await openFacilitatorWorld(chain, { facilitator: { waitS: 20 } })
}, 120_000)
afterAll(async () => {
  await world?.close()
  await chain?.stop()
}, 30_000)

/** Answers ERC-1271's word: PUSH4, PUSH1, SHL, PUSH1, MSTORE, PUSH1, PUSH1, RETURN. */
const WORD = '631626ba7e60e01b60005260206000f3'
/** Says the word for anything, to the token after so many rounds of 26 gas. PUSH20, CALLER, EQ, PUSH1, JUMPI, the word, JUMPDEST, PUSH3, and the loop. */
const burnsFor = (token: Hex, rounds: number) =>
  `0x73${token.slice(2)}3314602a57${WORD}5b62${rounds.toString(16).padStart(6, '0')}5b6001900380602f57${WORD}`

async function payment(code: string) {
  await rpc(chain.rpcUrl, 'hardhat_setCode', [walletOf(chain, 6).account.address, code])
  const signed = await signTransfer(chain, { customer: 6, to: PAY_TO, value: PRICE })
  return bodyOf({ ...signed, signature: `0x${'11'.repeat(64)}1b` }, termsOn(chain))
}

test('a payer whose account burns gas is settled while that is little, and refused where it is a hundred times the fee', async () => {
  const seller = await world.seller()
  expect((await call(world.url(), 'settle', seller.key, await payment(burnsFor(chain.token, 5_000)))).body).toMatchObject({ success: true })
  const [sent, paid] = [await sentBy(chain), await balanceOf(chain, PAY_TO)]
  // Three million.
  const dear = await payment(burnsFor(chain.token, 115_000))
  expect((await call(world.url(), 'verify', seller.key, dear)).body.invalidReason).toBe('invalid_exact_evm_transaction_simulation_failed')
  expect((await call(world.url(), 'settle', seller.key, dear)).body.errorReason).toBe('invalid_exact_evm_transaction_simulation_failed')
  expect([await sentBy(chain), await balanceOf(chain, PAY_TO)]).toEqual([sent, paid])
})

test.each([
  ['burns three million gas and says that the signature is good', `0x6201c1385b6001900380600457${WORD}`],
  ['burns all there is', '0x5b600056'],
  // More memory than a block has gas for: PUSH3, PUSH1, RETURN. A little less would be read here, by megabytes for each question.
  ['answers with megabytes', '0x623700006000f3'],
])('an account that %s when it is asked for its word has not given it, and the node is not blamed', async (_, code) => {
  const seller = await world.seller('without money', 0n)
  const { status, body } = await call(world.url(), 'verify', seller.key, await payment(code))
  expect([status, body.invalidReason]).toEqual([200, 'invalid_exact_evm_signature'])
})
