/** OP_TRUE, whose P2WSH the miner pays to: the witness that spends it is the script alone. */
const OP_TRUE = 0x51
const SUBSIDY_SATS = 5_000_000_000n
/** Blocks after which regtest halves the subsidy. */
const HALVING = 150
const FEE_SATS = 10_000n

type Output = Readonly<{ script: Uint8Array; sats: bigint }>

/** A transaction in hex that spends the coinbase of a block that paid to OP_TRUE. What is not paid to `outputs` goes to the script `change`, less the fee. */
export function coinbaseSpend(o: { txid: string; height: number; outputs: readonly Output[]; change: Uint8Array }): string {
  const coin = SUBSIDY_SATS >> BigInt(Math.trunc(o.height / HALVING))
  const paid = o.outputs.reduce((sum, { sats }) => sum + sats, 0n)
  const change = { script: o.change, sats: coin - paid - FEE_SATS }
  if (change.sats <= 0n) throw new Error('the coinbase is too small')
  const outputs = [...o.outputs, change]
  return Buffer.concat([
    Buffer.from('02000000', 'hex'),
    Buffer.from([0, 1]), // segwit
    Buffer.from([1]),
    Buffer.from(o.txid, 'hex').reverse(),
    Buffer.alloc(4), // output 0
    Buffer.from([0]),
    Buffer.from('ffffffff', 'hex'),
    Buffer.from([outputs.length]),
    ...outputs.map(serialise),
    Buffer.from([1, 1, OP_TRUE]), // one witness item of one byte
    Buffer.alloc(4),
  ]).toString('hex')
}

function serialise({ script, sats }: Output): Buffer {
  const amount = Buffer.alloc(8)
  amount.writeBigUInt64LE(sats)
  return Buffer.concat([amount, Buffer.from([script.length]), script])
}
