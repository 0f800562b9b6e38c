import type { Chance } from '../../gateway/payouts/learning/cell.ts'

const FNV_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193
/** Uniform numbers whose sum stands for a normal one: of four, the tails end at 3.5 deviations. */
const PARTS = 4

/** A number between 0 and 1 that follows from the text alone (FNV-1a, with the last step of MurmurHash3 over it). */
function uniform(text: string): number {
  let hash = FNV_BASIS
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000
}

/** About normal, with mean 0 and deviation 1, and always the same for a seed. */
function noise(seed: string): number {
  let sum = 0
  for (let part = 0; part < PARTS; part++) sum += uniform(`${seed} ${part}`)
  return (sum - PARTS / 2) * Math.sqrt(12 / PARTS)
}

/** What one knows of a way that may have changed. */
const FRESH_WEIGHT = 10

/** A chance drawn from what is believed of it (Thompson): near the mean where much was tried, and far from it where little was or it may have changed. */
export function drawn({ known, changed, fresh, weight }: Chance, seed: string): number {
  const [mean, count] = uniform(`${seed} changed`) < changed ? [fresh, FRESH_WEIGHT] : [known, weight]
  return mean + noise(seed) * Math.sqrt((mean * (1 - mean)) / (count + 1))
}
