import { type Hex, keccak256, pad, toHex } from 'viem'
import { AuthorizationBatch } from '../../contracts/abi/AuthorizationBatch.ts'
import { receiverInitCodeHash } from '../../contracts/abi/receiverInitCodeHash.ts'
import { receiverAddress } from '../../gateway/split/receiverAddress.ts'
import type { GasChain } from './gasChain.ts'
import { each, type GasFigure } from './gasFigure.ts'
import { signedPayment, signedTransfer, signedTransferByKey, signerNamed } from './signatures.ts'

const SPLIT = keccak256(toHex('a split that is paid'))
const VALUE = 5_000_000n
const BATCHES = [1, 10, 50] as const
const TRANSFERS = [1, 10, 50, 100] as const
const BATCH_TARGETS: Readonly<Record<number, bigint>> = { 1: 86_900n, 10: 54_100n, 50: 51_200n }

let lastRef = 0
const nextRef = () => keccak256(toHex(`ref ${lastRef++}`))

/** Money in: by approval, by signature, in batches, and through a receiver; beside it what the token alone costs. */
export async function measurePayments(chain: GasChain): Promise<GasFigure[]> {
  const { send, token, hub, usdc, settlement, mint } = chain
  const payer = signerNamed('payer')
  await mint(payer.address)
  const fund = () => send({ ...settlement, functionName: 'fund', args: [SPLIT, nextRef(), token, VALUE] })
  const pay = async () => {
    const auth = await signedPayment({ token, hub }, { payer, splitId: SPLIT, ref: nextRef(), value: VALUE })
    return send({ ...settlement, functionName: 'pay', args: [token, auth] })
  }
  await fund()
  const [friend, receiver] = [pad('0x0f', { size: 20 }), receiverAddress(hub, SPLIT, receiverInitCodeHash)]
  const transfer = (to: typeof friend) => send({ ...usdc, functionName: 'transfer', args: [to, VALUE] })
  const authorize = async (to: typeof friend) => {
    const args = await signedTransfer(token, { payer, to, value: VALUE, nonce: nextRef() })
    return send({ ...usdc, functionName: 'transferWithAuthorization', args })
  }
  const settleExact = async (to: typeof friend) => {
    const args = await signedTransferByKey(token, { payer, to, value: VALUE, nonce: nextRef() })
    return send({ ...usdc, functionName: 'transferWithAuthorization', args })
  }
  const sweep = () => send({ ...settlement, functionName: 'sweep', args: [SPLIT, token] })
  await transfer(friend)
  await transfer(receiver)
  const exact = await settleExact(receiver)
  const firstSweep = await sweep()
  await settleExact(receiver)
  return [
    { id: 'token-transfer', operation: 'the token alone: `transfer`', gas: await transfer(friend), target: 38_800n },
    {
      id: 'token-3009',
      operation: 'the token alone: `transferWithAuthorization`, bytes signature',
      gas: await authorize(friend),
      target: 75_300n,
    },
    { id: 'fund', operation: '`fund`, finite allowance', gas: await fund(), target: 57_000n },
    { id: 'pay', operation: '`pay` by EIP-3009: settles and splits, any number of payees', gas: await pay(), target: 86_100n },
    ...(await measureBatches(chain)),
    { id: 'x402-exact', operation: 'x402 `exact` settlement to a receiver without code', gas: exact, target: 72_500n },
    ...(await measureTransfers(chain, receiver)),
    { id: 'sweep-first', operation: '`sweep`, the first: deploys the receiver', gas: firstSweep, target: 264_600n },
    { id: 'sweep', operation: '`sweep`', gas: await sweep(), target: 50_800n },
  ]
}

/** Distinct payers, one split. */
async function measureBatches({ send, token, hub, settlement, mint }: GasChain): Promise<GasFigure[]> {
  const figures: GasFigure[] = []
  for (const rows of BATCHES) {
    const auths = []
    for (let i = 0; i < rows; i++) {
      const payer = signerNamed(`batch payer ${i}`)
      await mint(payer.address)
      auths.push(await signedPayment({ token, hub }, { payer, splitId: SPLIT, ref: nextRef(), value: VALUE }))
    }
    const gas = await send({ ...settlement, functionName: 'payBatch', args: [token, auths] })
    figures.push({ id: `payBatch-${rows}`, operation: `\`payBatch\` of ${rows}, each`, gas: each(gas, rows), target: BATCH_TARGETS[rows]! })
  }
  return figures
}

/** As collections of x402 payments come: distinct payers, one seller whose receiver has been paid before. */
async function measureTransfers({ send, token, deploy, mint }: GasChain, to: Hex): Promise<GasFigure[]> {
  const { address } = await deploy(AuthorizationBatch)
  const figures: GasFigure[] = []
  for (const rows of TRANSFERS) {
    const list = []
    for (let i = 0; i < rows; i++) {
      const payer = signerNamed(`batch payer ${i}`)
      await mint(payer.address)
      const signed = await signedTransferByKey(token, { payer, to, value: VALUE, nonce: nextRef() })
      const [from, , value, validAfter, validBefore, nonce, v, r, s] = signed
      list.push({ from, to, value, validAfter, validBefore, nonce, v, r, s })
    }
    const gas = await send({ to: address, abi: AuthorizationBatch.abi, functionName: 'transferMany', args: [token, list] })
    figures.push({ id: `transferMany-${rows}`, operation: `x402 \`exact\`, \`transferMany\` of ${rows}, each`, gas: each(gas, rows) })
  }
  return figures
}
