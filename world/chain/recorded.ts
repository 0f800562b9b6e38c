import type { WorldRecord } from '../record.ts'

export type ChainCall = Readonly<{ method: string; params: readonly unknown[] }>
/** One request that changes the chain, and the second (Unix) at which it came. */
export type ChainRow = readonly [timeS: number, method: string, params: readonly unknown[]]

const MINING = new Set(['eth_sendRawTransaction', 'eth_sendTransaction', 'evm_mine', 'hardhat_mine'])
const SETTING = /^(evm|hardhat)_(?!metadata$|get)/

/**
 * Puts every request to a chain through one rule: the block that it makes has the profile's base fee and the clock's time, both said beforehand, and what
 * changes the chain is recorded before it runs. So the same requests give the same blocks again, hash for hash. Left to itself the base fee follows
 * EIP-1559, and nearly empty blocks let it fall by an eighth each: to nothing within seconds, and who had offered twice such a price would be stuck below
 * the next block at the profile's, which no real chain does to anybody.
 */
export function recordedRequests(
  o: Readonly<{ record: WorldRecord<ChainRow>; baseFeeWei: bigint; nowS: () => number; onSent: () => void }>,
) {
  const baseFee = `0x${o.baseFeeWei.toString(16)}`
  // What somebody has set for the next block stays set.
  let [priced, timed] = [false, false]
  /** How far the chain's clock was put before the system's, and its last time: it never goes back. */
  let [aheadS, lastS] = [0, 0]
  let last: Promise<unknown> = Promise.resolve()

  async function run<T>([timeS, method, params]: ChainRow, send: (call: ChainCall) => Promise<T>): Promise<T> {
    if (method === 'evm_increaseTime') aheadS += Number(params[0])
    if (method === 'hardhat_setNextBlockBaseFeePerGas') priced = true
    if (method === 'evm_setNextBlockTimestamp') [timed, aheadS] = [true, Number(params[0]) - timeS]
    if (MINING.has(method)) {
      const given = method === 'evm_mine' && params[0] !== undefined
      if (given) aheadS = Number(params[0]) - timeS
      if (!priced) await send({ method: 'hardhat_setNextBlockBaseFeePerGas', params: [baseFee] })
      lastS = Math.max(lastS, timeS + aheadS)
      if (!timed && !given) await send({ method: 'evm_setNextBlockTimestamp', params: [`0x${lastS.toString(16)}`] })
      if (method === 'hardhat_mine') lastS += Math.max(0, Number(params[0] ?? 1) - 1) * Number(params[1] ?? 1)
      ;[priced, timed] = [false, false]
    }
    return send({ method, params })
  }

  return {
    /** Runs what changes the chain in turn, at the present time; anything else at once. */
    request<T>(call: ChainCall, send: (call: ChainCall) => Promise<T>): Promise<T> {
      if (!MINING.has(call.method) && !SETTING.test(call.method)) return send(call)
      const turn = last.then(() => {
        const row: ChainRow = [o.nowS(), call.method, call.params]
        o.record.add(row)
        if (call.method.startsWith('eth_send')) o.onSent()
        return run(row, send)
      })
      last = turn.catch(() => undefined)
      return turn
    },
    /** Tells the chain all that is on record after its first row, which says when it began. A refusal then is a refusal now. */
    async replay(send: (call: ChainCall) => Promise<unknown>): Promise<void> {
      for (const row of o.record.rows.slice(1)) await run(row, send).catch(() => undefined)
    },
  }
}
