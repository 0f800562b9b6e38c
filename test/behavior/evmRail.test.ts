import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { EvmRail } from '../../adapters/evm/railFaces.ts'
import { railCases } from '../../gateway/conformance/railCases.ts'
import type { RailUnderTest } from '../../gateway/conformance/railUnderTest.ts'
import { money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { startChain } from '../evm/chainProcess.ts'
import { relay, signTransfer } from '../evm/payer.ts'
import { assetOf, openRail, temporaryFile, tokenBalance } from '../evm/railOnChain.ts'
import { silenced } from './silenced.ts'

type World = RailUnderTest & Readonly<{ close: () => Promise<void> }>

/** The local chain, and the rail before it; a customer pays by an authorization that anybody relays. */
async function evmWorld(): Promise<World> {
  const chain = await startChain()
  const data = temporaryFile()
  let rail: EvmRail = await openRail(chain, data.file)
  const amount = money(assetOf(chain), 2_000n)
  const reopen = async () => {
    await rail.close()
    rail = await openRail(chain, data.file)
  }
  const freshAddress = (): Hex => `0x${randomBytes(20).toString('hex')}`
  return {
    rail: () => rail,
    amount,
    async payee() {
      const address = freshAddress()
      return { destination: { kind: 'evm_address', address }, got: () => tokenBalance(chain, address) }
    },
    malformed: { kind: 'evm_address', address: '0xfb69' },
    refused: async () => ({ destination: { kind: 'evm_address', address: freshAddress() }, amount: money(amount.asset, 10n ** 15n) }),
    reopen,
    cut: reopen,
    silence: () => silenced(chain.processId),
    async pay({ wire, amount }) {
      if (wire.kind !== 'evm') throw new Error('an EVM offer has an EVM wire')
      const authorization = await signTransfer(chain, { customer: 0, to: wire.payTo, value: amount.units })
      await relay(chain, 1, authorization)
      return `auth:${authorization.from.toLowerCase()}:${authorization.nonce}`
    },
    async loseFiles() {
      await rail.close()
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${data.file}${suffix}`, { force: true })
      rail = await openRail(chain, data.file)
    },
    async close() {
      await rail.close()
      await chain.stop()
      data.remove()
    },
  }
}

describe('the rail of a chain', () => {
  let world: World
  beforeAll(async () => {
    world = await evmWorld()
  })
  afterAll(() => world?.close())
  for (const { name, run } of railCases(() => world, ['receives', 'silence', 'files'])) test(name, run)
})
