type Lock = { packages: Readonly<Record<string, Readonly<{ version?: string; integrity?: string; link?: boolean; inBundle?: boolean }>>> }

/** What the lock names without its hash, as `name@version`, each with its reason. */
export const WITHOUT_HASH: Readonly<Record<string, string>> = {}

/** Packages whose content anybody on the way could change, but for those that are listed with a reason; and what is listed and no longer so. */
export function hashTroubles(lock: Lock, listed: Readonly<Record<string, string>>): string[] {
  const bare = Object.entries(lock.packages)
    .filter(([key, entry]) => key !== '' && !entry.integrity && !entry.link && !entry.inBundle)
    .map(([key, { version }]) => `${key.split('node_modules/').at(-1)}@${version}`)
  return [
    ...bare.filter((name) => !(name in listed)).map((name) => `package-lock.json: ${name} has no hash; run \`npm run lock\``),
    ...Object.keys(listed)
      .filter((name) => !bare.includes(name))
      .map((name) => `test/tidy/lockHashes.ts: ${name} is in the lock with its hash, or not at all; take it off the list`),
  ]
}
