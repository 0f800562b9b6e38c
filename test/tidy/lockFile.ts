import { completeLock } from '../../tools/completeLock.ts'

type Lock = Parameters<typeof completeLock>[0]

/** What is missing in a lock file for machines of other platforms, or says too much about ours, or is another command than the manifest's. */
export function lockTroubles(lock: Lock, bin: unknown): string[] {
  const missing = Object.keys(completeLock(lock).packages).filter((key) => !(key in lock.packages))
  const addressed = Object.entries(lock.packages).filter(([, entry]) => 'resolved' in entry)
  const own = (lock.packages[''] as { bin?: unknown } | undefined)?.bin // npm copies it from the manifest.
  return [
    ...(JSON.stringify(own) === JSON.stringify(bin) ? [] : ['package-lock.json: has another bin than package.json; run `npm run lock`']),
    ...missing.map((key) => `package-lock.json: has no entry ${key}, and npm ci refuses it elsewhere; run \`npm run lock\``),
    ...addressed.map(([key]) => `package-lock.json: ${key} names a download address; keep omit-lockfile-registry-resolved in .npmrc`),
  ]
}
