import { afterAll, beforeAll, expect, test } from 'vitest'
import { rpc } from '../evm/chainProcess.ts'
import { signTransfer, walletOf } from '../evm/payer.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { balanceOf, bodyOf, call, type FacilitatorWorld, openFacilitatorWorld, PAY_TO, PRICE, sentBy, termsOn } from './facilitatorWorld.ts'

// A payer's own code runs when its signature is checked on the chain, and the gas of that is the operator's: so there is a most.
let chain: QuietChain
let world: FacilitatorWorld
beforeAll(async () => {
  chain = await startQuietChain()
  world = await openFacilitatorWorld(chain, { facilitator: { waitS: 2 } })
}, 120_000)
afterAll(async () => {
  await world?.close()
  await chain?.stop()
}, 30_000)

/** Says ERC-1271's word for anything, after so many rounds of 26 gas. PUSH3, JUMPDEST, PUSH1 1, SWAP1, SUB, DUP1, PUSH1 4, JUMPI, and the word. */
const burns = (rounds: number) => `0x62${rounds.toString(16).padStart(6, '0')}5b6001900380600457631626ba7e60e01b60005260206000f3`

test('a payer whose account burns gas is settled while that is little, and refused where it is a hundred times the fee', async () => {
  const seller = await world.seller()
  const wallet = walletOf(chain, 6).account.address
  const by = async () => {
    const signed = await signTransfer(chain, { customer: 6, to: PAY_TO, value: PRICE })
    return bodyOf({ ...signed, signature: `0x${'11'.repeat(64)}1b` }, termsOn(chain))
  }
  await rpc(chain.rpcUrl, 'hardhat_setCode', [wallet, burns(5_000)])
  expect((await call(world.url(), 'settle', seller.key, await by())).body).toMatchObject({ success: true })
  const [sent, paid] = [await sentBy(chain), await balanceOf(chain, PAY_TO)]
  // Three million.
  await rpc(chain.rpcUrl, 'hardhat_setCode', [wallet, burns(115_000)])
  const dear = await by()
  expect((await call(world.url(), 'verify', seller.key, dear)).body.invalidReason).toBe('invalid_exact_evm_transaction_simulation_failed')
  expect((await call(world.url(), 'settle', seller.key, dear)).body.errorReason).toBe('invalid_exact_evm_transaction_simulation_failed')
  expect([await sentBy(chain), await balanceOf(chain, PAY_TO)]).toEqual([sent, paid])
})
