import { completeLock } from '../../tools/completeLock.ts'

type Lock = Parameters<typeof completeLock>[0]

/** What is missing in a lock file for machines of other platforms, or says too much about ours. */
export function lockTroubles(lock: Lock): string[] {
  const missing = Object.keys(completeLock(lock).packages).filter((key) => !(key in lock.packages))
  const addressed = Object.entries(lock.packages).filter(([, entry]) => 'resolved' in entry)
  return [
    ...missing.map((key) => `package-lock.json: has no entry ${key}, and npm ci refuses it elsewhere; run \`npm run lock\``),
    ...addressed.map(([key]) => `package-lock.json: ${key} names a download address; keep omit-lockfile-registry-resolved in .npmrc`),
  ]
}
