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

type Manifest = Readonly<{ allowScripts?: Readonly<Record<string, boolean>>; optionalDependencies?: Readonly<Record<string, string>> }>
type Entry = Readonly<{ version?: string; integrity?: string; hasInstallScript?: boolean; bin?: unknown }>

/** Where something could run that the lock has no hash of: another Node (`version` is its own word, such as v24.21.0), or what a script fetches. */
export function nodeTroubles(lock: { packages: Readonly<Record<string, Entry>> }, manifest: Manifest, version: string): string[] {
  const nodes = Object.entries(lock.packages).filter(([, { bin }]) => typeof bin === 'object' && bin !== null && 'node' in bin)
  const others = Object.entries(manifest.optionalDependencies ?? {}).filter(
    ([name, at]) => name.startsWith('node-') && `v${at}` !== version,
  )
  return [
    ...(nodes.length > 0 ? [] : ['package-lock.json: has no package that brings Node']),
    ...nodes.flatMap(([key, entry]) => [
      ...(entry.integrity ? [] : [`package-lock.json: ${key} brings a Node without its hash`]),
      ...(`v${entry.version}` === version ? [] : [`package-lock.json: ${key} brings Node ${entry.version}, and ${version} runs here`]),
    ]),
    ...Object.entries(lock.packages)
      .filter(
        ([key, entry]) => key !== '' && entry.hasInstallScript && manifest.allowScripts?.[key.split('node_modules/').at(-1)!] !== false,
      )
      .map(([key]) => `package.json: allowScripts does not deny ${key.split('node_modules/').at(-1)} its script at install time`),
    ...others.map(([name, at]) => `package.json: ${name} brings Node ${at} to its platform, and ${version} runs here`),
  ]
}
