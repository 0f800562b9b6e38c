import type { Hex } from '../../ports/ids.ts'

type OfSplit<T> = (rail: string, splitId: Hex) => Promise<T>

/** Claims of one split on a chain run one at a time: who asks for another while one runs gets what that one answers. */
export function oneClaim<T>(claim: OfSplit<T>): OfSplit<T> {
  const running = new Map<string, Promise<T>>()
  return (rail, splitId) => {
    const key = `${rail} ${splitId.toLowerCase()}`
    const standing = running.get(key)
    if (standing) return standing
    const work = claim(rail, splitId).finally(() => running.delete(key))
    running.set(key, work)
    return work
  }
}
