import { encodeAbiParameters, type Hex, keccak256, toHex } from 'viem'
import { PushSplitter } from '../../contracts/abi/PushSplitter.ts'
import type { GasChain } from './gasChain.ts'
import type { GasFigure } from './gasFigure.ts'
import { signedPayment, signerNamed } from './signatures.ts'

const VALUE = 5_000_001n
const TABLES = [2, 4] as const
const TARGETS: Readonly<Record<number, bigint>> = { 2: 104_200n }
const PAYEES = [
  {
    type: 'tuple[]',
    components: [
      { name: 'account', type: 'address' },
      { name: 'shares', type: 'uint128' },
    ],
  },
] as const

/** One payment by signature, divided and paid out in the same transaction. */
export async function measurePushes(chain: GasChain): Promise<GasFigure[]> {
  const { address: splitter } = await chain.deploy(PushSplitter)
  const payer = signerNamed('payer who pushes')
  await chain.mint(payer.address)
  // The splitter's own balance is 0 before and after each payment, as in use.
  const figures: GasFigure[] = []
  for (const count of TABLES) {
    const payees = Array.from({ length: count }, (_, i) => ({ account: signerNamed(`pushed to ${i}`).address, shares: 10n + BigInt(i) }))
    for (const { account } of payees) await chain.mint(account)
    const splitId: Hex = keccak256(encodeAbiParameters(PAYEES, [payees]))
    const ref = keccak256(toHex(`push to ${count}`))
    const auth = await signedPayment({ token: chain.token, hub: splitter }, { payer, splitId, ref, value: VALUE })
    const gas = await chain.send({ to: splitter, abi: PushSplitter.abi, functionName: 'pay', args: [chain.token, auth, payees] })
    const operation = `\`PushSplitter.pay\` to ${count}: settles, splits and pays out`
    const target = TARGETS[count]
    figures.push({ id: `push-${count}`, operation, gas, ...(target === undefined ? {} : { target }) })
  }
  return figures
}
