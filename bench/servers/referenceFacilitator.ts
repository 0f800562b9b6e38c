import { x402Facilitator } from '@x402/core/facilitator'
import { toFacilitatorEvmSigner } from '@x402/evm'
import { ExactEvmScheme } from '@x402/evm/exact/facilitator'
import { createPublicClient, custom, type Hex } from 'viem'

/** A chain on which the token is a contract, payers are plain accounts and every simulated transfer succeeds. */
const chainOf = (token: Hex) =>
  createPublicClient({
    transport: custom({
      async request({ method, params }: { method: string; params: readonly unknown[] }): Promise<Hex> {
        if (method === 'eth_getCode') return String(params[0]).toLowerCase() === token.toLowerCase() ? '0x60' : '0x'
        if (method === 'eth_call') return '0x'
        throw new Error(`the reference asked its chain for ${method}, which this bench does not answer`)
      },
    }),
  })

async function neverSent(): Promise<Hex> {
  throw new Error('settlement is stubbed: nothing is sent in this bench')
}

/** @x402/evm's own facilitator. Verification is real and complete; the chain's answers come from this process. */
export function referenceFacilitator({
  network,
  token,
  address,
}: Readonly<{ network: `eip155:${string}`; token: Hex; address: Hex }>): x402Facilitator {
  const chain = chainOf(token)
  const signer = toFacilitatorEvmSigner({
    address,
    readContract: (args) => chain.readContract(args as Parameters<typeof chain.readContract>[0]), // The same shape, typed more loosely by x402.
    getCode: (args) => chain.getCode(args),
    verifyTypedData: (args) => chain.verifyTypedData(args as Parameters<typeof chain.verifyTypedData>[0]), // As above.
    writeContract: neverSent,
    sendTransaction: neverSent,
    waitForTransactionReceipt: async () => ({ status: await neverSent() }),
  })
  return new x402Facilitator().register(network, new ExactEvmScheme(signer))
}
