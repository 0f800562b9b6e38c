import { randomBytes } from 'node:crypto'
import { Transaction } from '@scure/btc-signer'
import { describe, expect, test } from 'vitest'
import { doubleSha256, GENESIS_HEADER } from './block.ts'
import { faucet } from './faucet.ts'
import { type ChainStep, regtestChain } from './regtestChain.ts'

function chainWithFaucet() {
  const wallet = faucet()
  const chain = regtestChain({ minerScript: wallet.script, nowS: () => 1_800_000_000, onCoin: wallet.take })
  return { wallet, chain }
}

describe('the regtest chain', () => {
  test('begins at the genesis block that every regtest node knows', () => {
    const hash = Buffer.from(doubleSha256(GENESIS_HEADER)).reverse().toString('hex')
    expect(hash).toBe('0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206')
  })

  test('links each header to the one before and meets the target', () => {
    const { chain } = chainWithFaucet()
    chain.mine(300)
    const blocks = [...chain.blocksAfter(-1).blocks, ...chain.blocksAfter(199).blocks]
    expect(blocks.map(({ height }) => height)).toEqual(Array.from({ length: 301 }, (_, height) => height))
    for (const [i, block] of blocks.entries()) {
      expect(block.header).toHaveLength(80)
      expect(doubleSha256(block.header)[31]).toBeLessThan(0x80)
      if (i > 0) expect(Buffer.from(block.header.subarray(4, 36))).toEqual(doubleSha256(blocks[i - 1]!.header))
    }
  })

  test('pays a script from the faucet, with a merkle root over both transactions', () => {
    const { chain, wallet } = chainWithFaucet()
    chain.mine(1)
    const tx = wallet.fund(wallet.script, 100_000n)
    const txid = chain.submit(tx)
    chain.mine(1)
    const block = chain.blocksAfter(1).blocks[0]!
    expect(block.txs).toHaveLength(2)
    chain.mine(2)
    expect(chain.confirmations(txid)).toBe(3)
    const root = doubleSha256(Buffer.concat([doubleSha256(block.txs[0]!), Buffer.from(txid, 'hex').reverse()]))
    expect(Buffer.from(block.header.subarray(36, 68))).toEqual(root)
    expect(chain.waiting()).toBe(0)
  })

  test('refuses a second spend of one output, before and after it is mined, and takes the same transaction again', () => {
    const { chain, wallet } = chainWithFaucet()
    chain.mine(1)
    const first = wallet.fund(wallet.script, 100_000n)
    const again = Transaction.fromRaw(first)
    const other = new Transaction({ allowUnknownInputs: true })
    other.addInput({ txid: again.getInput(0).txid!, index: 0, witnessUtxo: { script: wallet.script, amount: 1n } })
    other.addOutput({ script: wallet.script, amount: 1n })
    const rival = other.unsignedTx
    expect(chain.confirmations(again.id)).toBeUndefined()
    chain.submit(first)
    expect(chain.confirmations(again.id)).toBe(0)
    expect(() => chain.submit(rival)).toThrow(/is spent by/)
    chain.mine(1)
    expect(() => chain.submit(rival)).toThrow(/is spent by/)
    expect(chain.submit(first)).toBe(again.id)
    expect(chain.waiting()).toBe(0)
  })

  test('mines a replaced transaction again, or forgets it with all that was built on it', () => {
    const { chain, wallet } = chainWithFaucet()
    chain.mine(2)
    const tx = wallet.fund(wallet.script, 100_000n)
    const txid = chain.submit(tx)
    chain.mine(1)
    const child = new Transaction({ allowUnknownOutputs: true })
    child.addInput({ txid, index: 0, witnessUtxo: { script: wallet.script, amount: 100_000n } })
    child.addOutput({ script: wallet.script, amount: 99_000n })
    chain.submit(child.unsignedTx)
    const replaced = chain.tip()
    chain.reorganise(1, { forget: false })
    expect(chain.tip().height).toBe(replaced.height + 1)
    const newest = chain.blocksAfter(replaced.height - 1).blocks
    expect(Buffer.from(newest[0]!.header)).not.toEqual(Buffer.from(replaced.hash))
    expect(newest[0]!.txs).toHaveLength(3)
    chain.reorganise(2, { forget: true })
    expect(chain.blocksAfter(replaced.height - 1).blocks.map(({ txs }) => txs.length)).toEqual([1, 1, 1])
    expect(() => chain.submit(child.unsignedTx)).toThrow(/there is no transaction/)
    expect(chain.submit(tx)).toBe(txid)
  })
})

test('a chain with a record is again what it was told, and its miner spends no coin twice', () => {
  const rows: ChainStep[] = []
  const key = randomBytes(32)
  const next = () => {
    const wallet = faucet(key)
    const record = { rows: [...rows], add: (row: ChainStep) => void rows.push(row), close: () => undefined }
    const coins = { onCoin: wallet.take, onCoinLost: wallet.lose }
    return { wallet, chain: regtestChain({ minerScript: wallet.script, nowS: () => 1_800_000_000 + rows.length, ...coins, record }) }
  }
  const first = next()
  first.chain.mine(3)
  first.chain.submit(first.wallet.fund(first.wallet.script, 1_000n))
  first.chain.mine(2)
  first.chain.reorganise(1, { forget: false })
  const waits = first.chain.submit(first.wallet.fund(first.wallet.script, 2_000n))
  const second = next()
  expect(second.chain.tip()).toEqual(first.chain.tip())
  expect([second.chain.waiting(), second.chain.confirmations(waits)]).toEqual([1, 0])
  expect(() => second.chain.submit(second.wallet.fund(second.wallet.script, 3_000n))).not.toThrow()
})
