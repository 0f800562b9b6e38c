const RANGE_BLOCKS = 2_000n
const RANGES_MAX = 50

type Range = Readonly<{ fromBlock: bigint; toBlock: bigint }>

/** What is found first, backwards from the block `newest`; undefined when it is not in the 100,000 blocks before it. */
export async function findInRanges<T>(newest: bigint, look: (range: Range) => Promise<{ found: T } | undefined>): Promise<T | undefined> {
  let toBlock = newest
  for (let range = 0; range < RANGES_MAX && toBlock >= 0n; range++) {
    const fromBlock = toBlock < RANGE_BLOCKS ? 0n : toBlock - RANGE_BLOCKS + 1n
    const answer = await look({ fromBlock, toBlock })
    if (answer) return answer.found
    toBlock = fromBlock - 1n
  }
  return undefined
}
