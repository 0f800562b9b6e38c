/** True when `timestamp` can be imported: newer than all of its own kind and equal to none of the other. Both lists ascend. */
export function importable(timestamp: bigint, own: readonly bigint[], other: readonly bigint[]): boolean {
  const newest = own[own.length - 1]
  return (newest === undefined || timestamp > newest) && !contains(other, timestamp)
}

function contains(ascending: readonly bigint[], wanted: bigint): boolean {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return ascending[low] === wanted
}
